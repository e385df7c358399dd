"""Who is asked to a session, by class and by topic, and what they answered."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.meetings import attendance
from civicforum.meetings.attendance import Member
from civicforum.meetings.forms_of_session import Balance, judge_balance
from civicforum.meetings.models import AgendaItem, Invitation, Meeting
from civicforum.meetings.rules import Answer, ParticipantClass, Seat
from civicforum.people.models import Person
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class Topic:
    """An item of the agenda, or with None all of it, with those who have a stake in it."""

    item: AgendaItem | None
    invited: Sequence[Invitation]


@dataclass(frozen=True)
class Stake:
    """What a side has at stake in an item."""

    participant_class: ParticipantClass
    words: str


@dataclass(frozen=True)
class InvitationPage:
    """`members` belong to the session by office and are asked by its notice; `coming` counts answers."""

    meeting: Meeting
    topics: list[Topic]
    members: Sequence[Member]
    balance: Balance
    coming: int
    not_coming: int

    @property
    def invited(self) -> int:
        """Return how many invitations there are."""
        return sum(len(topic.invited) for topic in self.topics)


def list_invitations(session: Session, *, meeting_id: uuid.UUID) -> Sequence[Invitation]:
    """Return the invitations to a meeting by class and by number, then guests by name."""
    return session.scalars(
        select(Invitation)
        .outerjoin(Person, Person.id == Invitation.person_id)
        .options(joinedload(Invitation.person).joinedload(Person.household))
        .where(Invitation.meeting_id == meeting_id)
        .order_by(
            Invitation.participant_class, Person.number.asc().nulls_last(), Invitation.name, Invitation.id
        )
    ).all()


def get_invitations(session: Session, *, meeting: Meeting, now: datetime) -> InvitationPage:
    """Return the invitations to a meeting with the balance of classes, members of its body among them."""
    rows = list_invitations(session, meeting_id=meeting.id)
    members = attendance.list_members(session, meeting=meeting, day=day_of(max(now, meeting.starts_at)))
    topics = [Topic(None, [row for row in rows if row.item_id is None])]
    topics += [Topic(item, [row for row in rows if row.item_id == item.id]) for item in meeting.agenda]
    return InvitationPage(
        meeting=meeting,
        topics=topics,
        members=members,
        balance=judge_balance(meeting.form, _counts(rows, members)),
        coming=sum(row.answer is Answer.COMING for row in rows),
        not_coming=sum(row.answer is Answer.NOT_COMING for row in rows),
    )


def balance_of(session: Session, *, meeting: Meeting, members: Sequence[Member]) -> Balance:
    """Return how the sides asked to a meeting are balanced, members of its body among them."""
    rows = list_invitations(session, meeting_id=meeting.id)
    return judge_balance(meeting.form, _counts(rows, members))


def list_stakes(session: Session, *, meeting_id: uuid.UUID) -> dict[uuid.UUID, list[Stake]]:
    """Return by item which sides have what at stake in it, each once and without names."""
    rows = session.execute(
        select(Invitation.item_id, Invitation.participant_class, Invitation.stake)
        .where(Invitation.meeting_id == meeting_id, Invitation.item_id.is_not(None), Invitation.stake != "")
        .distinct()
        .order_by(Invitation.participant_class, Invitation.stake)
    )
    stakes: dict[uuid.UUID, list[Stake]] = {}
    for item_id, kind, words in rows:
        assert item_id is not None  # noqa: S101
        stakes.setdefault(item_id, []).append(Stake(kind, words))
    return stakes


def find_own(session: Session, *, meeting_id: uuid.UUID, person_id: uuid.UUID) -> Invitation | None:
    """Return somebody's invitation to a meeting."""
    return session.scalars(
        select(Invitation).where(Invitation.meeting_id == meeting_id, Invitation.person_id == person_id)
    ).one_or_none()


def _counts(rows: Sequence[Invitation], members: Sequence[Member]) -> dict[ParticipantClass, int]:
    """Count everybody at the table once, by the side they were asked for, else by that of their office."""
    sides = {member.person.id: member.participant_class for member in members}
    sides |= {row.person_id: row.participant_class for row in rows if row.person_id is not None}
    sitting_in = {row.person_id for row in rows if row.seat is Seat.OBSERVER}
    counts = Counter(kind for person_id, kind in sides.items() if person_id not in sitting_in)
    counts.update(
        row.participant_class for row in rows if row.person_id is None and row.seat is not Seat.OBSERVER
    )
    return dict(counts)
