"""Who is in the room, or at a screen: each stay is kept, and quorum follows from those who are there now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotFound
from civicforum.meetings import attendance
from civicforum.meetings.checking_in import channel_of
from civicforum.meetings.errors import NotYetTheDay
from civicforum.meetings.floor import SpeechState
from civicforum.meetings.models import Attendance, Meeting, Presence, Speech
from civicforum.meetings.rules import (
    MeetingState,
    ParticipantClass,
    PresenceChannel,
    Seat,
    check_run,
    is_on_day,
)
from civicforum.meetings.services.steps import lock_meeting, record_meeting, require_state
from civicforum.people.models import Person
from civicforum.rows import get_row

# People arrive before the chair opens.
TAKES_ATTENDANCE = (MeetingState.PLANNED, MeetingState.OPEN)


@dataclass(frozen=True)
class Coming:
    """How it is known that somebody came, and the clerk who entered it; None: the person said so."""

    channel: PresenceChannel
    entered_by_id: uuid.UUID | None = None


def check_in(
    *, meeting_id: uuid.UUID, actor: Actor, code: str = "", at_screen: bool = False, now: datetime
) -> Seat:
    """Say "I am here" on one's own phone: as a member, or as a resident who sits in; also on coming back.

    In the room of an open session one types its code; where it is held on screens one may be at one's own.
    Raises NotFound, TransitionNotAllowed, NotYetTheDay, AlreadyDone, Invalid ("code", "at_screen").
    """
    with transaction() as session:
        meeting = _meeting_taking_attendance(session, meeting_id=meeting_id, actor=actor, now=now)
        check_not_there(session, meeting, actor.person_id)
        channel = channel_of(meeting.held, expected=meeting.check_in_code, code=code, at_screen=at_screen)
        seating = attendance.Seating(session, meeting, now=now)
        how = Coming(channel, actor.assisted_by)
        row = _seat(session, meeting, seating, person_id=actor.person_id, how=how, now=now)
        _record_presence(session, meeting, row, actor=actor, action="check_in", now=now)
        return row.seat


def tick_present(
    *,
    meeting_id: uuid.UUID,
    person_ids: Sequence[uuid.UUID],
    actor: Actor,
    as_class: ParticipantClass | None = None,
    now: datetime,
) -> int:
    """Enter people as present, from the list at the door; who is present already stays so. Returns how many.

    `as_class` seats somebody who is no member as a participant with that view.
    Raises NotFound, NotEligible, TransitionNotAllowed, NotYetTheDay.
    """
    with transaction() as session:
        meeting = _meeting_taking_attendance(session, meeting_id=meeting_id, actor=actor, now=now)
        check_run(actor, chair_id=meeting.presiding_id)
        seating = attendance.Seating(session, meeting, now=now)
        how = Coming(PresenceChannel.CLERK, actor.person_id)
        entered = 0
        for person_id in dict.fromkeys(person_ids):
            try:
                row = _seat(
                    session, meeting, seating, person_id=person_id, how=how, as_class=as_class, now=now
                )
            except AlreadyDone:
                continue
            entered += 1
        if entered:
            payload = {"entered": entered, **({"seat": row.seat.value} if entered == 1 else {})}
            record_meeting(
                session,
                meeting,
                actor=actor,
                action="tick_present",
                payload=payload,
                now=now,
                is_public=False,
            )
        return entered


def add_guest(
    *, meeting_id: uuid.UUID, name: str, as_class: ParticipantClass, actor: Actor, now: datetime
) -> None:
    """Enter a guest from outside, such as a property firm's manager, who speaks and has no vote.

    Somebody of that name who had gone is back, with the side entered first. Raises NotFound, NotEligible,
    TransitionNotAllowed, NotYetTheDay, AlreadyDone (that guest is present).
    """
    with transaction() as session:
        meeting = _meeting_taking_attendance(session, meeting_id=meeting_id, actor=actor, now=now)
        check_run(actor, chair_id=meeting.presiding_id)
        row = session.scalars(
            select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.guest_name == name)
        ).one_or_none()
        if row is not None and row.left_at is None:
            raise AlreadyDone(row.id)
        if row is None:
            row = Attendance(
                community_id=meeting.community_id,
                meeting_id=meeting.id,
                guest_name=name,
                seat=Seat.PARTICIPANT,
                participant_class=as_class,
                arrived_at=now,
            )
            session.add(row)
        row.left_at = None
        _begin_stay(session, row, Coming(PresenceChannel.CLERK, actor.person_id), now=now)
        _record_presence(session, meeting, row, actor=actor, action="add_guest", now=now)


def leave(*, meeting_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Say that one goes. Raises NotFound, TransitionNotAllowed, AlreadyDone."""
    with transaction() as session:
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        require_state(meeting, *TAKES_ATTENDANCE)
        row = session.scalars(
            select(Attendance).where(
                Attendance.meeting_id == meeting.id, Attendance.person_id == actor.person_id
            )
        ).one_or_none()
        if row is None:
            raise NotFound(actor.person_id)
        _set_left(session, meeting, row, actor=actor, now=now)


def mark_left(*, attendance_id: uuid.UUID, actor: Actor, now: datetime) -> uuid.UUID:
    """Record that somebody went, or was ticked by mistake. Returns the meeting's id.

    Raises NotFound, NotEligible, TransitionNotAllowed, AlreadyDone.
    """
    with transaction() as session:
        meeting_id = session.scalar(select(Attendance.meeting_id).where(Attendance.id == attendance_id))
        if meeting_id is None:
            raise NotFound(attendance_id)
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        check_run(actor, chair_id=meeting.presiding_id)
        require_state(meeting, *TAKES_ATTENDANCE)
        row = session.get_one(Attendance, attendance_id, populate_existing=True)
        _set_left(session, meeting, row, actor=actor, now=now)
        return meeting.id


def check_not_there(session: Session, meeting: Meeting, person_id: uuid.UUID) -> None:
    """Raise AlreadyDone for somebody who is entered as present: a code is asked of nobody twice."""
    row = session.scalars(
        select(Attendance.id).where(
            Attendance.meeting_id == meeting.id,
            Attendance.person_id == person_id,
            Attendance.left_at.is_(None),
        )
    ).one_or_none()
    if row is not None:
        raise AlreadyDone(row)


def _meeting_taking_attendance(
    session: Session, *, meeting_id: uuid.UUID, actor: Actor, now: datetime
) -> Meeting:
    meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
    require_state(meeting, *TAKES_ATTENDANCE)
    if not is_on_day(meeting.starts_at, now):
        raise NotYetTheDay(meeting.starts_at)
    return meeting


def _seat(
    session: Session,
    meeting: Meeting,
    seating: attendance.Seating,
    *,
    person_id: uuid.UUID,
    how: Coming,
    as_class: ParticipantClass | None = None,
    now: datetime,
) -> Attendance:
    person = get_row(session, Person, person_id, community_id=meeting.community_id)
    row = session.scalars(
        select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.person_id == person_id)
    ).one_or_none()
    if row is not None and row.left_at is None:
        raise AlreadyDone(row.id)
    if row is None:
        seat, participant_class = seating.take(person)
        if seat is Seat.OBSERVER and as_class is not None:
            seat, participant_class = Seat.PARTICIPANT, as_class
        row = Attendance(
            community_id=meeting.community_id,
            meeting_id=meeting.id,
            person_id=person_id,
            seat=seat,
            participant_class=participant_class,
            arrived_at=now,
        )
        session.add(row)
    row.left_at = None
    _begin_stay(session, row, how, now=now)
    return row


def _begin_stay(session: Session, row: Attendance, how: Coming, *, now: datetime) -> None:
    session.flush()
    session.add(
        Presence(
            community_id=row.community_id,
            attendance_id=row.id,
            channel=how.channel,
            entered_by_id=how.entered_by_id,
            came_at=now,
        )
    )
    session.flush()


def _set_left(session: Session, meeting: Meeting, row: Attendance, *, actor: Actor, now: datetime) -> None:
    if row.left_at is not None:
        raise AlreadyDone(row.id)
    row.left_at = now
    # Of somebody who was there before sessions kept each stay there is none.
    session.execute(
        update(Presence)
        .where(Presence.attendance_id == row.id, Presence.left_at.is_(None))
        .values(left_at=func.greatest(now, Presence.came_at))
    )
    _yield_floor(session, row, now=now)
    _record_presence(session, meeting, row, actor=actor, action="leave", now=now)


def _yield_floor(session: Session, row: Attendance, *, now: datetime) -> None:
    """Let who goes ask and speak no more."""
    for speech in session.scalars(select(Speech).where(Speech.attendance_id == row.id)).all():
        if speech.state in (SpeechState.WAITING, SpeechState.SPEAKING):
            is_speaking = speech.state is SpeechState.SPEAKING
            speech.state = SpeechState.DONE if is_speaking else SpeechState.WITHDRAWN
            speech.ended_at = now


def _record_presence(
    session: Session, meeting: Meeting, row: Attendance, *, actor: Actor, action: str, now: datetime
) -> None:
    # Not in the public register: the minutes say who was there, and when people came and went is their own.
    record_meeting(
        session,
        meeting,
        actor=actor,
        action=action,
        payload={"seat": row.seat.value},
        now=now,
        is_public=False,
    )
