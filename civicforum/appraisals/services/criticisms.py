"""Criticisms in words: entered without author and hour, each answered by an action or by a reason why not."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import CorrectiveAction, Criticism, Cycle
from civicforum.appraisals.rules import ActionSource, CriticismSource, CycleState, may_lead
from civicforum.appraisals.services.actions import Wanted, open_locked
from civicforum.appraisals.services.steps import lock_cycle, lock_to_lead, record_cycle, require_state
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.rulebook.days import day_of

MOST_AT_ONCE, LONGEST, LONGEST_REASON = 60, 1000, 500
# What is said in the room comes before the grades; what stands on forms is read out at the count.
ENTERED_IN = (CycleState.POSTED, CycleState.RATING, CycleState.COUNTED, CycleState.CERTIFIED)


def enter(
    *,
    cycle_id: uuid.UUID,
    subject_id: uuid.UUID | None,
    source: CriticismSource,
    texts: Sequence[str],
    entry_id: uuid.UUID | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Enter criticisms, all that were heard or read out of one kind at once; return how many.

    Args:
        entry_id: of the form that was sent; sent twice, it is entered once.

    The journal says how many, and neither which nor in what order: one entry for each would say when it
    came in.

    Raises NotFound, NotEligible (neither leads the cycle nor is a clerk, or is graded in it),
    TransitionNotAllowed, Invalid ("texts", "subject"), AlreadyDone (entered before).
    """
    with transaction() as session:
        cycle = _lock_to_enter(session, cycle_id, actor)
        require_state(cycle, *ENTERED_IN)
        words = _lines(texts)
        if subject_id is not None and subject_id not in {one.id for one in cycle.subjects}:
            raise Invalid("subject", "subject")
        if entry_id is not None and session.get(Criticism, entry_id) is not None:
            raise AlreadyDone(entry_id)
        for at, text in enumerate(words):
            session.add(
                Criticism(
                    id=entry_id if entry_id is not None and at == 0 else uuid.uuid4(),
                    community_id=cycle.community_id,
                    cycle_id=cycle.id,
                    subject_id=subject_id,
                    text=text,
                    source=source,
                    entered_by_id=actor.person_id,
                    entered_on=day_of(now),
                )
            )
        payload = {"source": source.value, "number": len(words)}
        record_cycle(session, cycle, action="enter_criticisms", actor=actor, payload=payload, now=now)
        return len(words)


def may_enter(actor: Actor, graded: Collection[uuid.UUID | None]) -> bool:
    """Tell whether the actor enters criticisms: who leads the cycle or a clerk, and nobody who is graded."""
    is_clerk = actor.holds(Role.CLERK) and actor.person_id not in graded
    return is_clerk or may_lead(actor, graded)


def open_action(*, criticism_id: uuid.UUID, wanted: Wanted, actor: Actor, now: datetime) -> uuid.UUID:
    """Answer a criticism by a new corrective action; return the action's id.

    Raises NotFound, NotEligible (does not lead the cycle), AlreadyDone (answered), Invalid as
    `actions.open_locked`.
    """
    with transaction() as session:
        cycle, criticism = _lock_to_answer(session, criticism_id, actor)
        action = open_locked(
            session,
            community_id=cycle.community_id,
            source=ActionSource.CRITICISM,
            source_id=criticism.id,
            wanted=wanted,
            cycle=cycle,
            subject_id=criticism.subject_id,
            actor=actor,
            now=now,
        )
        criticism.action_id = action.id
        return action.id


def join_action(*, criticism_id: uuid.UUID, number: int, actor: Actor, now: datetime) -> uuid.UUID:
    """Answer a criticism by an action of the community that is under way for the same problem.

    Raises NotFound, NotEligible, AlreadyDone, Invalid ("number": no such action, or closed).
    """
    with transaction() as session:
        cycle, criticism = _lock_to_answer(session, criticism_id, actor)
        action = _find_action(session, cycle, number)
        if action is None or action.closed_at is not None:
            raise Invalid("number", "number")
        criticism.action_id = action.id
        payload = {"action": number, "criticism": str(criticism.id)}
        record_cycle(session, cycle, action="join_criticism", actor=actor, payload=payload, now=now)
        return action.id


def dismiss(*, criticism_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Answer a criticism by a published reason why nothing follows.

    Raises NotFound, NotEligible, AlreadyDone, Invalid ("reason").
    """
    with transaction() as session:
        cycle, criticism = _lock_to_answer(session, criticism_id, actor)
        words = reason.strip()
        if not words or len(words) > LONGEST_REASON:
            raise Invalid("reason", "reason")
        criticism.dismissal = words
        payload = {"criticism": str(criticism.id)}
        record_cycle(
            session, cycle, action="dismiss_criticism", actor=actor, reason=words, payload=payload, now=now
        )


def _lock_to_enter(session: Session, cycle_id: uuid.UUID, actor: Actor) -> Cycle:
    cycle = lock_cycle(session, cycle_id=cycle_id, community_id=actor.community_id)
    if not may_enter(actor, cycle.people):
        raise NotEligible(actor.person_id)
    return cycle


def _lock_to_answer(session: Session, criticism_id: uuid.UUID, actor: Actor) -> tuple[Cycle, Criticism]:
    """Return a criticism that nobody has answered, with its cycle locked."""
    found = session.get(Criticism, criticism_id)
    if found is None:
        raise NotFound(criticism_id)
    cycle = lock_to_lead(session, cycle_id=found.cycle_id, actor=actor)
    session.refresh(found)
    if found.action_id is not None or found.dismissal:
        raise AlreadyDone(criticism_id)
    return cycle, found


def _find_action(session: Session, cycle: Cycle, number: int) -> CorrectiveAction | None:
    statement = select(CorrectiveAction).where(
        CorrectiveAction.community_id == cycle.community_id, CorrectiveAction.number == number
    )
    return session.scalars(statement).one_or_none()


def _lines(texts: Sequence[str]) -> list[str]:
    words = [text.strip() for text in texts if text.strip()]
    if not words or len(words) > MOST_AT_ONCE or any(len(text) > LONGEST for text in words):
        raise Invalid("texts", "texts")
    return words
