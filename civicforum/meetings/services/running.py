"""A meeting is opened, which fixes who belongs to it and its rules of procedure, and closed."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.meetings import attendance, documents
from civicforum.meetings.checking_in import new_code
from civicforum.meetings.errors import NotYetTheDay
from civicforum.meetings.floor import MotionState
from civicforum.meetings.models import AgendaItem, Attendance, Meeting, Presence
from civicforum.meetings.rules import (
    ASSEMBLIES,
    DELIBERATIONS,
    Held,
    MeetingForm,
    MeetingState,
    check_run,
    is_on_day,
    judge_composition,
    judge_quorum,
    move,
    outcome_without_vote,
)
from civicforum.meetings.services import procedures
from civicforum.meetings.services.chairing import check_no_vote_runs
from civicforum.meetings.services.floor_steps import end_running_speech, settle_item
from civicforum.meetings.services.follow_ups import check_nothing_left_open, let_go_unsettled
from civicforum.meetings.services.minutes import fix_draft
from civicforum.meetings.services.steps import lock_meeting, post_document, record_meeting, rules_of
from civicforum.rulebook import Verdict
from civicforum.rulebook.days import day_of


def open_meeting(*, meeting_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Open a meeting on its day, and fix how many belong to it. Too few present is no obstacle to talking.

    Raises NotFound, NotEligible, TransitionNotAllowed, NotYetTheDay.
    """
    with transaction() as session:
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        check_run(actor, chair_id=meeting.presiding_id)
        state = move(meeting.state, MeetingState.OPEN)
        if not is_on_day(meeting.starts_at, now):
            raise NotYetTheDay(meeting.starts_at)
        meeting.state = state
        meeting.opened_at = now
        meeting.check_in_code = "" if meeting.held is Held.SCREENS else new_code()
        _fix_procedure(session, meeting, now=now)
        members = attendance.list_members(session, meeting=meeting, day=day_of(now))
        meeting.members_due = attendance.count_due(session, meeting=meeting, members=members, day=day_of(now))
        payload: dict[str, object] = {"members_due": meeting.members_due}
        if meeting.form is MeetingForm.REPRESENTATIVE_ASSEMBLY:
            verdict = judge_composition(
                rules_of(meeting),
                representatives=sum(member.is_representative for member in members),
                members=len(members),
            )
            payload |= {"composition": verdict.arithmetic, "composition_holds": verdict.holds}
        record_meeting(session, meeting, actor=actor, action="open", payload=payload, now=now)


def close_meeting(*, meeting_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Close a meeting: what was not concluded is continued, or had no quorum; its minutes can be signed.

    Raises NotFound, NotEligible, TransitionNotAllowed, VoteIsOpen, FollowUpMissing.
    """
    with transaction() as session:
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        check_run(actor, chair_id=meeting.presiding_id)
        state = move(meeting.state, MeetingState.CLOSED)
        check_no_vote_runs(session, meeting.id)
        end_running_speech(session, meeting, now=now)
        quorum = _quorum(session, meeting)
        agenda = session.scalars(
            select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position)
        ).all()
        check_nothing_left_open(session, agenda)
        for item in agenda:
            if item.outcome is None:
                item.outcome = outcome_without_vote(meeting.form, has_text=bool(item.text), quorum=quorum)
                item.outcome_text = quorum.arithmetic if quorum and not quorum.holds else ""
                item.concluded_at = now
                settle_item(session, item, main=MotionState.WITHDRAWN, now=now)
        _end_stays(session, meeting, now=now)
        meeting.state = state
        meeting.closed_at = now
        fix_draft(session, meeting, now=now)
        let_go_unsettled(session, meeting.id)
        if meeting.form in DELIBERATIONS:
            document = documents.notice_of_outcomes(meeting, agenda)
            post_document(session, meeting, document, actor=actor, now=now)
        payload: dict[str, object] = {
            "items": {str(item.position): item.outcome.value for item in agenda if item.outcome}
        }
        if quorum is not None:
            payload |= {"quorum": quorum.arithmetic, "quorum_holds": quorum.holds}
        record_meeting(session, meeting, actor=actor, action="close", payload=payload, now=now)


def _quorum(session: Session, meeting: Meeting) -> Verdict | None:
    if meeting.form not in ASSEMBLIES:
        return None
    present = attendance.count_present(session, meeting_id=meeting.id)
    return judge_quorum(rules_of(meeting), meeting.form, present=present, due=meeting.members_due or 0)


def _fix_procedure(session: Session, meeting: Meeting, *, now: datetime) -> None:
    """Let the session follow the rules of procedure in force on its day, whatever is adopted later."""
    procedure = procedures.in_force(session, meeting, day_of(now))
    meeting.procedure_id = procedure.id if procedure else None
    meeting.floor_rules = procedures.floor_rules_of(rules_of(meeting), procedure).as_json()


def _end_stays(session: Session, meeting: Meeting, *, now: datetime) -> None:
    """End the stays, but not the attendance: who was there to the end did not leave."""
    here = select(Attendance.id).where(Attendance.meeting_id == meeting.id)
    session.execute(
        update(Presence)
        .where(Presence.attendance_id.in_(here), Presence.left_at.is_(None))
        .values(left_at=func.greatest(now, Presence.came_at))
    )
