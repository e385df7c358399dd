"""What everybody may see of a meeting at this moment, for the wall of the room and screens that follow."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum import rulebook
from civicforum.errors import NotFound
from civicforum.meetings import attendance
from civicforum.meetings import motions as motion_rules
from civicforum.meetings.differences import Part, compare
from civicforum.meetings.floor import MotionKind, MotionState, SpeechState
from civicforum.meetings.models import (
    AgendaItem,
    Attendance,
    HandCount,
    Meeting,
    Motion,
    PointOfOrder,
    Speech,
)
from civicforum.meetings.rules import (
    ASSEMBLIES,
    MAJORITY_RULE,
    QUORUM_RULE,
    MeetingForm,
    MeetingState,
    Seat,
    judge_quorum,
)
from civicforum.meetings.services.chairing import RUNNING
from civicforum.meetings.services.floor_steps import known, rules_of_floor
from civicforum.meetings.services.speaking import ordered_requests
from civicforum.meetings.services.steps import rules_of
from civicforum.polls.models import Poll
from civicforum.polls.queries.named import ShownVerdict, Turnout, show_verdicts
from civicforum.polls.queries.standing import get_turnout
from civicforum.polls.rules import PollState, Preset
from civicforum.rulebook import Threshold, Verdict
from civicforum.rulebook.days import day_of

LIVE = (MeetingState.PLANNED, MeetingState.OPEN)
STANDS = (
    MotionState.MOVED,
    MotionState.OPEN,
    MotionState.VOTING,
    MotionState.ADOPTED,
    MotionState.DEFEATED,
)


@dataclass(frozen=True)
class Needed:
    """What a number has to reach: at least `least` of `whole`, by `rule`."""

    rule: Threshold
    whole: int
    least: int


@dataclass(frozen=True)
class LiveRoom:
    """How many are there: members, others at the table, and who sits in.

    `quorum` and `needed` are None where a meeting has no quorum.
    """

    present: int
    due: int
    others: int
    observers: int
    needed: Needed | None
    quorum: Verdict | None


@dataclass(frozen=True)
class LiveVote:
    """A vote on a motion, or on an item's text when `motion` is None.

    `needed`: what adopts it, known before anybody votes. `verdicts` come with the count; until then nothing
    tells how anybody voted. `by_hands`: raised hands are counted, so nobody has voted before all have.
    """

    item: AgendaItem
    motion: Motion | None
    poll: Poll
    turnout: Turnout
    needed: Needed | None
    verdicts: list[ShownVerdict]
    by_hands: bool

    @property
    def is_open(self) -> bool:
        return self.poll.state is PollState.OPEN

    @property
    def is_running(self) -> bool:
        """Tell whether it is open, or closed and still being counted: nothing else happens until then."""
        return self.poll.state in RUNNING

    @property
    def is_secret(self) -> bool:
        return self.poll.preset is not Preset.OPEN


@dataclass(frozen=True)
class LiveMeeting:
    """`item` is the one in hand, `last` the one concluded last, `motion` the one that is settled next.

    `changes` is the text in hand, with what an amendment would change. `waiting` are those who have asked to
    speak on it, as they get the floor. `vote` is the one being taken, else the last one on the item in hand,
    else that of `last`. `majority`: what would carry a text with those present now.
    """

    meeting: Meeting
    room: LiveRoom
    item: AgendaItem | None
    last: AgendaItem | None
    motion: Motion | None
    changes: list[Part]
    speaking: Speech | None
    waiting: Sequence[Speech]
    point: PointOfOrder | None
    vote: LiveVote | None
    majority: Needed | None

    @property
    def is_over(self) -> bool:
        return self.meeting.state not in LIVE

    @property
    def speaks_until(self) -> datetime | None:
        """Return when the time of whoever speaks is up."""
        speech = self.speaking
        if speech is None or speech.started_at is None:
            return None
        return speech.started_at + timedelta(seconds=speech.allowed_seconds)


def find_community(session: Session, *, meeting_id: uuid.UUID) -> uuid.UUID | None:
    """Return whose meeting it is; None when there is none."""
    return session.scalar(select(Meeting.community_id).where(Meeting.id == meeting_id))


def get_live(session: Session, *, meeting_id: uuid.UUID, now: datetime) -> LiveMeeting:
    """Return a meeting as screens show it, in at most ten statements. Raises NotFound."""
    meeting = session.scalars(
        select(Meeting)
        .options(
            joinedload(Meeting.chair),
            joinedload(Meeting.acting_chair),
            selectinload(Meeting.agenda).options(
                joinedload(AgendaItem.matter), joinedload(AgendaItem.poll).joinedload(Poll.result)
            ),
        )
        .where(Meeting.id == meeting_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if meeting is None:
        raise NotFound(meeting_id)
    room = _room(session, meeting, now=now)
    item, last = _in_hand(meeting.agenda)
    shown = item or last
    motions = _motions(session, shown.id) if shown else []
    speeches = _speeches(session, item.id) if item else []
    first = motion_rules.in_hand(known(one) for one in motions) if item else None
    table = motion_rules.on_the_table(known(one) for one in motions) if item else None
    on_it = [one for one in speeches if one.motion_id == (table.id if table else None)]
    motion = next((one for one in motions if first and one.id == first.id), None)
    return LiveMeeting(
        meeting=meeting,
        room=room,
        item=item,
        last=last,
        motion=motion,
        changes=_changes(item, motion, motions),
        speaking=next((one for one in speeches if one.state is SpeechState.SPEAKING), None),
        waiting=ordered_requests(on_it, rules_of_floor(meeting)),
        point=_point(session, meeting_id),
        vote=_vote(session, shown, motions),
        majority=_needed(meeting, MAJORITY_RULE, room.present) if meeting.form in ASSEMBLIES else None,
    )


def _changes(item: AgendaItem | None, motion: Motion | None, motions: Sequence[Motion]) -> list[Part]:
    if item is None:
        return []
    if motion is None or motion.kind is not MotionKind.AMENDMENT:
        return compare(item.text, item.text)
    amended = next((one.text for one in motions if one.id == motion.parent_id), item.text)
    return compare(amended, motion.text)


def _room(session: Session, meeting: Meeting, *, now: datetime) -> LiveRoom:
    counted = session.execute(
        select(Attendance.seat, func.count())
        .where(Attendance.meeting_id == meeting.id, Attendance.left_at.is_(None))
        .group_by(Attendance.seat)
    ).all()
    seats = dict(counted)
    present = seats.get(Seat.MEMBER, 0)
    due = meeting.members_due
    if due is None:
        day = day_of(max(meeting.starts_at, now))
        members = attendance.list_members(session, meeting=meeting, day=day)
        due = attendance.count_due(session, meeting=meeting, members=members, day=day)
    needed = _needed(meeting, QUORUM_RULE, due) if meeting.form in ASSEMBLIES else None
    return LiveRoom(
        present=present,
        due=due,
        others=seats.get(Seat.PARTICIPANT, 0),
        observers=seats.get(Seat.OBSERVER, 0),
        needed=needed,
        quorum=judge_quorum(rules_of(meeting), meeting.form, present=min(present, due), due=due)
        if needed
        else None,
    )


def _needed(meeting: Meeting, rules: dict[MeetingForm, str], whole: int) -> Needed:
    rule = rules_of(meeting).threshold(rules[meeting.form])
    return Needed(rule, whole, rule.least(whole))


def _in_hand(agenda: Sequence[AgendaItem]) -> tuple[AgendaItem | None, AgendaItem | None]:
    """Return the item called last that is not concluded, and the one concluded last."""
    called = [item for item in agenda if item.called_at is not None and item.outcome is None]
    concluded = [item for item in agenda if item.concluded_at is not None]
    return (
        max(called, key=lambda item: (item.called_at, -item.position), default=None),
        max(concluded, key=lambda item: (item.concluded_at, item.position), default=None),
    )


def select_motions(item_id: uuid.UUID) -> Select[Motion]:
    """Select what was moved on an item, in order, with who moved it and what came of it."""
    return (
        select(Motion)
        .options(
            joinedload(Motion.mover).joinedload(Attendance.person),
            joinedload(Motion.seconder).joinedload(Attendance.person),
            joinedload(Motion.poll).joinedload(Poll.result),
        )
        .where(Motion.item_id == item_id)
        .order_by(Motion.number)
        .execution_options(populate_existing=True)
    )


def select_speeches(item_id: uuid.UUID) -> Select[Speech]:
    """Select turns and requests on an item with whose they are; the caller says the order."""
    return (
        select(Speech)
        .options(joinedload(Speech.attendance).joinedload(Attendance.person))
        .where(Speech.item_id == item_id, Speech.state != SpeechState.WITHDRAWN)
        .execution_options(populate_existing=True)
    )


def select_points(meeting_id: uuid.UUID) -> Select[PointOfOrder]:
    """Select the points of order of a meeting with whose they are; the caller says the order."""
    return (
        select(PointOfOrder)
        .options(joinedload(PointOfOrder.attendance).joinedload(Attendance.person))
        .where(PointOfOrder.meeting_id == meeting_id)
    )


def _motions(session: Session, item_id: uuid.UUID) -> Sequence[Motion]:
    """Return what was moved on an item and not withdrawn or ruled out, in order."""
    return session.scalars(select_motions(item_id).where(Motion.state.in_(STANDS))).all()


def _speeches(session: Session, item_id: uuid.UUID) -> Sequence[Speech]:
    """Return turns and requests on an item: who spoke before decides who speaks next."""
    return session.scalars(select_speeches(item_id).order_by(Speech.asked_at, Speech.id)).all()


def _point(session: Session, meeting_id: uuid.UUID) -> PointOfOrder | None:
    """Return the point of order that waits for its ruling, the first first."""
    return session.scalars(
        select_points(meeting_id)
        .where(PointOfOrder.ruled_at.is_(None))
        .order_by(PointOfOrder.raised_at, PointOfOrder.id)
        .limit(1)
    ).one_or_none()


def _vote(session: Session, item: AgendaItem | None, motions: Sequence[Motion]) -> LiveVote | None:
    if item is None:
        return None
    put: list[tuple[Motion | None, Poll]] = [(one, one.poll) for one in motions if one.poll is not None]
    if item.poll is not None:
        put.append((None, item.poll))
    running = [pair for pair in put if pair[1].state in RUNNING]
    counted = [pair for pair in put if pair[1].result is not None]
    if not running and not counted:
        return None
    motion, poll = max(running or counted, key=lambda pair: pair[1].created_at)
    turnout, by_hands = _turnout(session, poll)
    rule = rulebook.load(poll.profile).threshold(poll.majority_rule) if poll.majority_rule else None
    return LiveVote(
        item=item,
        motion=motion,
        poll=poll,
        turnout=turnout,
        needed=Needed(rule, turnout.entitled, rule.least(turnout.entitled)) if rule else None,
        verdicts=show_verdicts(poll),
        by_hands=by_hands,
    )


def _turnout(session: Session, poll: Poll) -> tuple[Turnout, bool]:
    """Return how many have voted of how many, and whether hands are counted, where nobody is on a roll."""
    present = session.scalar(select(HandCount.present).where(HandCount.poll_id == poll.id))
    if present is not None:
        return Turnout(0, present), True
    return get_turnout(session, poll), False
