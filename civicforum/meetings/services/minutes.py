"""The minutes of a meeting: drafted from its records, kept while it runs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.meetings import documents
from civicforum.meetings.models import AgendaItem, Attendance, Meeting
from civicforum.meetings.rules import MeetingState, ParticipantClass, Seat, check_run
from civicforum.meetings.services.steps import lock_meeting, record_meeting, require_state
from civicforum.people.models import Person
from civicforum.rulebook import Verdict


def write_minutes(*, meeting_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None:
    """Keep the minutes while the meeting runs; its closing fixes them. Raises NotFound, NotEligible,
    TransitionNotAllowed."""
    with transaction() as session:
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        check_run(actor, chair_id=meeting.chair_id)
        require_state(meeting, MeetingState.OPEN)
        meeting.minutes = text
        record_meeting(
            session,
            meeting,
            actor=actor,
            action="write_minutes",
            payload={"signs": len(text)},
            now=now,
            is_public=False,
        )


def draft_of(
    session: Session,
    meeting: Meeting,
    agenda: Sequence[AgendaItem],
    *,
    quorum: Verdict | None,
    closed_at: datetime | None,
) -> str:
    """Compose the minutes from agenda, attendance and outcomes."""
    rows = session.execute(
        select(Attendance.seat, Attendance.participant_class, func.count())
        .where(Attendance.meeting_id == meeting.id)
        .group_by(Attendance.seat, Attendance.participant_class)
        .order_by(Attendance.participant_class)
    ).all()
    classes: dict[ParticipantClass, int] = {}
    for _, kind, number in rows:
        classes[kind] = classes.get(kind, 0) + number
    guests = session.scalars(
        select(Attendance.guest_name)
        .where(Attendance.meeting_id == meeting.id, Attendance.guest_name != "")
        .order_by(Attendance.arrived_at, Attendance.guest_name)
    ).all()
    chair = session.get(Person, meeting.chair_id) if meeting.chair_id else None
    return documents.draft_minutes(
        meeting,
        agenda,
        chair=chair.name if chair else "",
        present=sum(number for seat, _, number in rows if seat is Seat.MEMBER),
        due=meeting.members_due,
        classes=classes,
        guests=guests,
        quorum=quorum,
        closed_at=closed_at,
    )
