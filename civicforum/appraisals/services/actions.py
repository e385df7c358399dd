"""Corrective actions: opened from a poor grade or a criticism, planned, reported done with proof, closed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.actions import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_MONTHS,
    Outcome,
    may_close,
    move,
)
from civicforum.appraisals.models import AppraisalSubject, CorrectiveAction, Cycle
from civicforum.appraisals.rules import ActionSource, ActionState, CycleState
from civicforum.appraisals.services.action_steps import (
    book_of,
    check_owner,
    is_graded,
    lock_action,
    next_number,
    owns,
    record_action,
)
from civicforum.appraisals.services.rechecks import open_again, outcome_of
from civicforum.appraisals.services.steps import lock_to_lead, require_state
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.people.models import Community
from civicforum.records.photos import store_photo
from civicforum.rulebook.days import add_months, day_of


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A problem, and who has to mend it: a body, and better still one person in it."""

    title: str
    problem: str
    owner_id: uuid.UUID
    owner_person_id: uuid.UUID | None = None


def open_for_grade(*, subject_id: uuid.UUID, wanted: Wanted, actor: Actor, now: datetime) -> uuid.UUID:
    """Open an action for a poor grade; a grade leads to one. Return its id.

    Raises NotFound, NotEligible (does not lead the cycle), TransitionNotAllowed (not certified),
    Invalid ("not_poor", and as `open_locked`), AlreadyDone.
    """
    with transaction() as session:
        subject = session.get(AppraisalSubject, subject_id)
        if subject is None:
            raise NotFound(subject_id)
        cycle = lock_to_lead(session, cycle_id=subject.cycle_id, actor=actor)
        require_state(cycle, CycleState.CERTIFIED)
        if subject.result is None or not subject.result.is_poor:
            raise Invalid("not_poor")
        known = select(CorrectiveAction.id).where(
            CorrectiveAction.source == ActionSource.GRADE, CorrectiveAction.source_id == subject_id
        )
        if session.scalar(known) is not None:
            raise AlreadyDone(subject_id)
        return open_locked(
            session,
            community_id=cycle.community_id,
            source=ActionSource.GRADE,
            source_id=subject_id,
            wanted=wanted,
            cycle=cycle,
            subject_id=subject_id,
            actor=actor,
            now=now,
        ).id


def open_locked(
    session: Session,
    *,
    community_id: uuid.UUID,
    source: ActionSource,
    source_id: uuid.UUID,
    wanted: Wanted,
    cycle: Cycle | None = None,
    subject_id: uuid.UUID | None = None,
    actor: Actor | None,
    now: datetime,
) -> CorrectiveAction:
    """Open an action within a use case, whose right to do so is the caller's to check.

    The caller has locked what it comes from, and locks nothing after it: the community's register and
    journal stay locked until the commit. The journal entry "action.open" is written here.

    Raises Invalid ("title", "problem" or "owner").
    """
    profile = cycle.profile if cycle else session.get_one(Community, community_id).profile
    title, problem = _words(wanted.title, "title", LONGEST_TITLE), _words(wanted.problem, "problem")
    check_owner(
        session,
        community_id=community_id,
        body_id=wanted.owner_id,
        person_id=wanted.owner_person_id,
        now=now,
    )
    action = CorrectiveAction(
        id=uuid.uuid4(),
        community_id=community_id,
        number=next_number(session, community_id),
        cycle_id=cycle.id if cycle else None,
        subject_id=subject_id,
        source=source,
        source_id=source_id,
        title=title,
        problem=problem,
        owner_id=wanted.owner_id,
        owner_person_id=wanted.owner_person_id,
        due_on=day_of(law.plan_due_at(rulebook.load(profile), now)),
        opened_at=now,
    )
    session.add(action)
    payload = {"source": source.value, "due_on": action.due_on.isoformat()}
    record_action(session, action, verb="open", actor=actor, reason=problem, payload=payload, now=now)
    return action


def plan(*, action_id: uuid.UUID, measure: str, due_on: date, actor: Actor, now: datetime) -> None:
    """Say what is done about it, and by when. Said again it replaces the promise, which stays on record.

    Raises NotFound, NotEligible (does not own it), TransitionNotAllowed, Invalid ("measure", "due_on").
    """
    with transaction() as session:
        action = _lock_own(session, action_id, actor, now)
        state = move(action.state, ActionState.PLANNED)
        if not day_of(now) <= due_on <= add_months(day_of(now), MOST_MONTHS):
            raise Invalid("due_on", "due_on")
        before = action.due_on if action.state is ActionState.PLANNED else None
        action.measure, action.state = _words(measure, "measure"), state
        action.due_on, action.planned_at, action.overdue_at = due_on, now, None
        payload = {"due_on": due_on.isoformat(), **({"before": before.isoformat()} if before else {})}
        record_action(
            session, action, verb="plan", actor=actor, reason=action.measure, payload=payload, now=now
        )


def report(
    *,
    action_id: uuid.UUID,
    proof: str,
    photo: bytes | None = None,
    photo_description: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """Report it done, with what proves it; from then on residents say whether it is mended.

    Raises NotFound, NotEligible (does not own it), TransitionNotAllowed (no measure yet, or reported),
    Invalid ("proof"), PhotoRefused.
    """
    with transaction() as session:
        action = _lock_own(session, action_id, actor, now)
        state, words = move(action.state, ActionState.REPORTED), _words(proof, "proof")
        until = law.recheck_until(book_of(session, action), now)
        if photo is not None:
            action.photo = store_photo(
                session,
                community_id=action.community_id,
                data=photo,
                description=photo_description,
                uploaded_by=actor.person_id,
                now=now,
            )
        action.state, action.proof, action.round = state, words, action.round + 1
        action.reported_at, action.recheck_until = now, until
        payload: dict[str, Any] = {
            "round": action.round,
            "in_time": day_of(now) <= action.due_on,
            "recheck_until": until.isoformat(),
        }
        record_action(
            session, action, verb="report", actor=actor, reason=action.proof, payload=payload, now=now
        )


def close(
    *, action_id: uuid.UUID, note: str, is_seen_on_spot: bool = False, actor: Actor, now: datetime
) -> None:
    """Close an action (销号) whose rechecks do not say otherwise; without any, after looking on the spot.

    Raises NotFound, NotEligible (not of the supervision committee, or the own work), TransitionNotAllowed
    (not reported, the residents' time still runs, or they say it is not mended), Invalid ("note", "spot").
    """
    with transaction() as session:
        action = _lock_to_check(session, action_id, actor, now)
        state, outcome = move(action.state, ActionState.CLOSED), outcome_of(session, action)
        if outcome is Outcome.NOT_MENDED:
            raise TransitionNotAllowed(action.state, "close")
        if outcome is Outcome.NOBODY and not is_seen_on_spot:
            raise Invalid("spot", "is_seen_on_spot")
        action.closing_note, action.state = _words(note, "note"), state
        action.is_seen_on_spot, action.closed_at, action.closed_by_id = is_seen_on_spot, now, actor.person_id
        payload = {"rounds": action.round, "on_spot": is_seen_on_spot}
        record_action(
            session, action, verb="close", actor=actor, reason=action.closing_note, payload=payload, now=now
        )


def send_back(*, action_id: uuid.UUID, note: str, actor: Actor, now: datetime) -> None:
    """Open an action again that the supervision committee finds not mended, whatever residents said.

    Raises NotFound, NotEligible, TransitionNotAllowed as `close`, and Invalid ("note").
    """
    with transaction() as session:
        action = _lock_to_check(session, action_id, actor, now)
        words = _words(note, "note")
        open_again(session, action, now=now)
        payload = {"round": action.round, "due_on": action.due_on.isoformat()}
        record_action(session, action, verb="send_back", actor=actor, reason=words, payload=payload, now=now)


def _lock_to_check(session: Session, action_id: uuid.UUID, actor: Actor, now: datetime) -> CorrectiveAction:
    """Return an action whose round of rechecks is over, for the supervision committee."""
    action = lock_action(session, action_id=action_id, community_id=actor.community_id)
    owns_it = owns(session, action, actor.person_id, now)
    if not may_close(actor, owns=owns_it, is_graded=is_graded(action, actor.person_id)):
        raise NotEligible(actor.person_id)
    if action.state is not ActionState.REPORTED or action.counted_round < action.round:
        raise TransitionNotAllowed(action.state, "check")
    return action


def _lock_own(session: Session, action_id: uuid.UUID, actor: Actor, now: datetime) -> CorrectiveAction:
    action = lock_action(session, action_id=action_id, community_id=actor.community_id)
    if actor.assisted_by is not None or not owns(session, action, actor.person_id, now):
        raise NotEligible(actor.person_id)
    return action


def _words(text: str, field: str, most: int = LONGEST_TEXT) -> str:
    words = text.strip()
    if not words or len(words) > most:
        raise Invalid(field, field)
    return words
