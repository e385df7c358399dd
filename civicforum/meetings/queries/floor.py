"""The floor as those who lead a session, and those who take part, need it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.meetings import motions as rules
from civicforum.meetings.differences import Part, compare
from civicforum.meetings.floor import FloorRules, MotionState, SpeechState
from civicforum.meetings.models import (
    AgendaItem,
    Attendance,
    HandCount,
    Meeting,
    Motion,
    PointOfOrder,
    Presence,
    Speech,
)
from civicforum.meetings.queries.live import (
    LiveMeeting,
    get_live,
    select_motions,
    select_points,
    select_speeches,
)
from civicforum.meetings.queries.showing import list_votes_waiting
from civicforum.meetings.rules import MeetingState, Seat, may_conclude, may_run
from civicforum.meetings.services.floor_steps import known, rules_of_floor
from civicforum.meetings.services.speaking import TAKEN, ordered_requests
from civicforum.meetings.speaking import seconds_left
from civicforum.polls.models import Poll

MOST_SHOWN = 30


@dataclass(frozen=True)
class Waiting:
    """Somebody in the queue. `turns`: how often they spoke on this motion before."""

    speech: Speech
    is_next: bool
    turns: int


@dataclass(frozen=True)
class Here:
    """Somebody present, and how that is known."""

    row: Attendance
    stay: Presence | None


@dataclass(frozen=True)
class FloorPage:
    """What is on the floor. `in_hand`: the motion settled next; `table`: the amendment talked about."""

    live: LiveMeeting
    rules: FloorRules
    motions: Sequence[Motion]
    in_hand: Motion | None
    table: Motion | None
    is_debate_over: bool
    queue: list[Waiting]
    spoken: Sequence[Speech]
    points: Sequence[PointOfOrder]
    here: list[Here]
    hands: HandCount | None
    next_item: AgendaItem | None
    own: Attendance | None
    own_turns: int
    may_run: bool
    may_conclude: bool
    is_presiding: bool
    waits_for_my_vote: bool
    now: datetime

    @property
    def meeting(self) -> Meeting:
        return self.live.meeting

    @property
    def item(self) -> AgendaItem | None:
        return self.live.item

    @property
    def own_request(self) -> Speech | None:
        """Return the visitor's own place in the queue."""
        mine = (one.speech for one in self.queue if self.own and one.speech.attendance_id == self.own.id)
        return next(mine, None)

    def place_of(self, request: Speech) -> int:
        """Return somebody's place in the queue, from 1."""
        return next(at for at, one in enumerate(self.queue, 1) if one.speech.id == request.id)

    def changes_of(self, amendment: Motion) -> list[Part]:
        """Return what an amendment would change in the text, or in the amendment that it amends."""
        parent = next((one for one in self.motions if one.id == amendment.parent_id), None)
        before = parent.text if parent else self.item.text if self.item else ""
        return compare(before, amendment.text)

    @property
    def is_speaking(self) -> bool:
        """Tell whether the visitor has the floor."""
        speech = self.live.speaking
        return speech is not None and self.own is not None and speech.attendance_id == self.own.id

    @property
    def may_ask(self) -> bool:
        """Tell whether the visitor can ask to speak on what is on the table."""
        if self.own is None or self.item is None or self.own_request is not None or self.is_speaking:
            return False
        has_something = bool(self.item.text) or not self.rules.motion_first
        may_speak = self.own.seat is not Seat.OBSERVER or self.rules.observers_speak
        is_open = not self.is_debate_over and (self.live.vote is None or not self.live.vote.is_open)
        return has_something and may_speak and is_open and self.own_turns < self.rules.speeches_each

    @property
    def may_move(self) -> bool:
        """Tell whether the visitor can move something, were it in order."""
        is_at_the_table = self.own is not None and self.own.seat is not Seat.OBSERVER
        return is_at_the_table and self.item is not None and not self.is_presiding

    @property
    def may_second(self) -> Motion | None:
        """Return the motion that waits for a seconder, where the visitor can be it."""
        waiting = next((one for one in self.motions if one.state is MotionState.MOVED), None)
        if waiting is None or not self.may_move or self.own is None or waiting.mover_id == self.own.id:
            return None
        return waiting

    @property
    def seconds_left(self) -> int | None:
        """Return what is left of the turn that is being taken; below 0 once its time is up."""
        speech = self.live.speaking
        if speech is None or speech.started_at is None:
            return None
        return seconds_left(allowed=speech.allowed_seconds, started_at=speech.started_at, now=self.now)

    @property
    def minutes_left(self) -> int | None:
        """Return what is left of the time planned for the item in hand; below 0 once it is over."""
        if self.item is None or self.item.called_at is None:
            return None
        return self.item.minutes - int((self.now - self.item.called_at).total_seconds() // 60)


def get_floor(session: Session, *, meeting_id: uuid.UUID, actor: Actor | None, now: datetime) -> FloorPage:
    """Return the floor of a meeting as this visitor sees it. Raises NotFound."""
    live = get_live(session, meeting_id=meeting_id, now=now)
    meeting, item = live.meeting, live.item
    motions = session.scalars(select_motions(item.id)).all() if item else []
    known_ = [known(one) for one in motions]
    by_id = {one.id: one for one in motions}
    table, in_hand = rules.on_the_table(known_), rules.in_hand(known_)
    speeches = _speeches(session, item.id) if item else []
    on_it = [one for one in speeches if one.motion_id == (table.id if table else None)]
    here = list_here(session, meeting_id)
    person_id = actor.person_id if actor else None
    own = next((one.row for one in here if person_id and one.row.person_id == person_id), None)
    chair_id = meeting.presiding_id
    vote = live.vote
    return FloorPage(
        live=live,
        rules=rules_of_floor(meeting),
        motions=motions,
        in_hand=by_id[in_hand.id] if in_hand else None,
        table=by_id[table.id] if table else None,
        is_debate_over=rules.is_debate_over(known_),
        queue=_waiting(on_it, rules_of_floor(meeting)),
        spoken=[one for one in speeches if one.state is SpeechState.DONE][-MOST_SHOWN:][::-1],
        points=_points(session, meeting_id),
        here=here,
        hands=find_hands(session, vote.poll) if vote and vote.is_open else None,
        next_item=_next(meeting, item),
        own=own,
        own_turns=sum(one.state in TAKEN for one in on_it if own and one.attendance_id == own.id),
        may_run=actor is not None and may_run(actor, chair_id=chair_id),
        may_conclude=actor is not None and may_conclude(actor, chair_id=chair_id),
        waits_for_my_vote=_waits(session, live, person_id),
        is_presiding=person_id is not None and person_id == chair_id,
        now=now,
    )


def _waits(session: Session, live: LiveMeeting, person_id: uuid.UUID | None) -> bool:
    if person_id is None or live.vote is None or not live.vote.is_open:
        return False
    return live.vote.poll.id in list_votes_waiting(session, live.meeting, person_id=person_id)


def _waiting(speeches: Sequence[Speech], floor_rules: FloorRules) -> list[Waiting]:
    turns = Counter(one.attendance_id for one in speeches if one.state in TAKEN)
    return [
        Waiting(one, at == 0, turns[one.attendance_id])
        for at, one in enumerate(ordered_requests(speeches, floor_rules))
    ]


def list_here(session: Session, meeting_id: uuid.UUID) -> list[Here]:
    """Return who is present, by number, guests last, each with how that is known."""
    rows = session.execute(
        select(Attendance, Presence)
        .options(joinedload(Attendance.person))
        .outerjoin(Presence, (Presence.attendance_id == Attendance.id) & Presence.left_at.is_(None))
        .where(Attendance.meeting_id == meeting_id, Attendance.left_at.is_(None))
    ).all()
    found = [Here(row, stay) for row, stay in rows]
    return sorted(
        found,
        key=lambda one: (
            one.row.person is None,
            one.row.person.number if one.row.person else one.row.guest_name,
        ),
    )


def find_hands(session: Session, poll: Poll) -> HandCount | None:
    """Return the hands of a vote that is by raised hands."""
    return session.scalars(select(HandCount).where(HandCount.poll_id == poll.id)).one_or_none()


def _speeches(session: Session, item_id: uuid.UUID) -> Sequence[Speech]:
    """Return requests and turns on an item, in the order in which they began or were asked for."""
    order = (Speech.started_at.nulls_last(), Speech.asked_at, Speech.id)
    return session.scalars(select_speeches(item_id).order_by(*order)).all()


def _points(session: Session, meeting_id: uuid.UUID) -> Sequence[PointOfOrder]:
    latest = (PointOfOrder.raised_at.desc(), PointOfOrder.id)
    return session.scalars(select_points(meeting_id).order_by(*latest).limit(MOST_SHOWN)).all()


def _next(meeting: Meeting, item: AgendaItem | None) -> AgendaItem | None:
    """Return the item that comes next: the first that is not concluded, after the one in hand."""
    if meeting.state is not MeetingState.OPEN:
        return None
    left = [one for one in meeting.agenda if one.outcome is None and (item is None or one.id != item.id)]
    after = [one for one in left if item is None or one.position > item.position]
    return next(iter(after or left), None)
