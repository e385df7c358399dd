"""What everybody may see of a meeting at this moment, for the wall of the room and screens that follow."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum import rulebook
from civicforum.errors import NotFound
from civicforum.meetings import attendance
from civicforum.meetings.floor import MotionState, SpeechState
from civicforum.meetings.models import AgendaItem, Attendance, Meeting, Motion, PointOfOrder, Speech
from civicforum.meetings.rules import (
    ASSEMBLIES,
    MAJORITY_RULE,
    QUORUM_RULE,
    MeetingForm,
    MeetingState,
    Seat,
    judge_quorum,
)
from civicforum.meetings.services.steps import rules_of
from civicforum.polls.models import Poll
from civicforum.polls.queries.named import ShownVerdict, Turnout, show_verdicts
from civicforum.polls.queries.standing import get_turnout
from civicforum.polls.rules import PollState, Preset
from civicforum.rulebook import Threshold, Verdict
from civicforum.rulebook.days import day_of

LIVE = (MeetingState.PLANNED, MeetingState.OPEN)
UNSETTLED = (MotionState.MOVED, MotionState.OPEN, MotionState.VOTING)
RUNNING = (PollState.OPEN, PollState.CLOSED)


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
    tells how anybody voted.
    """

    item: AgendaItem
    motion: Motion | None
    poll: Poll
    turnout: Turnout
    needed: Needed | None
    verdicts: list[ShownVerdict]

    @property
    def is_open(self) -> bool:
        return self.poll.state is PollState.OPEN

    @property
    def is_secret(self) -> bool:
        return self.poll.preset is not Preset.OPEN


@dataclass(frozen=True)
class LiveMeeting:
    """`item` is the one in hand, `last` the one concluded last. `motion`: the innermost that is not settled.

    `vote` is the one being taken, else the last one on the item in hand, else that of `last`.
    """

    meeting: Meeting
    room: LiveRoom
    item: AgendaItem | None
    last: AgendaItem | None
    motion: Motion | None
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
    motions = _motions(session, meeting_id) if item or last else []
    unsettled = [motion for motion in motions if item and motion.item_id == item.id and _is_unsettled(motion)]
    speeches = _speeches(session, meeting_id)
    return LiveMeeting(
        meeting=meeting,
        room=room,
        item=item,
        last=last,
        motion=unsettled[-1] if unsettled else None,
        speaking=next((one for one in speeches if one.state is SpeechState.SPEAKING), None),
        waiting=[one for one in speeches if one.state is SpeechState.WAITING],
        point=_point(session, meeting_id),
        vote=_vote(session, item or last, motions),
        majority=_needed(meeting, MAJORITY_RULE, room.present) if meeting.form in ASSEMBLIES else None,
    )


def _room(session: Session, meeting: Meeting, *, now: datetime) -> LiveRoom:
    counted = session.execute(
        select(Attendance.seat, func.count())
        .where(Attendance.meeting_id == meeting.id, Attendance.left_at.is_(None))
        .group_by(Attendance.seat)
    ).all()
    seats: dict[Seat, int] = {seat: number for seat, number in counted}
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
    called = [item for item in agenda if item.called_at is not None and item.concluded_at is None]
    voted = [item for item in agenda if item.poll is not None and item.concluded_at is None]
    concluded = [item for item in agenda if item.concluded_at is not None]
    in_hand = max(called, key=lambda item: (item.called_at, item.position), default=None)
    # A vote can be put on an item that nobody called.
    return in_hand or next(iter(voted), None), max(
        concluded, key=lambda item: (item.concluded_at, item.position), default=None
    )


def _motions(session: Session, meeting_id: uuid.UUID) -> Sequence[Motion]:
    """Return what was moved and not withdrawn or ruled out, in order."""
    states = (*UNSETTLED, MotionState.ADOPTED, MotionState.DEFEATED)
    return session.scalars(
        select(Motion)
        .options(
            joinedload(Motion.mover).joinedload(Attendance.person),
            joinedload(Motion.seconder).joinedload(Attendance.person),
            joinedload(Motion.poll).joinedload(Poll.result),
        )
        .where(Motion.meeting_id == meeting_id, Motion.state.in_(states))
        .order_by(Motion.number)
        .execution_options(populate_existing=True)
    ).all()


def _is_unsettled(motion: Motion) -> bool:
    return motion.state in UNSETTLED


def _speeches(session: Session, meeting_id: uuid.UUID) -> Sequence[Speech]:
    """Return who speaks and who has asked to, in the order in which they asked."""
    return session.scalars(
        select(Speech)
        .options(joinedload(Speech.attendance).joinedload(Attendance.person))
        .where(Speech.meeting_id == meeting_id, Speech.state.in_((SpeechState.SPEAKING, SpeechState.WAITING)))
        .order_by(Speech.asked_at, Speech.id)
        .execution_options(populate_existing=True)
    ).all()


def _point(session: Session, meeting_id: uuid.UUID) -> PointOfOrder | None:
    """Return the point of order that waits for its ruling, the first first."""
    return session.scalars(
        select(PointOfOrder)
        .options(joinedload(PointOfOrder.attendance).joinedload(Attendance.person))
        .where(PointOfOrder.meeting_id == meeting_id, PointOfOrder.ruled_at.is_(None))
        .order_by(PointOfOrder.raised_at, PointOfOrder.id)
        .limit(1)
    ).one_or_none()


def _vote(session: Session, item: AgendaItem | None, motions: Sequence[Motion]) -> LiveVote | None:
    if item is None:
        return None
    put: list[tuple[Motion | None, Poll]] = [
        (motion, motion.poll) for motion in motions if motion.item_id == item.id and motion.poll is not None
    ]
    if item.poll is not None:
        put.append((None, item.poll))
    running = [pair for pair in put if pair[1].state in RUNNING]
    counted = [pair for pair in put if pair[1].result is not None]
    shown = running or counted
    if not shown:
        return None
    motion, poll = max(shown, key=lambda pair: pair[1].created_at)
    turnout = get_turnout(session, poll)
    rule = rulebook.load(poll.profile).threshold(poll.majority_rule) if poll.majority_rule else None
    return LiveVote(
        item=item,
        motion=motion,
        poll=poll,
        turnout=turnout,
        needed=Needed(rule, turnout.entitled, rule.least(turnout.entitled)) if rule else None,
        verdicts=show_verdicts(poll),
    )
