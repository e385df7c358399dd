"""Motions: moved, seconded, withdrawn, ruled out of order, and what follows when one is adopted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.meetings import motions as rules
from civicforum.meetings.floor import FloorFault, FloorRefused, MotionKind, MotionState
from civicforum.meetings.models import AgendaItem, Attendance, Meeting, Motion
from civicforum.meetings.motions import Known, Moved
from civicforum.meetings.rules import ASSEMBLIES, Outcome, Seat, check_conclude, check_study
from civicforum.meetings.services.chairing import check_no_vote_runs
from civicforum.meetings.services.floor_steps import (
    Floor,
    end_running_speech,
    find_part,
    known,
    let_requests_lapse,
    lock_floor,
    settle_item,
)
from civicforum.meetings.services.steps import record_meeting, rules_of
from civicforum.meetings.services.texts import add_version

LONGEST_TEXT, LONGEST_REASON = 8000, 500


@dataclass(frozen=True)
class NewMotion:
    """What is moved. `text` of an amendment is the whole text as it would read; `parent_id` is amended."""

    kind: MotionKind
    text: str = ""
    reason: str = ""
    parent_id: uuid.UUID | None = None


def move_motion(
    *,
    meeting_id: uuid.UUID,
    motion: NewMotion,
    actor: Actor,
    attendance_id: uuid.UUID | None = None,
    now: datetime,
) -> uuid.UUID:
    """Move something on the item in hand. Returns the motion's id.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid (too long), FloorRefused: not a member, who
    presides, or what motions.check_move refuses. VoteIsOpen: the members are voting. RuleRefused: an
    assembly would vote on what the party organisation has not studied.
    """
    with transaction() as session:
        floor = lock_floor(session, meeting_id=meeting_id, actor=actor)
        row, entered_by = find_part(session, floor.meeting, attendance_id=attendance_id, actor=actor)
        _check_may_move(floor, row)
        if len(motion.text) > LONGEST_TEXT or len(motion.reason) > LONGEST_REASON:
            raise Invalid("long", "text")
        moved = Moved(motion.kind, motion.text.strip(), _parent(floor, motion.parent_id))
        settled = list_settled_texts(session, floor)
        rules.check_move(moved, item_text=floor.item.text, motions=floor.known, settled=settled)
        check_no_vote_runs(session, floor.meeting.id)
        if moved.kind is MotionKind.MAIN:
            _check_studied(floor, moved.text)
        kept = Motion(
            community_id=floor.meeting.community_id,
            meeting_id=floor.meeting.id,
            item_id=floor.item.id,
            number=_next_number(session, floor.meeting),
            kind=motion.kind,
            state=rules.first_state(floor.rules),
            parent_id=motion.parent_id,
            text=moved.text,
            reason=motion.reason.strip(),
            mover_id=row.id,
            entered_by_id=entered_by,
            moved_at=now,
        )
        session.add(kept)
        session.flush()
        if kept.state is MotionState.OPEN:
            _put_on_the_table(session, floor.item, kept, actor=actor, now=now)
        _record(session, floor, kept, "move_motion", actor=actor, now=now, reason=kept.reason)
        return kept.id


def second_motion(
    *, motion_id: uuid.UUID, actor: Actor, attendance_id: uuid.UUID | None = None, now: datetime
) -> uuid.UUID:
    """Second a motion, so that it is talked about and voted on. Returns the meeting's id.

    Raises NotFound, NotEligible, TransitionNotAllowed, AlreadyDone (seconded), FloorRefused.
    """
    with transaction() as session:
        floor, motion = lock_motion(session, motion_id, actor)
        row, entered_by = find_part(session, floor.meeting, attendance_id=attendance_id, actor=actor)
        _check_may_move(floor, row)
        if motion.seconder_id is not None:
            raise AlreadyDone(motion.id)
        if row.id == motion.mover_id:
            raise FloorRefused(FloorFault.OWN_MOTION)
        motion.state = rules.move(motion.state, MotionState.OPEN)
        motion.seconder_id = row.id
        _put_on_the_table(session, floor.item, motion, actor=actor, now=now)
        _record(
            session, floor, motion, "second_motion", actor=actor, now=now, by_clerk=entered_by is not None
        )
        return floor.meeting.id


def withdraw_motion(*, motion_id: uuid.UUID, actor: Actor, now: datetime) -> uuid.UUID:
    """Take a motion back before the vote: its mover does, or the clerk for a mover without a phone.

    Returns the meeting's id. Raises NotFound, NotEligible, TransitionNotAllowed, FloorRefused, VoteIsOpen.
    """
    with transaction() as session:
        floor, motion = lock_motion(session, motion_id, actor)
        if motion.mover.person_id != actor.person_id and motion.entered_by_id is None:
            raise NotEligible(actor.person_id)
        find_part(session, floor.meeting, attendance_id=motion.mover_id, actor=actor)
        _end(session, floor, motion, MotionState.WITHDRAWN, actor=actor, now=now)
        _record(session, floor, motion, "withdraw_motion", actor=actor, now=now)
        return floor.meeting.id


def rule_out_motion(*, motion_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Rule a motion out of order, and say why. Returns the meeting's id.

    Raises NotFound, NotEligible (who does not preside), TransitionNotAllowed, FloorRefused, VoteIsOpen,
    Invalid.
    """
    with transaction() as session:
        floor, motion = lock_motion(session, motion_id, actor)
        check_conclude(actor, chair_id=floor.meeting.presiding_id)
        if not reason.strip() or len(reason) > LONGEST_REASON:
            raise Invalid("reason", "reason")
        _end(session, floor, motion, MotionState.RULED_OUT, actor=actor, now=now)
        motion.ruling = reason.strip()
        _record(session, floor, motion, "rule_out_motion", actor=actor, now=now, reason=motion.ruling)
        return floor.meeting.id


def agree_on_motion(*, motion_id: uuid.UUID, is_adopted: bool, actor: Actor, now: datetime) -> uuid.UUID:
    """Record what a deliberation, which does not vote, came to on a motion. Returns the meeting's id.

    Raises NotFound, NotEligible, TransitionNotAllowed (an assembly votes), FloorRefused (another one first).
    """
    with transaction() as session:
        floor, motion = lock_motion(session, motion_id, actor)
        check_conclude(actor, chair_id=floor.meeting.presiding_id)
        if floor.meeting.form in ASSEMBLIES:
            raise TransitionNotAllowed(floor.meeting.form, "agree")
        rules.check_put(known(motion), floor.known)
        settle(session, floor.meeting, floor.item, motion, is_adopted=is_adopted, actor=actor, now=now)
        action = "adopt_motion" if is_adopted else "defeat_motion"
        _record(session, floor, motion, action, actor=actor, now=now)
        return floor.meeting.id


def settle(
    session: Session,
    meeting: Meeting,
    item: AgendaItem,
    motion: Motion,
    *,
    is_adopted: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Let a motion be adopted or defeated; an adopted one changes what it was about."""
    motion.state = rules.move(motion.state, MotionState.ADOPTED if is_adopted else MotionState.DEFEATED)
    motion.settled_at = now
    end_running_speech(session, meeting, now=now)
    let_requests_lapse(session, item_id=item.id, motion_id=motion.id, now=now)
    if is_adopted:
        _carry_out(session, item, motion, actor=actor, now=now)
    session.flush()


def _carry_out(session: Session, item: AgendaItem, motion: Motion, *, actor: Actor, now: datetime) -> None:
    match motion.kind:
        case MotionKind.AMENDMENT if motion.parent_id is None:
            add_version(session, item, motion.text, motion.id, actor=actor, now=now)
        case MotionKind.AMENDMENT:
            session.get_one(Motion, motion.parent_id).text = motion.text
        case MotionKind.END_DEBATE:
            let_requests_lapse(session, item_id=item.id, motion_id=None, whole=True, now=now)
        case MotionKind.POSTPONE:
            item.outcome, item.outcome_text, item.concluded_at = Outcome.CONTINUED, motion.reason, now
            settle_item(session, item, main=MotionState.WITHDRAWN, now=now)


def lock_motion(session: Session, motion_id: uuid.UUID, actor: Actor) -> tuple[Floor, Motion]:
    """Return a motion on the item in hand with its floor, locked. Raises NotFound, FloorRefused."""
    meeting_id = session.scalar(select(Motion.meeting_id).where(Motion.id == motion_id))
    if meeting_id is None:
        raise NotFound(motion_id)
    floor = lock_floor(session, meeting_id=meeting_id, actor=actor)
    motion = next((one for one in floor.motions if one.id == motion_id), None)
    if motion is None:
        raise FloorRefused(FloorFault.NOT_ITS_TURN)
    return floor, motion


def list_settled_texts(session: Session, floor: Floor) -> list[str]:
    """Return what this session has adopted or defeated, unless the rulebook lets it be moved again.

    Defeated amendments of this item, and the texts of items that were voted on.
    """
    if rules_of(floor.meeting).switch("council.motion_repeated").on:
        return []
    texts = [
        one.text for one in floor.motions if one.state in rules.SETTLED and one.kind not in rules.AT_ONCE
    ]
    decided = select(AgendaItem.text).where(
        AgendaItem.meeting_id == floor.meeting.id,
        AgendaItem.outcome.in_((Outcome.ADOPTED, Outcome.NOT_ADOPTED)),
    )
    return [*texts, *session.scalars(decided)]


def _check_studied(floor: Floor, text: str) -> None:
    """Refuse to give an assembly's item a text that nobody has studied (art 30). Raises RuleRefused."""
    item = floor.item
    is_studied = item.matter_id is not None or item.studied_on is not None
    check_study(rules_of(floor.meeting), floor.meeting.form, text=text, is_studied=is_studied)


def _check_may_move(floor: Floor, row: Attendance) -> None:
    if row.seat is Seat.OBSERVER or (floor.meeting.form in ASSEMBLIES and row.seat is not Seat.MEMBER):
        raise FloorRefused(FloorFault.MEMBERS_MOVE)
    if row.person_id is not None and row.person_id == floor.meeting.presiding_id:
        raise FloorRefused(FloorFault.PRESIDING)


def _parent(floor: Floor, parent_id: uuid.UUID | None) -> Known | None:
    if parent_id is None:
        return None
    parent = next((one for one in floor.known if one.id == parent_id), None)
    if parent is None:
        raise NotFound(parent_id)
    return parent


def _next_number(session: Session, meeting: Meeting) -> int:
    last = session.scalar(select(func.max(Motion.number)).where(Motion.meeting_id == meeting.id))
    return (last or 0) + 1


def _put_on_the_table(
    session: Session, item: AgendaItem, motion: Motion, *, actor: Actor, now: datetime
) -> None:
    if motion.kind is MotionKind.MAIN:
        add_version(session, item, motion.text, motion.id, actor=actor, now=now)


def _end(
    session: Session, floor: Floor, motion: Motion, state: MotionState, *, actor: Actor, now: datetime
) -> None:
    if motion.state in rules.PENDING and any(
        one.parent_id == motion.id and one.state in rules.PENDING for one in floor.motions
    ):
        raise FloorRefused(FloorFault.SETTLE_FIRST)
    was_on_the_table = motion.state is MotionState.OPEN
    if motion.kind is MotionKind.MAIN and any(one.is_pending and one.id != motion.id for one in floor.known):
        raise FloorRefused(FloorFault.SETTLE_FIRST)
    state = rules.move(motion.state, state)
    # The text that is being voted on stays as it is: its motion cannot go while the vote on the item runs.
    check_no_vote_runs(session, floor.meeting.id)
    motion.state, motion.settled_at = state, now
    end_running_speech(session, floor.meeting, now=now)
    let_requests_lapse(session, item_id=floor.item.id, motion_id=motion.id, now=now)
    if motion.kind is MotionKind.MAIN and was_on_the_table:
        # The item is without a text again, and somebody else may give it one.
        add_version(session, floor.item, "", motion.id, actor=actor, now=now)
        let_requests_lapse(session, item_id=floor.item.id, motion_id=None, whole=True, now=now)


def _record(
    session: Session,
    floor: Floor,
    motion: Motion,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    by_clerk: bool | None = None,
) -> None:
    payload = {
        "item": floor.item.title,
        "number": motion.number,
        "kind": motion.kind.value,
        "by_clerk": motion.entered_by_id is not None if by_clerk is None else by_clerk,
    }
    record_meeting(
        session, floor.meeting, actor=actor, action=action, payload=payload, reason=reason, now=now
    )
