"""All that the records know of a meeting, read whole for its minutes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum import rulebook
from civicforum.meetings.floor import SpeechState
from civicforum.meetings.models import (
    AgendaItem,
    Attendance,
    FollowUp,
    HandCount,
    Meeting,
    Motion,
    PointOfOrder,
    Speech,
)
from civicforum.meetings.rules import ASSEMBLIES, QUORUM_RULE, Seat, judge_quorum
from civicforum.meetings.rules_after import Turn, presence_turns
from civicforum.people.models import Person
from civicforum.polls.models import Poll
from civicforum.rulebook import Verdict

SPOKE = (SpeechState.SPEAKING, SpeechState.DONE)
Stays = list[tuple[datetime, datetime | None]]


@dataclass(frozen=True)
class Happened:
    """A meeting as its rows tell it.

    `points` None as key: points of order on no item. `hands` by poll. `turns`: when the quorum was lost or
    regained. `quorum` is that of the opening; None where a form
    needs none.
    """

    meeting: Meeting
    chair: str
    clerk: str
    agenda: Sequence[AgendaItem]
    rows: Sequence[Attendance]
    speeches: dict[uuid.UUID, list[Speech]]
    points: dict[uuid.UUID | None, list[PointOfOrder]]
    hands: dict[uuid.UUID, HandCount]
    follow_ups: dict[uuid.UUID, list[FollowUp]]
    quorum: Verdict | None
    turns: list[Turn]
    closed_at: datetime | None

    def of_seat(self, *seats: Seat) -> list[Attendance]:
        return [row for row in self.rows if row.seat in seats]


def read_whole(session: Session, meeting: Meeting, *, closed_at: datetime | None) -> Happened:
    """Return what happened at a meeting. Nine statements and those of eager loads, however long it was."""
    rows = session.scalars(
        select(Attendance)
        .options(joinedload(Attendance.person), selectinload(Attendance.stays))
        .where(Attendance.meeting_id == meeting.id)
        .order_by(Attendance.participant_class, Attendance.arrived_at, Attendance.id)
        .execution_options(populate_existing=True)
    ).all()
    quorum, turns = _quorum(meeting, rows, closed_at)
    return Happened(
        meeting=meeting,
        chair=_name(session, meeting.chair_id),
        clerk=_name(session, meeting.clerk_id),
        agenda=_agenda(session, meeting),
        rows=rows,
        speeches=_speeches(session, meeting),
        points=_points(session, meeting),
        hands=_hands(session, meeting),
        follow_ups=_follow_ups(session, meeting),
        quorum=quorum,
        turns=turns,
        closed_at=closed_at,
    )


def _name(session: Session, person_id: uuid.UUID | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return person.name if person else ""


def _agenda(session: Session, meeting: Meeting) -> Sequence[AgendaItem]:
    with_result = joinedload(Motion.poll).joinedload(Poll.result)
    return session.scalars(
        select(AgendaItem)
        .options(
            joinedload(AgendaItem.matter),
            joinedload(AgendaItem.poll).joinedload(Poll.result),
            selectinload(AgendaItem.papers),
            selectinload(AgendaItem.versions),
            selectinload(AgendaItem.motions).options(with_result),
        )
        .where(AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.position)
        .execution_options(populate_existing=True)
    ).all()


def _speeches(session: Session, meeting: Meeting) -> dict[uuid.UUID, list[Speech]]:
    found: dict[uuid.UUID, list[Speech]] = defaultdict(list)
    for speech in session.scalars(
        select(Speech)
        .where(Speech.meeting_id == meeting.id, Speech.state.in_(SPOKE))
        .order_by(Speech.started_at, Speech.id)
    ):
        found[speech.item_id].append(speech)
    return found


def _points(session: Session, meeting: Meeting) -> dict[uuid.UUID | None, list[PointOfOrder]]:
    found: dict[uuid.UUID | None, list[PointOfOrder]] = defaultdict(list)
    for point in session.scalars(
        select(PointOfOrder)
        .where(PointOfOrder.meeting_id == meeting.id)
        .order_by(PointOfOrder.raised_at, PointOfOrder.id)
    ):
        found[point.item_id].append(point)
    return found


def _hands(session: Session, meeting: Meeting) -> dict[uuid.UUID, HandCount]:
    of_items = select(AgendaItem.poll_id).where(AgendaItem.meeting_id == meeting.id)
    of_motions = select(Motion.poll_id).where(Motion.meeting_id == meeting.id)
    counts = session.scalars(
        select(HandCount).where(
            HandCount.community_id == meeting.community_id,
            HandCount.poll_id.in_(of_items) | HandCount.poll_id.in_(of_motions),
        )
    )
    return {count.poll_id: count for count in counts}


def _follow_ups(session: Session, meeting: Meeting) -> dict[uuid.UUID, list[FollowUp]]:
    found: dict[uuid.UUID, list[FollowUp]] = defaultdict(list)
    for follow_up in session.scalars(
        select(FollowUp)
        .options(joinedload(FollowUp.owner))
        .where(FollowUp.meeting_id == meeting.id)
        .order_by(FollowUp.due_on.nulls_last(), FollowUp.text, FollowUp.id)
    ):
        found[follow_up.item_id].append(follow_up)
    return found


def _quorum(
    meeting: Meeting, rows: Sequence[Attendance], closed_at: datetime | None
) -> tuple[Verdict | None, list[Turn]]:
    """Return the quorum at the opening, of those who came in the same minute too, and when it turned."""
    if meeting.form not in ASSEMBLIES or meeting.opened_at is None:
        return None, []
    due = meeting.members_due or 0
    stays = [stay for row in rows if row.seat is Seat.MEMBER for stay in _stays_of(row)]
    present = sum(
        came <= meeting.opened_at and (left is None or left > meeting.opened_at) for came, left in stays
    )
    book = rulebook.load(meeting.profile)
    turns = presence_turns(
        stays,
        least=book.threshold(QUORUM_RULE[meeting.form]).least(due),
        opened_at=meeting.opened_at,
        until=closed_at or max([meeting.opened_at, *(left or came for came, left in stays)]),
    )
    return judge_quorum(book, meeting.form, present=min(present, due), due=due), turns


def _stays_of(row: Attendance) -> Stays:
    return [(stay.came_at, stay.left_at) for stay in row.stays] or [(row.arrived_at, row.left_at)]
