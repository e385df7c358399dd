"""Steps that whatever happens on the floor begins with: the item in hand, what is on the table, who it is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.errors import NotFound
from civicforum.meetings import motions as rules
from civicforum.meetings.default_rules import limits_of
from civicforum.meetings.floor import (
    FloorFault,
    FloorRefused,
    FloorRules,
    MotionKind,
    MotionState,
    SpeechState,
)
from civicforum.meetings.models import AgendaItem, Attendance, Meeting, Motion, Speech
from civicforum.meetings.motions import Known
from civicforum.meetings.rules import MeetingState, check_run
from civicforum.meetings.services.steps import lock_meeting, require_state, rules_of


@dataclass(frozen=True)
class Floor:
    """A session that is locked, the item in hand, and everything moved on it in order."""

    meeting: Meeting
    item: AgendaItem
    motions: Sequence[Motion]

    @property
    def rules(self) -> FloorRules:
        """Return the session's rules of procedure."""
        return rules_of_floor(self.meeting)

    @property
    def known(self) -> list[Known]:
        """Return the motions as the rules take them."""
        return [known(one) for one in self.motions]

    def on_the_table(self) -> Motion | None:
        """Return the amendment that is talked about; None: the item itself."""
        found = rules.on_the_table(self.known)
        return next((one for one in self.motions if found is not None and one.id == found.id), None)


def known(motion: Motion) -> Known:
    """Return a motion as the rules take it."""
    return Known(motion.id, motion.number, motion.kind, motion.state, motion.text, motion.parent_id)


def rules_of_floor(meeting: Meeting) -> FloorRules:
    """Return the rules of procedure fixed at the opening; before it, what the rulebook says."""
    if meeting.floor_rules:
        return FloorRules(**meeting.floor_rules)
    return limits_of(rules_of(meeting))


def lock_floor(session: Session, *, meeting_id: uuid.UUID, actor: Actor) -> Floor:
    """Return the floor of an open session, locked. Raises NotFound, TransitionNotAllowed, FloorRefused."""
    meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
    require_state(meeting, MeetingState.OPEN)
    item = session.scalars(select_in_hand(meeting.id).execution_options(populate_existing=True)).first()
    if item is None:
        raise FloorRefused(FloorFault.NO_ITEM)
    return Floor(meeting, item, list_motions(session, item.id))


def select_in_hand(meeting_id: uuid.UUID) -> Select[AgendaItem]:
    """Select the item in hand: the one called last that is not concluded."""
    return (
        select(AgendaItem)
        .where(
            AgendaItem.meeting_id == meeting_id,
            AgendaItem.called_at.is_not(None),
            AgendaItem.outcome.is_(None),
        )
        .order_by(AgendaItem.called_at.desc(), AgendaItem.position)
        .limit(1)
    )


def list_motions(session: Session, item_id: uuid.UUID) -> Sequence[Motion]:
    """Return what was moved on an item, in order, as it is now."""
    return session.scalars(
        select(Motion)
        .where(Motion.item_id == item_id)
        .order_by(Motion.number)
        .execution_options(populate_existing=True)
    ).all()


def find_part(
    session: Session, meeting: Meeting, *, attendance_id: uuid.UUID | None, actor: Actor
) -> tuple[Attendance, uuid.UUID | None]:
    """Return who takes part, and the clerk who writes it down for somebody without a phone; None: nobody.

    Without `attendance_id` it is the actor. Raises NotFound, NotEligible, FloorRefused (not in the room).
    """
    own = Attendance.person_id == actor.person_id
    who = own if attendance_id is None else Attendance.id == attendance_id
    row = session.scalars(select(Attendance).where(Attendance.meeting_id == meeting.id, who)).one_or_none()
    if row is None and attendance_id is not None:
        raise NotFound(attendance_id)
    if row is None or row.left_at is not None:
        raise FloorRefused(FloorFault.NOT_HERE)
    if row.person_id == actor.person_id:
        return row, actor.assisted_by
    check_run(actor, chair_id=meeting.presiding_id)
    return row, actor.person_id


def let_requests_lapse(
    session: Session, *, item_id: uuid.UUID, motion_id: uuid.UUID | None, whole: bool = False, now: datetime
) -> None:
    """Take back the requests to speak on what is settled: on one motion, or on the `whole` item."""
    which = Speech.motion_id.is_(None) if motion_id is None else Speech.motion_id == motion_id
    lapse = update(Speech).where(Speech.item_id == item_id, Speech.state == SpeechState.WAITING)
    session.execute(
        (lapse if whole else lapse.where(which)).values(state=SpeechState.WITHDRAWN, ended_at=now),
        execution_options={"synchronize_session": "fetch"},
    )


def end_running_speech(session: Session, meeting: Meeting, *, now: datetime) -> None:
    """Let whoever speaks come to an end."""
    speaking = session.scalars(
        select(Speech).where(Speech.meeting_id == meeting.id, Speech.state == SpeechState.SPEAKING)
    ).one_or_none()
    if speaking is not None:
        speaking.state, speaking.ended_at = SpeechState.DONE, now
        session.flush()


def settle_item(session: Session, item: AgendaItem, *, main: MotionState, now: datetime) -> None:
    """With its item, settle the motion that gave it its text; whatever else waits, lapses."""
    for motion in list_motions(session, item.id):
        if motion.state in rules.PENDING:
            is_main = motion.kind is MotionKind.MAIN and motion.state is MotionState.OPEN
            motion.state = main if is_main else MotionState.WITHDRAWN
            motion.settled_at = now
    let_requests_lapse(session, item_id=item.id, motion_id=None, whole=True, now=now)
