"""The count of a cycle: what every group said, what comes out for each subject, and the places."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.counts import GroupCount
from civicforum.appraisals.models import AppraisalSubject, Cycle, RaterGroup, Scale, SubjectResult
from civicforum.appraisals.queries.result_history import list_before
from civicforum.appraisals.rankings import RANKED_KINDS, Standing, places_of
from civicforum.appraisals.result_sheets import as_json
from civicforum.appraisals.results import Before, Figures, Terms, assess
from civicforum.appraisals.rules import CycleState, RaterBasis, move
from civicforum.appraisals.scales import ScalePlan
from civicforum.appraisals.services.collecting import collect_counts
from civicforum.appraisals.services.steps import lock_to_lead, record_cycle, rules_of
from civicforum.database import transaction
from civicforum.polls.electorates import Basis
from civicforum.rulebook import Rulebook


def count_cycle(*, cycle_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Count a cycle whose boxes are opened, and write what comes out: everybody may read it at once.

    Raises NotFound, NotEligible, TransitionNotAllowed (not being rated), GroupsUnfinished (a group has not
    finished).
    """
    with transaction() as session:
        cycle = lock_to_lead(session, cycle_id=cycle_id, actor=actor)
        count_locked(session, cycle, collect_counts(session, cycle), actor=actor, now=now)


def count_locked(
    session: Session, cycle: Cycle, groups: Sequence[GroupCount], *, actor: Actor, now: datetime
) -> None:
    """Write what comes out of a locked cycle that is being rated. Raises TransitionNotAllowed."""
    state = move(cycle.state, CycleState.COUNTED)
    write_results(session, cycle, groups)
    cycle.state, cycle.counted_at = state, now
    cycle.chaired_by_id = cycle.chaired_by_id or actor.person_id
    payload = {
        "forms": sum(one.forms for one in groups),
        "opened": sum(one.is_open for one in groups),
        "groups": len(groups),
        "due_at": law.result_due_at(rules_of(cycle), now).isoformat(),
    }
    record_cycle(session, cycle, action="count", actor=actor, payload=payload, now=now)


def write_results(session: Session, cycle: Cycle, groups: Sequence[GroupCount]) -> None:
    """Write the result of every subject. What may not be shown is in no row."""
    book, before = rules_of(cycle), list_before(session, cycle)
    terms = terms_of(cycle, book)
    found = {
        one.id: _with_before(assess(one.id, one.name, plan_of(one.scale), groups, terms), before.get(one.id))
        for one in cycle.subjects
    }
    session.add_all(
        _row(cycle, subject_id, figures) for subject_id, figures in with_places(cycle, book, found).items()
    )


def terms_of(cycle: Cycle, book: Rulebook) -> Terms:
    """Return what the cycle says of its results."""
    return Terms(
        least=cycle.least,
        privacy=law.judge_least(book, 0).least or 1,
        lower_on_tie=cycle.lower_on_tie,
        sampled=frozenset(one.name for one in cycle.groups if cycle.is_sample and _is_drawn(one)),
    )


def _is_drawn(group: RaterGroup) -> bool:
    """Tell whether residents are asked; holders of posts are all asked, and an organ outside is none."""
    return group.basis is RaterBasis.ROLL and group.draw.get("basis") != Basis.POSTS


def plan_of(scale: Scale) -> ScalePlan:
    """Return the grades of a scale."""
    return ScalePlan(
        title=scale.title,
        levels=tuple(scale.levels),
        points=tuple(scale.points),
        poor_from=scale.poor_from,
        ends_with_unfit=scale.ends_with_unfit,
    )


def with_places(cycle: Cycle, book: Rulebook, found: Mapping[uuid.UUID, Figures]) -> dict[uuid.UUID, Figures]:
    """Return the figures with places: of subjects on one scale among each other, in a kind that is ranked."""
    placed = dict(found)
    for scale in cycle.scales if cycle.kind in RANKED_KINDS else ():
        own = [one for one in cycle.subjects if one.scale_id == scale.id]
        places = _places(cycle, book, own, found)
        for one in own:
            placed[one.id] = replace(found[one.id], rank=places.get(one.id), ranked=len(places))
    return placed


def _places(
    cycle: Cycle, book: Rulebook, subjects: Sequence[AppraisalSubject], found: Mapping[uuid.UUID, Figures]
) -> dict[uuid.UUID, int]:
    standings = {one.id: Standing(found[one.id].score, found[one.id].raters) for one in subjects}
    return places_of(
        standings,
        has_enough=lambda raters: raters >= cycle.rank_least and law.judge_rank(book, raters).holds,
    )


def _with_before(figures: Figures, before: Before | None) -> Figures:
    return replace(figures, before=before)


def _row(cycle: Cycle, subject_id: uuid.UUID, figures: Figures) -> SubjectResult:
    return SubjectResult(
        community_id=cycle.community_id,
        subject_id=subject_id,
        figures=as_json(figures),
        raters=figures.raters,
        grade=figures.grade,
        is_poor=figures.is_poor,
        is_unfit=figures.is_unfit,
        score=str(figures.score) if figures.score is not None else "",
        rank=figures.rank,
    )
