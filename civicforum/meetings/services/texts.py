"""The versions of an item's text: each change keeps what stood before."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.meetings.models import AgendaItem, TextVersion


def add_version(
    session: Session,
    item: AgendaItem,
    text: str,
    motion_id: uuid.UUID | None = None,
    *,
    actor: Actor | None,
    now: datetime,
    note: str = "",
) -> TextVersion | None:
    """Give a locked item its new text, and keep it as the next version.

    `motion_id`: the amendment that made it. Returns None, and keeps nothing, where the text stays as it is.
    """
    last = session.scalar(select(func.max(TextVersion.number)).where(TextVersion.item_id == item.id)) or 0
    if text == item.text and (last or not text):
        return None
    item.text = text
    version = TextVersion(
        community_id=item.community_id,
        item_id=item.id,
        number=last + 1,
        text=text,
        note=note,
        motion_id=motion_id,
        made_by_id=actor.person_id if actor else None,
        made_at=now,
    )
    session.add(version)
    session.flush()
    return version
