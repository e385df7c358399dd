"""Objections to a counted result, and the answers of the supervision committee."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.documents import notice_of_void
from civicforum.appraisals.models import AppraisalObjection, Cycle
from civicforum.appraisals.rules import CycleState, move
from civicforum.appraisals.services.posting import void_polls
from civicforum.appraisals.services.steps import (
    lock_cycle,
    lock_to_lead,
    post_document,
    record_cycle,
    require_state,
    rules_of,
)
from civicforum.database import transaction
from civicforum.elections.law import require
from civicforum.errors import AlreadyDone, NotEligible, NotFound, require_text
from civicforum.people.models import Person

LONGEST = 2000
LONGEST_GROUND = 300
SHOWN = (CycleState.COUNTED, CycleState.CERTIFIED)


def file_objection(
    *, cycle_id: uuid.UUID, subject_id: uuid.UUID | None, text: str, actor: Actor, now: datetime
) -> uuid.UUID:
    """Say that a result is wrong, from the count until its time is over; return the objection's id.

    Args:
        subject_id: whose result it is about; None for all of it.

    Raises NotFound, NotEligible (moved away), TransitionNotAllowed (not counted), RuleRefused (too late),
    AlreadyDone (said before, and not answered: a second click), Invalid ("missing", "long").
    """
    with transaction() as session:
        cycle = lock_cycle(session, cycle_id=cycle_id, community_id=actor.community_id)
        require_state(cycle, *SHOWN)
        if session.get_one(Person, actor.person_id).left_on is not None:
            raise NotEligible(actor.person_id)
        if subject_id is not None and subject_id not in {one.id for one in cycle.subjects}:
            raise NotFound(subject_id)
        book = rules_of(cycle)
        if cycle.result_posted_at is not None:
            require(law.judge_objection(book, cycle.result_posted_at, now))
        words = require_text(text, most=LONGEST)
        if _waits(session, cycle, subject_id, words, actor):
            raise AlreadyDone(cycle_id)
        objection = AppraisalObjection(
            community_id=cycle.community_id,
            cycle_id=cycle.id,
            subject_id=subject_id,
            filed_by_id=actor.person_id,
            text=words,
            filed_at=now,
            due_at=law.answer_due_at(book, now),
        )
        session.add(objection)
        session.flush()
        payload = {"objection": str(objection.id), "due_at": objection.due_at.isoformat()}
        # What is objected to is published, and who objects is not.
        record_cycle(session, cycle, action="object", actor=actor, payload=payload, now=now, is_public=False)
        return objection.id


def answer_objection(
    *, cycle_id: uuid.UUID, objection_id: uuid.UUID, is_upheld: bool, answer: str, actor: Actor, now: datetime
) -> None:
    """Answer an objection with reasons, for everybody to read.

    Upheld before the result is certified, the cycle is void and has to be held again; afterwards the sheet
    stays as it is, and only a new cycle brings another result. Raises NotFound, NotEligible (graded in it, or
    the objection's own author), TransitionNotAllowed, AlreadyDone, Invalid ("missing", "long").
    """
    with transaction() as session:
        cycle = lock_to_lead(session, cycle_id=cycle_id, actor=actor)
        require_state(cycle, *SHOWN)
        objection = _to_answer(session, cycle, objection_id, actor)
        objection.answer, objection.is_upheld = require_text(answer, most=LONGEST), is_upheld
        objection.answered_by_id, objection.answered_at = actor.person_id, now
        voids = is_upheld and cycle.state is CycleState.COUNTED
        if voids:
            cycle.state = move(cycle.state, CycleState.VOID)
            cycle.void_ground = objection.answer[:LONGEST_GROUND]
            void_polls(session, cycle)
            post_document(session, cycle, notice_of_void(cycle), actor=actor, now=now)
        payload = {"objection": str(objection_id), "upheld": is_upheld, "void": voids}
        record_cycle(
            session,
            cycle,
            action="answer_objection",
            actor=actor,
            payload=payload,
            reason=objection.answer,
            now=now,
        )


def _waits(session: Session, cycle: Cycle, subject_id: uuid.UUID | None, words: str, actor: Actor) -> bool:
    """Tell whether the actor has said just this already, and nobody has answered it."""
    said = select(AppraisalObjection.id).where(
        AppraisalObjection.cycle_id == cycle.id,
        AppraisalObjection.subject_id.is_not_distinct_from(subject_id),
        AppraisalObjection.filed_by_id == actor.person_id,
        AppraisalObjection.text == words,
        AppraisalObjection.answered_at.is_(None),
    )
    return session.scalar(said.limit(1)) is not None


def _to_answer(session: Session, cycle: Cycle, objection_id: uuid.UUID, actor: Actor) -> AppraisalObjection:
    objection = session.get(AppraisalObjection, objection_id, with_for_update=True)
    if objection is None or objection.cycle_id != cycle.id:
        raise NotFound(objection_id)
    if objection.filed_by_id == actor.person_id:
        raise NotEligible(actor.person_id)
    if objection.answered_at is not None:
        raise AlreadyDone(objection_id)
    return objection
