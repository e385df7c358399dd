"""Points of order: anybody present says that a rule is broken, and the chair rules at once (DOMAIN.md C9)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.meetings.models import PointOfOrder
from civicforum.meetings.rules import MeetingState, check_conclude
from civicforum.meetings.services.floor_steps import find_part, select_in_hand
from civicforum.meetings.services.steps import lock_meeting, record_meeting, require_state

LONGEST = 500


def raise_point(
    *,
    meeting_id: uuid.UUID,
    text: str,
    actor: Actor,
    attendance_id: uuid.UUID | None = None,
    now: datetime,
) -> uuid.UUID:
    """Say which rule is broken: the one thing that may interrupt a speech. Returns the point's id.

    Raises NotFound, NotEligible, TransitionNotAllowed, FloorRefused (not in the room), Invalid ("text").
    """
    with transaction() as session:
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        require_state(meeting, MeetingState.OPEN)
        row, entered_by = find_part(session, meeting, attendance_id=attendance_id, actor=actor)
        if not text.strip() or len(text) > LONGEST:
            raise Invalid("text", "text")
        item = session.scalars(select_in_hand(meeting.id)).first()
        point = PointOfOrder(
            community_id=meeting.community_id,
            meeting_id=meeting.id,
            item_id=item.id if item else None,
            attendance_id=row.id,
            text=text.strip(),
            entered_by_id=entered_by,
            raised_at=now,
        )
        session.add(point)
        session.flush()
        payload = {"by_clerk": entered_by is not None}
        record_meeting(
            session, meeting, actor=actor, action="raise_point", payload=payload, reason=point.text, now=now
        )
        return point.id


def rule_on_point(
    *, point_id: uuid.UUID, is_upheld: bool, ruling: str, actor: Actor, now: datetime
) -> uuid.UUID:
    """Rule on a point of order; the ruling is obeyed. Returns the meeting's id.

    Raises NotFound, NotEligible (who does not preside), AlreadyDone, Invalid ("ruling").
    """
    with transaction() as session:
        meeting_id = session.scalar(select(PointOfOrder.meeting_id).where(PointOfOrder.id == point_id))
        if meeting_id is None:
            raise NotFound(point_id)
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        check_conclude(actor, chair_id=meeting.presiding_id)
        require_state(meeting, MeetingState.OPEN)
        point = session.get_one(PointOfOrder, point_id, populate_existing=True)
        if point.ruled_at is not None:
            raise AlreadyDone(point.id)
        if len(ruling) > LONGEST or not (is_upheld or ruling.strip()):
            # Who is not upheld hears why.
            raise Invalid("ruling", "ruling")
        point.is_upheld, point.ruling = is_upheld, ruling.strip()
        point.ruled_by_id, point.ruled_at = actor.person_id, now
        payload = {"is_upheld": is_upheld}
        record_meeting(
            session,
            meeting,
            actor=actor,
            action="rule_on_point",
            payload=payload,
            reason=point.ruling,
            now=now,
        )
        return meeting.id
