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


class Seating:
    """Which seat each resident takes at a meeting: a member's, or that of somebody who sits in (art 28).

    Membership is that of the day. Once the meeting is open, no more people take members' seats than belonged
    to it then, so that a quorum is never a share of fewer than are counted.
    """

    def __init__(self, session: Session, meeting: Meeting, *, now: datetime) -> None:
        self._meeting = meeting
        self._day = day_of(meeting.opened_at or now)
        members = list_members(session, meeting=meeting, day=self._day)
        self._classes = {member.person.id: member.participant_class for member in members}
        self._free: int | None = None
        if meeting.members_due is not None:
            self._free = meeting.members_due - _count_seats(session, meeting_id=meeting.id)

    def take(self, person: Person) -> tuple[Seat, ParticipantClass]:
        seat, participant_class = self._seat_of(person)
        if seat is Seat.MEMBER and self._free is not None:
            if self._free <= 0:
                return Seat.OBSERVER, participant_class
            self._free -= 1
        return seat, participant_class

    def _seat_of(self, person: Person) -> tuple[Seat, ParticipantClass]:
        if self._meeting.form is MeetingForm.RESIDENTS_ASSEMBLY:
            is_here = person.left_on is None or person.left_on >= self._day
            is_member = is_here and is_adult(person.born_on, self._day)
        else:
            is_member = person.id in self._classes
        participant_class = self._classes.get(person.id, ParticipantClass.RESIDENT)
        return (Seat.MEMBER if is_member else Seat.OBSERVER), participant_class


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


def _count_seats(session: Session, *, meeting_id: uuid.UUID) -> int:
    """Return how many members have been in the room, those who left among them."""
    statement = select(func.count()).where(
        Attendance.meeting_id == meeting_id, Attendance.seat == Seat.MEMBER
    )
    return session.scalar(statement) or 0
