"""The meetings that come next, for the home page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingState


def list_coming(session: Session, *, community_id: uuid.UUID, limit: int) -> Sequence[Meeting]:
    """Return what is going on now and what is planned, the earliest first."""
    return session.scalars(
        select(Meeting)
        .where(
            Meeting.community_id == community_id,
            Meeting.state.in_((MeetingState.PLANNED, MeetingState.OPEN)),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    ).all()
