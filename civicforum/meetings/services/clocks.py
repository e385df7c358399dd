"""The clocks after a meeting: minutes nobody signed and work nobody did are flagged, each once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, and_, select, union
from sqlalchemy.orm import Session

from civicforum.meetings.models import FollowUp, Meeting
from civicforum.meetings.rules import MeetingState
from civicforum.meetings.rules_after import minutes_due_at
from civicforum.meetings.services.steps import record_meeting, rules_of
from civicforum.rulebook.days import day_of
from civicforum.sweeps import Tally, sweep_each


@dataclass(frozen=True)
class SweepResult(Tally):
    """What a sweep did."""

    minutes_overdue: int = 0
    follow_ups_overdue: int = 0


def sweep_clocks(*, now: datetime) -> SweepResult:
    """Flag minutes not signed in time, and follow-ups whose day is over. Several may sweep at once."""
    return sweep_each(
        _select_due(now),
        lambda session, meeting_id: _sweep_meeting(session, meeting_id=meeting_id, now=now),
        nothing=SweepResult(),
    )


def _select_due(now: datetime) -> CompoundSelect[uuid.UUID]:
    return union(
        select(Meeting.id).where(_waits_for_signatures()),
        select(FollowUp.meeting_id.label("id")).where(_is_late(now)),
    )


def _sweep_meeting(session: Session, *, meeting_id: uuid.UUID, now: datetime) -> SweepResult:
    meeting = session.scalars(
        select(Meeting)
        .where(Meeting.id == meeting_id)
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if meeting is None:
        return SweepResult()
    return SweepResult(
        minutes_overdue=_flag_minutes(session, meeting, now),
        follow_ups_overdue=_flag_follow_ups(session, meeting, now),
    )


def _flag_minutes(session: Session, meeting: Meeting, now: datetime) -> int:
    waits = meeting.minutes_posted_at is None and meeting.minutes_overdue_at is None
    if not waits or meeting.closed_at is None or now <= minutes_due_at(rules_of(meeting), meeting.closed_at):
        return 0
    meeting.minutes_overdue_at = now
    record_meeting(session, meeting, actor=None, action="minutes_overdue", payload={}, now=now)
    return 1


def _flag_follow_ups(session: Session, meeting: Meeting, now: datetime) -> int:
    late = session.scalars(
        select(FollowUp)
        .where(FollowUp.meeting_id == meeting.id, _is_late(now))
        .order_by(FollowUp.due_on, FollowUp.id)
    ).all()
    for follow_up in late:
        follow_up.overdue_at = now
        payload = {"follow_up_id": str(follow_up.id), "text": follow_up.text, "due_on": str(follow_up.due_on)}
        record_meeting(session, meeting, actor=None, action="follow_up_overdue", payload=payload, now=now)
    return len(late)


def _waits_for_signatures() -> ColumnElement[bool]:
    return and_(
        Meeting.state == MeetingState.CLOSED,
        Meeting.minutes_posted_at.is_(None),
        Meeting.minutes_overdue_at.is_(None),
    )


def _is_late(now: datetime) -> ColumnElement[bool]:
    return and_(FollowUp.done_at.is_(None), FollowUp.overdue_at.is_(None), FollowUp.due_on < day_of(now))
