"""One meeting as its pages show it: the agenda with its votes, who is there, the list at the door."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import NotFound
from civicforum.meetings import attendance
from civicforum.meetings.attendance import Member
from civicforum.meetings.models import AgendaItem, Attendance, Meeting, Motion
from civicforum.meetings.rules import (
    ASSEMBLIES,
    QUORUM_RULE,
    MeetingForm,
    MeetingState,
    ParticipantClass,
    Seat,
    is_on_day,
    judge_composition,
    judge_quorum,
    may_conclude,
    may_run,
)
from civicforum.meetings.services.chairing import RUNNING
from civicforum.meetings.services.steps import rules_of
from civicforum.notices.models import Notice
from civicforum.notices.queries import list_of_subject
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.queries.named import (
    ShownVerdict,
    Turnout,
    show_verdicts,
)
from civicforum.polls.queries.standing import get_turnout, has_not_voted, with_ballots
from civicforum.polls.rules import PollState
from civicforum.rulebook import Threshold, Verdict
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class ShownItem:
    """An item of an agenda with its vote: turnout while it is open, verdicts when it is over."""

    item: AgendaItem
    verdicts: list[ShownVerdict]
    turnout: Turnout | None
    waits_for_me: bool

    @property
    def is_voting(self) -> bool:
        """Tell whether its vote is open, or closed and still to be counted."""
        return self.item.poll is not None and self.item.poll.state in RUNNING


@dataclass(frozen=True)
class Room:
    """Who is there.

    `due` is how many belong to the meeting, 0 for a deliberation without a body. `classes` counts those who
    sit at the table by their side; who sits in is counted apart.
    """

    present: int
    due: int
    observers: int
    rows: Sequence[Attendance]
    classes: dict[ParticipantClass, int]
    quorum_rule: Threshold | None
    quorum: Verdict | None
    composition: Verdict | None

    @property
    def least(self) -> int:
        """How many have to be present for a quorum; 0 where the meeting needs none."""
        return self.quorum_rule.least(self.due) if self.quorum_rule else 0

    def of_seat(self, seat: str) -> list[Attendance]:
        """Return the rows of one kind of seat, in the order of `rows`."""
        return [row for row in self.rows if row.seat == seat]


@dataclass(frozen=True)
class MeetingPage:
    meeting: Meeting
    items: list[ShownItem]
    room: Room
    own: Attendance | None
    is_member: bool
    is_day: bool
    may_plan: bool
    may_run: bool
    may_conclude: bool
    notices: Sequence[Notice]


def get_meeting(session: Session, *, meeting_id: uuid.UUID, community_id: uuid.UUID) -> Meeting:
    """Return a meeting with its agenda. Raises NotFound."""
    meeting = session.scalars(
        select(Meeting)
        .options(
            joinedload(Meeting.body),
            joinedload(Meeting.chair),
            selectinload(Meeting.agenda).options(
                joinedload(AgendaItem.matter), joinedload(AgendaItem.poll).joinedload(Poll.result)
            ),
        )
        .where(Meeting.id == meeting_id)
    ).one_or_none()
    if meeting is None or meeting.community_id != community_id:
        raise NotFound(meeting_id)
    return meeting


def get_page(
    session: Session, *, meeting_id: uuid.UUID, community_id: uuid.UUID, actor: Actor | None, now: datetime
) -> MeetingPage:
    """Return a meeting as this visitor may see it. Raises NotFound."""
    meeting = get_meeting(session, meeting_id=meeting_id, community_id=community_id)
    members = attendance.list_members(session, meeting=meeting, day=_day(meeting, now))
    room = get_room(session, meeting=meeting, members=members, now=now)
    waiting = list_votes_waiting(session, meeting, person_id=actor.person_id) if actor else set()
    is_mine = actor is not None and (
        meeting.form is MeetingForm.RESIDENTS_ASSEMBLY
        or any(member.person.id == actor.person_id for member in members)
    )
    return MeetingPage(
        meeting=meeting,
        items=[_shown(session, item, waiting) for item in meeting.agenda],
        room=room,
        own=next((row for row in room.rows if actor and row.person_id == actor.person_id), None),
        is_member=is_mine,
        is_day=is_on_day(meeting.starts_at, now),
        may_plan=actor is not None and actor.has(Role.COMMITTEE),
        may_run=actor is not None and may_run(actor, chair_id=meeting.answering_id),
        may_conclude=actor is not None and may_conclude(actor, chair_id=meeting.answering_id),
        notices=list_of_subject(session, subject_kind="meeting", subject_id=meeting.id),
    )


def get_room(session: Session, *, meeting: Meeting, members: list[Member], now: datetime) -> Room:
    """Return who is at a meeting, and whether that is enough."""
    rows = session.scalars(
        select(Attendance)
        .options(joinedload(Attendance.person))
        .where(Attendance.meeting_id == meeting.id)
        .order_by(Attendance.arrived_at, Attendance.id)
    ).all()
    # While it runs: who is in the room. Afterwards: who was there.
    counted = [row for row in rows if meeting.state is MeetingState.CLOSED or row.left_at is None]
    present = sum(row.seat is Seat.MEMBER for row in counted)
    due = meeting.members_due
    if due is None:
        due = attendance.count_due(session, meeting=meeting, members=members, day=_day(meeting, now))
    is_assembly = meeting.form in ASSEMBLIES
    book = rules_of(meeting)
    composition = (
        judge_composition(
            book, representatives=sum(member.is_representative for member in members), members=len(members)
        )
        if meeting.form is MeetingForm.REPRESENTATIVE_ASSEMBLY and members
        else None
    )
    return Room(
        present=present,
        due=due,
        observers=sum(row.seat is Seat.OBSERVER for row in counted),
        rows=rows,
        classes=dict(Counter(row.participant_class for row in counted if row.seat is not Seat.OBSERVER)),
        quorum_rule=book.threshold(QUORUM_RULE[meeting.form]) if is_assembly else None,
        quorum=judge_quorum(book, meeting.form, present=min(present, due), due=due) if is_assembly else None,
        composition=composition,
    )


@dataclass(frozen=True)
class DoorLine:
    """A member on the list at the door, with the row of who is there."""

    member: Member
    row: Attendance | None

    @property
    def is_present(self) -> bool:
        """Tell whether the member came and has not left."""
        return self.row is not None and self.row.left_at is None


def list_door(session: Session, *, meeting: Meeting, now: datetime) -> tuple[list[DoorLine], Room]:
    """Return the members of a meeting by number, each with the attendance, for whoever ticks them."""
    members = attendance.list_members(session, meeting=meeting, day=_day(meeting, now))
    room = get_room(session, meeting=meeting, members=members, now=now)
    rows = {row.person_id: row for row in room.rows}
    return [DoorLine(member, rows.get(member.person.id)) for member in members], room


def list_votes_waiting(session: Session, meeting: Meeting, *, person_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the open votes of a meeting, named or sealed, in which somebody may vote and has not."""
    motions = select(Motion.poll_id).where(Motion.meeting_id == meeting.id, Motion.poll_id.is_not(None))
    items = select(AgendaItem.poll_id).where(AgendaItem.meeting_id == meeting.id)
    found = (
        with_ballots()
        .join(Poll, Poll.id == RollEntry.poll_id)
        .where(
            RollEntry.person_id == person_id,
            Poll.id.in_(items.union_all(motions)),
            Poll.state == PollState.OPEN,
            has_not_voted(),
        )
        .with_only_columns(RollEntry.poll_id)
    )
    return set(session.scalars(found))


def _day(meeting: Meeting, now: datetime) -> date:
    """Return the day on which a meeting's members are looked up: that of its opening, else of its start."""
    return day_of(meeting.opened_at or max(meeting.starts_at, now))


def _shown(session: Session, item: AgendaItem, waiting: set[uuid.UUID]) -> ShownItem:
    poll = item.poll
    is_open = poll is not None and poll.state is PollState.OPEN
    return ShownItem(
        item=item,
        verdicts=show_verdicts(poll) if poll is not None else [],
        turnout=get_turnout(session, poll) if poll is not None and is_open else None,
        waits_for_me=poll is not None and poll.id in waiting,
    )
