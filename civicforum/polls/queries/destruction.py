"""When keys and links are destroyed and sealed ballots leave the website."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.polls.models import BoardLine, Poll
from civicforum.polls.services.boards import FOUNDING_LINES


def destruction_due(session: Session, poll: Poll) -> datetime | None:
    """Return when keys and links are destroyed: as the manifest states it, even if voting was extended.

    Without a board it is what the poll plans; None where that has no end yet.
    """
    if poll.closes_at is None:
        return None
    return stated_destruction(session, poll.id) or poll.planned_destruction


def stated_destruction(session: Session, poll_id: uuid.UUID) -> datetime | None:
    """Return what the manifest says of it; None without a board, or where it says nothing of it."""
    raw = session.scalar(
        select(BoardLine.raw).where(BoardLine.poll_id == poll_id, BoardLine.number == FOUNDING_LINES)
    )
    stated = sealed.read_line(raw.encode()).get("terms", {}).get("destroyed") if raw else None
    return datetime.fromisoformat(stated).astimezone(UTC) if stated else None
