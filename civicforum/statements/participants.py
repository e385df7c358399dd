"""Who may take part in a conversation."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.queries import list_bodies_held
from civicforum.meetings import attendance
from civicforum.meetings.models import Attendance, Meeting
from civicforum.meetings.rules import DELIBERATIONS, MeetingForm
from civicforum.people.models import Person
from civicforum.rulebook.days import day_of
from civicforum.statements.models import Conversation
from civicforum.statements.rules import Audience


def may_take_part(
    session: Session, conversation: Conversation, *, person_id: uuid.UUID, now: datetime
) -> bool:
    """Tell whether somebody may add statements and answer those of others."""
    person = session.get(Person, person_id)
    if person is None or person.community_id != conversation.community_id or person.left_on is not None:
        return False
    return is_of_audience(session, conversation, person_id=person_id, now=now)


def is_of_audience(
    session: Session, conversation: Conversation, *, person_id: uuid.UUID, now: datetime
) -> bool:
    """Tell whether the conversation is for a resident of its community."""
    if conversation.audience is Audience.BODY:
        return conversation.body_id in list_bodies_held(session, person_id=person_id, day=day_of(now))
    if conversation.audience is Audience.MEETING and conversation.meeting is not None:
        return belongs_to_meeting(session, conversation.meeting, person_id=person_id, now=now)
    return True


def belongs_to_meeting(session: Session, meeting: Meeting, *, person_id: uuid.UUID, now: datetime) -> bool:
    """Tell whether a meeting is somebody's: as a member, by having come, or because it is for everybody."""
    is_for_all = meeting.form is MeetingForm.RESIDENTS_ASSEMBLY or (
        meeting.form in DELIBERATIONS and meeting.body_id is None
    )
    if is_for_all or person_id == meeting.chair_id:
        return True
    members = attendance.list_members(session, meeting=meeting, day=day_of(max(meeting.starts_at, now)))
    if any(member.person.id == person_id for member in members):
        return True
    came = select(Attendance.id).where(Attendance.meeting_id == meeting.id, Attendance.person_id == person_id)
    return session.scalar(came.limit(1)) is not None
