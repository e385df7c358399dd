"""The stages in their order: the appraisal that is linked, the exam, the inspection."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import Cycle
from civicforum.appraisals.rules import CycleKind, CycleState
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound, TransitionNotAllowed
from civicforum.reserve.errors import NotAllDone
from civicforum.reserve.models import ReserveCandidate, Selection
from civicforum.reserve.rules import NEXT_STAGE, Stage, plain, read_points
from civicforum.reserve.services.steps import (
    end_way,
    live_candidate,
    live_candidates,
    lock_at,
    record_selection,
    require_words,
)


def begin_appraisal(*, selection_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """End the recommending; the supervision committee can now plan the ballot.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid (nobody is recommended).
    """
    with transaction() as session:
        selection = lock_at(session, selection_id=selection_id, actor=actor, stage=Stage.RECOMMENDATION)
        _go_on(session, selection, live_candidates(session, selection), actor=actor, now=now)


def link_appraisal(*, selection_id: uuid.UUID, cycle_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Say which appraisal is the ballot of this selection: its subjects are the candidates, and nobody else.

    Raises NotFound, NotEligible, TransitionNotAllowed (other stage, or the appraisal is void), AlreadyDone
    (another appraisal runs for it), Invalid ("subjects").
    """
    with transaction() as session:
        selection = lock_at(session, selection_id=selection_id, actor=actor, stage=Stage.APPRAISAL)
        if selection.cycle is not None and selection.cycle.state is not CycleState.VOID:
            raise AlreadyDone(selection.cycle_id)
        cycle = _reserve_cycle(session, cycle_id, actor)
        subjects = {one.person_id: one for one in cycle.subjects}
        candidates = live_candidates(session, selection)
        if set(subjects) != {one.person_id for one in candidates}:
            raise Invalid("subjects", "cycle")
        for candidate in candidates:
            candidate.subject_id = subjects[candidate.person_id].id
        selection.cycle = cycle
        payload = {"cycle_id": str(cycle.id)}
        record_selection(session, selection, actor=actor, action="link_appraisal", payload=payload, now=now)


def take_appraisal(*, selection_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Take over the certified points of everybody, and go on to the exam.

    Raises NotFound, NotEligible, TransitionNotAllowed (other stage, or not certified), NotAllDone (somebody
    has no score, for too few graded).
    """
    with transaction() as session:
        selection = lock_at(session, selection_id=selection_id, actor=actor, stage=Stage.APPRAISAL)
        if selection.cycle is None or selection.cycle.state is not CycleState.CERTIFIED:
            raise TransitionNotAllowed(Stage.APPRAISAL, Stage.EXAM)
        candidates = live_candidates(session, selection)
        subjects = {one.id: one for one in selection.cycle.subjects}
        for candidate in candidates:
            subject = subjects.get(candidate.subject_id) if candidate.subject_id else None
            candidate.appraisal_points = subject.result.score if subject and subject.result else ""
        _require_none([one for one in candidates if not one.appraisal_points])
        _go_on(session, selection, candidates, actor=actor, now=now)


def enter_exam(
    *, selection_id: uuid.UUID, points: Mapping[uuid.UUID, str], actor: Actor, now: datetime
) -> None:
    """Enter the points of the exam, by candidate; what was entered can be corrected until the stage ends.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid (`field` is the candidate's id).
    """
    with transaction() as session:
        selection = lock_at(session, selection_id=selection_id, actor=actor, stage=Stage.EXAM)
        for candidate_id, typed in points.items():
            candidate = live_candidate(session, selection, candidate_id)
            candidate.exam_points = str(read_points(typed, str(candidate_id)))
        payload = {str(key): typed.strip() for key, typed in points.items()}
        record_selection(
            session, selection, actor=actor, action="enter_exam", payload=payload, now=now, is_public=False
        )


def finish_exam(*, selection_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """End the exam: who has fewer points than the posted least leaves with the sum as the reason.

    Raises NotFound, NotEligible, TransitionNotAllowed, NotAllDone.
    """
    with transaction() as session:
        selection = lock_at(session, selection_id=selection_id, actor=actor, stage=Stage.EXAM)
        candidates = live_candidates(session, selection)
        _require_none([one for one in candidates if not one.exam_points])
        least = Fraction(selection.exam_least)
        for candidate in candidates:
            points = Fraction(candidate.exam_points)
            if points < least:
                end_way(candidate, Stage.EXAM, f"{plain(points)} < {plain(least)}")
        _go_on(session, selection, candidates, actor=actor, now=now)


def enter_inspection(
    *,
    selection_id: uuid.UUID,
    candidate_id: uuid.UUID,
    text: str,
    passed: bool,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """Enter what the inspection found; who does not pass leaves with a reason.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid (nothing written).
    """
    require_words(text=text)
    with transaction() as session:
        selection = lock_at(session, selection_id=selection_id, actor=actor, stage=Stage.INSPECTION)
        candidate = live_candidate(session, selection, candidate_id)
        candidate.inspection, candidate.passed_inspection = text.strip(), passed
        if not passed:
            end_way(candidate, Stage.INSPECTION, reason)
        record_selection(
            session,
            selection,
            actor=actor,
            action="enter_inspection",
            payload={"candidate_id": str(candidate.id), "passed": passed},
            now=now,
            is_public=False,
        )


def finish_inspection(*, selection_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """End the inspection once everybody still on the way has its result.

    Raises NotFound, NotEligible, TransitionNotAllowed, NotAllDone.
    """
    with transaction() as session:
        selection = lock_at(session, selection_id=selection_id, actor=actor, stage=Stage.INSPECTION)
        candidates = live_candidates(session, selection)
        _require_none([one for one in candidates if one.passed_inspection is None])
        _go_on(session, selection, candidates, actor=actor, now=now)


def _reserve_cycle(session: Session, cycle_id: uuid.UUID, actor: Actor) -> Cycle:
    """Return an appraisal of reserve cadres that is not void. Raises NotFound, TransitionNotAllowed."""
    cycle = session.get(Cycle, cycle_id)
    if cycle is None or cycle.community_id != actor.community_id or cycle.kind is not CycleKind.RESERVE:
        raise NotFound(cycle_id)
    if cycle.state in (CycleState.DRAFT, CycleState.VOID):
        raise TransitionNotAllowed(cycle.state, "link")
    return cycle


def _require_none(lacking: list[ReserveCandidate]) -> None:
    """Raise NotAllDone with the names of those who lack a result."""
    if lacking:
        raise NotAllDone([one.person.name for one in lacking])


def _go_on(
    session: Session,
    selection: Selection,
    candidates: list[ReserveCandidate],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Take the selection to its next stage, and record how many went on.

    Raises Invalid("nobody") where nobody is left: then the selection can only be declared void.
    """
    on_the_way = [one for one in candidates if one.ended_at_stage is None]
    if not on_the_way:
        raise Invalid("nobody")
    before, selection.stage = selection.stage, NEXT_STAGE[selection.stage]
    payload = {
        "from": before.value,
        "to": selection.stage.value,
        "candidates": len(candidates),
        "on_the_way": len(on_the_way),
    }
    record_selection(session, selection, actor=actor, action="advance", payload=payload, now=now)
