"""The speaking queue: who asks, to whom the chair gives the floor, and what was said."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import NotFound, TransitionNotAllowed
from civicforum.meetings import motions as motion_rules
from civicforum.meetings.floor import FloorFault, FloorRefused, FloorRules, SpeechState, Stance
from civicforum.meetings.models import Attendance, Motion, Speech
from civicforum.meetings.rules import check_conclude, check_run
from civicforum.meetings.services.chairing import check_no_vote_runs
from civicforum.meetings.services.floor_steps import Floor, end_running_speech, find_part, lock_floor
from civicforum.meetings.services.steps import lock_meeting, record_meeting
from civicforum.meetings.speaking import Asking, Request, Turn, check_ask, check_give, queue

LONGEST_GIST = 2000
# Turns that count against how often somebody may speak.
TAKEN = (SpeechState.SPEAKING, SpeechState.DONE)


def ask_to_speak(
    *,
    meeting_id: uuid.UUID,
    stance: Stance,
    actor: Actor,
    attendance_id: uuid.UUID | None = None,
    now: datetime,
) -> uuid.UUID:
    """Ask for the floor on what is on the table, saying first for which side. Returns the request's id.

    With `attendance_id` the clerk asks for somebody without a phone, and the request says so.
    Raises NotFound, NotEligible, TransitionNotAllowed, FloorRefused.
    """
    with transaction() as session:
        floor = lock_floor(session, meeting_id=meeting_id, actor=actor)
        row, entered_by = find_part(session, floor.meeting, attendance_id=attendance_id, actor=actor)
        motion = floor.on_the_table()
        speeches = list_speeches(session, floor, motion)
        own = [one for one in speeches if one.attendance_id == row.id]
        asking = Asking(
            stance=stance,
            seat=row.seat,
            is_presiding=row.person_id is not None and row.person_id == floor.meeting.presiding_id,
            is_waiting=any(one.state is SpeechState.WAITING for one in own),
            turns=sum(one.state in TAKEN for one in own),
            has_text=bool(floor.item.text),
            is_debate_over=motion_rules.is_debate_over(floor.known),
        )
        check_ask(asking, floor.rules)
        speech = Speech(
            community_id=floor.meeting.community_id,
            meeting_id=floor.meeting.id,
            item_id=floor.item.id,
            motion_id=motion.id if motion else None,
            attendance_id=row.id,
            stance=stance,
            allowed_seconds=floor.rules.speech_seconds,
            entered_by_id=entered_by,
            asked_at=now,
        )
        session.add(speech)
        session.flush()
        _record(session, floor, speech, "ask_to_speak", actor=actor, now=now, is_public=False)
        return speech.id


def withdraw_request(*, speech_id: uuid.UUID, actor: Actor, now: datetime) -> uuid.UUID:
    """Take back a request, one's own or, as the clerk, somebody's. Returns the meeting's id.

    Raises NotFound, NotEligible, TransitionNotAllowed (the floor was given already).
    """
    with transaction() as session:
        floor, speech = _lock_speech(session, speech_id, actor)
        _check_own_or_run(floor, speech, actor)
        if speech.state is not SpeechState.WAITING:
            raise TransitionNotAllowed(speech.state, SpeechState.WITHDRAWN)
        speech.state, speech.ended_at = SpeechState.WITHDRAWN, now
        _record(session, floor, speech, "withdraw_request", actor=actor, now=now, is_public=False)
        return floor.meeting.id


def give_floor(*, speech_id: uuid.UUID, reason: str = "", actor: Actor, now: datetime) -> uuid.UUID:
    """Let somebody speak: the next by the rules of procedure, or another with a reason, which is recorded.

    Returns the meeting's id. Raises NotFound, NotEligible, TransitionNotAllowed (taken back or given),
    VoteIsOpen (nobody speaks while the members vote), FloorRefused: somebody speaks, it is
    not the turn, or the motion is another by now.
    """
    with transaction() as session:
        floor, speech = _lock_speech(session, speech_id, actor)
        check_conclude(actor, chair_id=floor.meeting.presiding_id)
        if speech.state is not SpeechState.WAITING:
            raise TransitionNotAllowed(speech.state, SpeechState.SPEAKING)
        motion = floor.on_the_table()
        if speech.item_id != floor.item.id or speech.motion_id != (motion.id if motion else None):
            raise FloorRefused(FloorFault.OF_ANOTHER_MOTION)
        check_no_vote_runs(session, floor.meeting.id)
        _check_floor_is_free(session, floor)
        if speech.attendance.left_at is not None:
            raise FloorRefused(FloorFault.NOT_HERE)
        ordered = ordered_requests(list_speeches(session, floor, motion), floor.rules)
        check_give([one.id for one in ordered], speech.id, reason=reason)
        is_departure = ordered[0].id != speech.id
        speech.state, speech.started_at = SpeechState.SPEAKING, now
        speech.given_because = reason.strip() if is_departure else ""
        _record(session, floor, speech, "give_floor", actor=actor, now=now, reason=speech.given_because)
        return floor.meeting.id


def end_speech(*, speech_id: uuid.UUID, gist: str = "", actor: Actor, now: datetime) -> uuid.UUID:
    """End a turn: the speaker is done, or the chair or the clerk ends it. Returns the meeting's id.

    Raises NotFound, NotEligible, TransitionNotAllowed (over already).
    """
    with transaction() as session:
        floor, speech = _lock_speech(session, speech_id, actor)
        _check_own_or_run(floor, speech, actor)
        if speech.state is not SpeechState.SPEAKING:
            raise TransitionNotAllowed(speech.state, SpeechState.DONE)
        end_running_speech(session, floor.meeting, now=now)
        speech.gist = gist.strip()[:LONGEST_GIST] or speech.gist
        _record(session, floor, speech, "end_speech", actor=actor, now=now, is_public=False)
        return floor.meeting.id


def write_gist(*, speech_id: uuid.UUID, gist: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Write down for the minutes what somebody said. Returns the meeting's id.

    Raises NotFound, NotEligible, TransitionNotAllowed (nobody has spoken, or the session is over).
    """
    with transaction() as session:
        floor, speech = _lock_speech(session, speech_id, actor)
        check_run(actor, chair_id=floor.meeting.presiding_id)
        if speech.state not in TAKEN:
            raise TransitionNotAllowed(speech.state, "write_gist")
        speech.gist = gist.strip()[:LONGEST_GIST]
        _record(session, floor, speech, "write_gist", actor=actor, now=now, is_public=False)
        return floor.meeting.id


def list_speeches(session: Session, floor: Floor, motion: Motion | None) -> Sequence[Speech]:
    """Return requests and turns on what is on the table, in the order in which they were asked for."""
    on_it = Speech.motion_id.is_(None) if motion is None else Speech.motion_id == motion.id
    return session.scalars(
        select(Speech)
        .options(joinedload(Speech.attendance).joinedload(Attendance.person))
        .where(Speech.item_id == floor.item.id, on_it)
        .order_by(Speech.asked_at, Speech.id)
        .execution_options(populate_existing=True)
    ).all()


def ordered_requests(speeches: Sequence[Speech], rules: FloorRules) -> list[Speech]:
    """Return who waits on one motion, as they get the floor by the rules of procedure, from all on it."""
    taken = sorted((one for one in speeches if one.state in TAKEN), key=_began)
    turns = [Turn(one.attendance_id, one.stance) for one in taken]
    waiting = {one.id: one for one in speeches if one.state is SpeechState.WAITING}
    return [waiting[one.id] for one in queue([_request(one) for one in waiting.values()], turns, rules)]


def _request(speech: Speech) -> Request:
    person = speech.attendance.person
    number = person.number if person else ""
    return Request(speech.id, speech.attendance_id, speech.stance, speech.asked_at, number)


def _began(speech: Speech) -> datetime:
    return speech.started_at or speech.asked_at


def _check_floor_is_free(session: Session, floor: Floor) -> None:
    speaking = select(Speech.id).where(
        Speech.meeting_id == floor.meeting.id, Speech.state == SpeechState.SPEAKING
    )
    if session.scalar(speaking) is not None:
        raise FloorRefused(FloorFault.SOMEBODY_SPEAKS)


def _lock_speech(session: Session, speech_id: uuid.UUID, actor: Actor) -> tuple[Floor, Speech]:
    meeting_id = session.scalar(select(Speech.meeting_id).where(Speech.id == speech_id))
    if meeting_id is None:
        raise NotFound(speech_id)
    # First the lock, for whoever was quicker may have concluded the item.
    lock_meeting(session, meeting_id=meeting_id, actor=actor)
    speech = session.get_one(Speech, speech_id, populate_existing=True)
    return lock_floor(session, meeting_id=meeting_id, actor=actor), speech


def _check_own_or_run(floor: Floor, speech: Speech, actor: Actor) -> None:
    if speech.attendance.person_id != actor.person_id:
        check_run(actor, chair_id=floor.meeting.presiding_id)


def _record(
    session: Session,
    floor: Floor,
    speech: Speech,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    is_public: bool = True,
) -> None:
    payload = {
        "item": floor.item.title,
        "stance": speech.stance.value,
        "seat": speech.attendance.seat.value,
        "by_clerk": speech.entered_by_id is not None,
    }
    record_meeting(
        session,
        floor.meeting,
        actor=actor,
        action=action,
        payload=payload,
        reason=reason,
        now=now,
        is_public=is_public,
    )
