"""Leading a session: which item is in hand, and who has the chair while its holder speaks for a side."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotEligible, TransitionNotAllowed
from civicforum.meetings import motions as rules
from civicforum.meetings.errors import VoteIsOpen
from civicforum.meetings.floor import FloorFault, FloorRefused, SpeechState
from civicforum.meetings.models import AgendaItem, Attendance, Meeting, Motion, Speech
from civicforum.meetings.rules import MeetingState, Seat, check_conclude
from civicforum.meetings.services.floor_steps import end_running_speech, select_in_hand
from civicforum.meetings.services.steps import lock_item, lock_meeting, record_meeting, require_state
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState

# Of a sealed vote, papers may still be counted after it has closed.
RUNNING = (PollState.OPEN, PollState.CLOSED)


def call_item(*, item_id: uuid.UUID, actor: Actor, now: datetime) -> uuid.UUID:
    """Take an item in hand, the next one or one that was left before. Returns the meeting's id.

    Raises NotFound, NotEligible, TransitionNotAllowed, AlreadyDone (concluded, or in hand), VoteIsOpen.
    """
    with transaction() as session:
        meeting, item = lock_item(session, item_id=item_id, actor=actor)
        check_conclude(actor, chair_id=meeting.presiding_id)
        require_state(meeting, MeetingState.OPEN)
        in_hand = session.scalars(select_in_hand(meeting.id)).first()
        if item.outcome is not None or (in_hand is not None and in_hand.id == item.id):
            raise AlreadyDone(item.id)
        check_no_vote_runs(session, meeting.id)
        take_in_hand(session, meeting, item, now=now)
        payload = {"item": item.title, "position": item.position}
        record_meeting(session, meeting, actor=actor, action="call_item", payload=payload, now=now)
        return meeting.id


def take_in_hand(session: Session, meeting: Meeting, item: AgendaItem, *, now: datetime) -> None:
    """Let an item be the one in hand; whoever speaks on another comes to an end."""
    in_hand = session.scalars(select_in_hand(meeting.id)).first()
    if in_hand is None or in_hand.id != item.id:
        end_running_speech(session, meeting, now=now)
        item.called_at = now
        session.flush()


def check_no_vote_runs(session: Session, meeting_id: uuid.UUID) -> None:
    """Raise VoteIsOpen while the members are voting on an item or on a motion: one matter at a time."""
    running = session.scalar(
        select(Poll.id).where(Poll.state.in_(RUNNING), Poll.subject_id.in_(_subjects(meeting_id))).limit(1)
    )
    if running is not None:
        raise VoteIsOpen(running)


def leave_chair(*, meeting_id: uuid.UUID, acting_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Hand the chair to somebody present, in order to speak for a side (DOMAIN.md C9).

    `acting_id`: the person who takes over. Raises NotFound, NotEligible (who does not preside), AlreadyDone
    (left before), FloorRefused (who takes over is not a member in the room), TransitionNotAllowed.
    """
    with transaction() as session:
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        require_state(meeting, MeetingState.OPEN)
        if meeting.acting_chair_id is not None:
            raise AlreadyDone(meeting.id)
        if meeting.chair_id is None or actor.person_id != meeting.chair_id or actor.assisted_by is not None:
            raise NotEligible(actor.person_id)
        if acting_id == meeting.chair_id or not _is_member_here(session, meeting, acting_id):
            raise FloorRefused(FloorFault.NOT_A_MEMBER)
        meeting.acting_chair_id = acting_id
        payload = {"acting": str(acting_id)}
        record_meeting(session, meeting, actor=actor, action="leave_chair", payload=payload, now=now)


def take_chair_again(*, meeting_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Return to the chair: not before what its holder spoke on is settled.

    The acting chair may call the holder back, too. Raises NotFound, NotEligible, TransitionNotAllowed (nobody
    stands in), FloorRefused.
    """
    with transaction() as session:
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        require_state(meeting, MeetingState.OPEN)
        if meeting.acting_chair_id is None:
            raise TransitionNotAllowed(meeting.id, "take_chair_again")
        if actor.person_id not in (meeting.chair_id, meeting.acting_chair_id):
            raise NotEligible(actor.person_id)
        if _has_spoken_on_what_is_unsettled(session, meeting):
            raise FloorRefused(FloorFault.SPOKE_ON_IT)
        meeting.acting_chair_id = None
        record_meeting(session, meeting, actor=actor, action="take_chair", payload={}, now=now)


def _subjects(meeting_id: uuid.UUID) -> Any:
    items = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id)
    return items.union_all(select(Motion.id).where(Motion.meeting_id == meeting_id))


def _is_member_here(session: Session, meeting: Meeting, person_id: uuid.UUID) -> bool:
    here = exists().where(
        Attendance.meeting_id == meeting.id,
        Attendance.person_id == person_id,
        Attendance.left_at.is_(None),
        Attendance.seat != Seat.OBSERVER,
    )
    return bool(session.scalar(select(here)))


def _has_spoken_on_what_is_unsettled(session: Session, meeting: Meeting) -> bool:
    """Tell it of the chair; a request that still waits, or a motion of the chair's, counts as well."""
    is_chair = Attendance.person_id == meeting.chair_id
    spoke = (
        select(Speech.id)
        .join(Attendance, Attendance.id == Speech.attendance_id)
        .join(AgendaItem, AgendaItem.id == Speech.item_id)
        .outerjoin(Motion, Motion.id == Speech.motion_id)
        .where(
            Speech.meeting_id == meeting.id,
            Speech.state != SpeechState.WITHDRAWN,
            is_chair,
            AgendaItem.outcome.is_(None),
            Motion.id.is_(None) | Motion.state.in_(rules.PENDING),
        )
    )
    moved = (
        select(Motion.id)
        .join(Attendance, Attendance.id == Motion.mover_id)
        .where(Motion.meeting_id == meeting.id, is_chair, Motion.state.in_(rules.PENDING))
    )
    return session.scalar(select(spoke.exists() | moved.exists())) is True
