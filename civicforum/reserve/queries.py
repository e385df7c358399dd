"""Reads of selections for pages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import Cycle
from civicforum.appraisals.rules import CycleKind, CycleState
from civicforum.bodies.rules import Role
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.reserve.models import ReserveCandidate, Selection
from civicforum.reserve.rules import Score, SelectionState, Stage, choose, ranks
from civicforum.reserve.scores import score_of


@dataclass(frozen=True)
class CandidateLine:
    """A candidate that the reader may see. `score` is None until both results are there."""

    candidate: ReserveCandidate
    score: Score | None


@dataclass(frozen=True)
class StandingLine:
    """Where a candidate stands at the choice; whoever is tied shares the last place."""

    candidate: ReserveCandidate
    score: Score
    rank: int
    is_chosen: bool
    is_tied: bool


@dataclass(frozen=True)
class SelectionPage:
    """A selection with the candidates that the reader may see, and how many there are in all."""

    selection: Selection
    lines: Sequence[CandidateLine]
    recommended: int
    on_the_way: int
    may_run: bool

    @property
    def chosen(self) -> Sequence[CandidateLine]:
        return [line for line in self.lines if line.candidate.is_chosen]


def list_selections(
    session: Session, *, community_id: uuid.UUID, actor: Actor | None, number: int
) -> Page[Selection]:
    """Return a page of selections, the latest year first; drafts only to the party committee."""
    statement = select(Selection).where(Selection.community_id == community_id)
    if not is_party(actor):
        statement = statement.where(Selection.posted_at.is_not(None))
    return paginate(
        session, statement.order_by(Selection.year.desc(), Selection.made_at.desc()), number=number
    )


def get_selection(
    session: Session, *, selection_id: uuid.UUID, community_id: uuid.UUID, actor: Actor | None
) -> Selection:
    """Return a selection with its candidates. Raises NotFound, also for a draft that is not the reader's."""
    selection = session.scalar(
        select(Selection)
        .options(
            selectinload(Selection.candidates).joinedload(ReserveCandidate.person),
            joinedload(Selection.cycle),
        )
        .where(Selection.id == selection_id, Selection.community_id == community_id)
    )
    if selection is None or (selection.posted_at is None and not is_party(actor)):
        raise NotFound(selection_id)
    return selection


def get_candidate(selection: Selection, candidate_id: uuid.UUID) -> ReserveCandidate:
    """Return one candidate of a selection. Raises NotFound."""
    for candidate in selection.candidates:
        if candidate.id == candidate_id:
            return candidate
    raise NotFound(candidate_id)


def get_page(
    session: Session, *, selection_id: uuid.UUID, community_id: uuid.UUID, actor: Actor | None
) -> SelectionPage:
    """Return what the reader may see: the chosen ones are public, others are for themselves and the party.

    Raises NotFound.
    """
    selection = get_selection(session, selection_id=selection_id, community_id=community_id, actor=actor)
    is_candidate = actor is not None and actor.person_id in [one.person_id for one in selection.candidates]
    # A candidate of the party committee is a candidate here, and reads nothing of the others.
    sees_all = is_party(actor) and not is_candidate
    seen = [one for one in selection.candidates if sees_all or _may_see(one, selection, actor)]
    lines = [CandidateLine(one, _score(selection, one)) for one in seen]
    return SelectionPage(
        selection=selection,
        lines=sorted(lines, key=lambda line: (line.candidate.rank or 0, line.candidate.position)),
        recommended=len(selection.candidates),
        on_the_way=sum(one.ended_at_stage is None for one in selection.candidates),
        may_run=sees_all,
    )


def list_standing(selection: Selection) -> list[StandingLine]:
    """Return where everybody still on the way stands at the choice, the best first."""
    scores = {one: score_of(selection, one) for one in selection.candidates if one.ended_at_stage is None}
    values = {one.id: score.value for one, score in scores.items()}
    places, choice = ranks(values), choose(values, places=selection.places)
    lines = [
        StandingLine(one, score, places[one.id], one.id in choice.chosen, one.id in choice.tied)
        for one, score in scores.items()
    ]
    return sorted(lines, key=lambda line: (line.rank, line.candidate.position))


def list_linkable(session: Session, *, community_id: uuid.UUID) -> Sequence[Cycle]:
    """Return the posted appraisals of reserve cadres that belong to no selection yet, the latest first."""
    taken = select(Selection.cycle_id).where(Selection.cycle_id.is_not(None))
    return session.scalars(
        select(Cycle)
        .where(
            Cycle.community_id == community_id,
            Cycle.kind == CycleKind.RESERVE,
            Cycle.state.not_in([CycleState.DRAFT, CycleState.VOID]),
            Cycle.id.not_in(taken),
        )
        .order_by(Cycle.held_on.desc(), Cycle.id)
    ).all()


def is_party(actor: Actor | None) -> bool:
    """Tell whether the reader is of the party committee, and not helped at the counter."""
    return actor is not None and actor.holds(Role.PARTY)


def _may_see(candidate: ReserveCandidate, selection: Selection, actor: Actor | None) -> bool:
    is_chosen = selection.state is SelectionState.DECIDED and candidate.is_chosen
    return is_chosen or (actor is not None and candidate.person_id == actor.person_id)


def _score(selection: Selection, candidate: ReserveCandidate) -> Score | None:
    has_both = bool(candidate.appraisal_points and candidate.exam_points)
    return score_of(selection, candidate) if has_both and selection.stage is Stage.CHOICE else None
