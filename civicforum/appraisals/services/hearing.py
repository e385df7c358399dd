"""The hearing before the grading: oral reports, questions and answers, as the clerk notes them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import AppraisalSubject, Cycle, HearingQuestion
from civicforum.appraisals.rules import CycleState
from civicforum.appraisals.services.steps import lock_cycle, record_cycle, require_state
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotEligible, NotFound, TransitionNotAllowed, require_text
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingState
from civicforum.polls.rules import HEARING, may_keep_the_door

LONGEST_REPORT, LONGEST_REASON, LONGEST_QUESTION = 4000, 300, 2000


def may_note(actor: Actor, cycle: Cycle) -> bool:
    """Tell whether the actor notes down what is said: the supervision committee, or a clerk, not graded."""
    return may_keep_the_door(actor, kind=HEARING, barred=cycle.people)


def note_report(*, subject_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None:
    """Note that somebody reported to the assembly, and what was said; until forms are given out.

    Raises NotFound, NotEligible, TransitionNotAllowed (not posted, forms are out, the meeting is not open),
    Invalid ("missing", "long").
    """
    with transaction() as session:
        cycle, subject = _lock(session, subject_id, actor)
        subject.heard_text = require_text(text, most=LONGEST_REPORT, field="text")
        subject.heard_at, subject.unheard_reason = subject.heard_at or now, ""
        payload = {"name": subject.name}
        record_cycle(session, cycle, action="hear_report", actor=actor, payload=payload, now=now)


def note_absence(*, subject_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Note that somebody does not report to the assembly, and why; they can be graded all the same.

    Raises as `note_report` does.
    """
    with transaction() as session:
        cycle, subject = _lock(session, subject_id, actor)
        subject.unheard_reason = require_text(reason, most=LONGEST_REASON, field="reason")
        subject.heard_at, subject.heard_text = None, ""
        payload = {"name": subject.name}
        record_cycle(
            session,
            cycle,
            action="report_not_given",
            actor=actor,
            payload=payload,
            reason=subject.unheard_reason,
            now=now,
        )


def note_question(
    *,
    subject_id: uuid.UUID,
    question_id: uuid.UUID,
    question: str,
    answer: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Note a question and its answer; who asked is not kept. Sent twice with one id, it is one question.

    Raises as `note_report` does, and AlreadyDone.
    """
    with transaction() as session:
        cycle, subject = _lock(session, subject_id, actor)
        if session.get(HearingQuestion, question_id) is not None:
            raise AlreadyDone(question_id)
        session.add(
            HearingQuestion(
                id=question_id,
                community_id=cycle.community_id,
                subject_id=subject.id,
                position=_last_position(session, subject.id) + 1,
                question=require_text(question, most=LONGEST_QUESTION, field="question"),
                answer=require_text(answer, most=LONGEST_QUESTION, field="answer"),
                noted_at=now,
                noted_by_id=actor.person_id,
            )
        )
        payload = {"name": subject.name}
        record_cycle(session, cycle, action="note_question", actor=actor, payload=payload, now=now)


def change_question(
    *, question_id: uuid.UUID, question: str, answer: str, actor: Actor, now: datetime
) -> None:
    """Mend what was noted of a question. Raises as `note_report` does."""
    with transaction() as session:
        subject_id = session.scalar(
            select(HearingQuestion.subject_id).where(HearingQuestion.id == question_id)
        )
        if subject_id is None:
            raise NotFound(question_id)
        cycle, subject = _lock(session, subject_id, actor)
        noted = session.get_one(HearingQuestion, question_id, populate_existing=True)
        noted.question = require_text(question, most=LONGEST_QUESTION, field="question")
        noted.answer = require_text(answer, most=LONGEST_QUESTION, field="answer")
        payload = {"name": subject.name, "question": noted.position}
        record_cycle(session, cycle, action="change_question", actor=actor, payload=payload, now=now)


def require_open_meeting(session: Session, cycle: Cycle) -> Meeting:
    """Return the meeting of the hearing. Raises TransitionNotAllowed unless it is open."""
    meeting = session.get(Meeting, cycle.meeting_id) if cycle.meeting_id else None
    if meeting is None or meeting.state is not MeetingState.OPEN:
        raise TransitionNotAllowed(meeting.state if meeting else None, MeetingState.OPEN)
    return meeting


def _lock(session: Session, subject_id: uuid.UUID, actor: Actor) -> tuple[Cycle, AppraisalSubject]:
    cycle_id = session.scalar(select(AppraisalSubject.cycle_id).where(AppraisalSubject.id == subject_id))
    if cycle_id is None:
        raise NotFound(subject_id)
    cycle = lock_cycle(session, cycle_id=cycle_id, community_id=actor.community_id)
    if not may_note(actor, cycle):
        raise NotEligible(actor.person_id)
    # What raters heard before they graded is not written anew afterwards.
    require_state(cycle, CycleState.POSTED)
    require_open_meeting(session, cycle)
    return cycle, session.get_one(AppraisalSubject, subject_id, populate_existing=True)


def _last_position(session: Session, subject_id: uuid.UUID) -> int:
    last = select(func.max(HearingQuestion.position)).where(HearingQuestion.subject_id == subject_id)
    return session.scalar(last) or 0
