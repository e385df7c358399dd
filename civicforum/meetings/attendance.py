"""Who belongs to a meeting, and who is in the room."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.bodies.queries import list_kinds_of_members
from civicforum.bodies.rules import BodyKind
from civicforum.meetings.models import Attendance, Meeting
from civicforum.meetings.rules import (
    MEMBERS_OF_REPRESENTATIVE_ASSEMBLY,
    MeetingForm,
    ParticipantClass,
    Seat,
    class_of,
)
from civicforum.people.models import Person
from civicforum.people.queries import count_adults
from civicforum.people.rules import is_adult
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class Member:
    person: Person
    is_representative: bool
    participant_class: ParticipantClass


def list_members(session: Session, *, meeting: Meeting, day: date) -> list[Member]:
    """Return the members of the meeting's body on `day`, each once.

    Those of the representative assembly are the representatives and the committee (art 28). For
    the residents' assembly the list is empty: every adult belongs to it.
    """
    if meeting.form is MeetingForm.RESIDENTS_ASSEMBLY:
        return []
    if meeting.form is MeetingForm.REPRESENTATIVE_ASSEMBLY:
        found = list_kinds_of_members(
            session, community_id=meeting.community_id, kinds=MEMBERS_OF_REPRESENTATIVE_ASSEMBLY, day=day
        )
    elif meeting.body_id is not None:
        found = list_kinds_of_members(
            session, community_id=meeting.community_id, body_id=meeting.body_id, day=day
        )
    else:
        found = []
    return [
        Member(person, BodyKind.REPRESENTATIVE_ASSEMBLY in kinds, class_of(kinds)) for person, kinds in found
    ]


def count_due(session: Session, *, meeting: Meeting, members: list[Member], day: date) -> int:
    """Return how many belong to the meeting: what its quorum is a share of."""
    if meeting.form is MeetingForm.RESIDENTS_ASSEMBLY:
        return count_adults(session, community_id=meeting.community_id, day=day)
    return len(members)


def seat_of(
    session: Session, *, meeting: Meeting, person: Person, now: datetime
) -> tuple[Seat, ParticipantClass]:
    """Return the seat that a resident takes: a member's, or that of somebody who sits in (art 28)."""
    today = day_of(meeting.opened_at or now)
    if meeting.form is MeetingForm.RESIDENTS_ASSEMBLY:
        is_here = person.left_on is None or person.left_on >= today
        seat = Seat.MEMBER if is_here and is_adult(person.born_on, today) else Seat.OBSERVER
        return seat, ParticipantClass.RESIDENT
    for member in list_members(session, meeting=meeting, day=today):
        if member.person.id == person.id:
            return Seat.MEMBER, member.participant_class
    return Seat.OBSERVER, ParticipantClass.RESIDENT


def count_present(session: Session, *, meeting_id: uuid.UUID) -> int:
    """Return how many members are in the room now."""
    return (
        session.scalar(
            select(func.count()).where(
                Attendance.meeting_id == meeting_id,
                Attendance.seat == Seat.MEMBER,
                Attendance.left_at.is_(None),
            )
        )
        or 0
    )


def list_present(session: Session, *, meeting_id: uuid.UUID) -> list[tuple[uuid.UUID, ParticipantClass]]:
    """Return the members in the room, by number: who a vote's roll is drawn from."""
    rows = session.execute(
        select(Person.id, Attendance.participant_class)
        .join(Person, Person.id == Attendance.person_id)
        .where(
            Attendance.meeting_id == meeting_id, Attendance.seat == Seat.MEMBER, Attendance.left_at.is_(None)
        )
        .order_by(Person.number)
    ).all()
    return [(person_id, kind) for person_id, kind in rows]
