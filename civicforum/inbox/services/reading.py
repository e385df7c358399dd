"""Marking what was read."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import update

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import NotFound
from civicforum.inbox.models import Notification


def read_one(*, notification_id: uuid.UUID, actor: Actor, now: datetime) -> tuple[str, dict[str, str]]:
    """Mark a notification read; return the endpoint it leads to and its arguments. Raises NotFound."""
    with transaction() as session:
        row = session.get(Notification, notification_id, with_for_update=True, populate_existing=True)
        if row is None or row.person_id != actor.person_id or not row.is_shown:
            raise NotFound(notification_id)
        row.read_at = row.read_at or now
        return row.endpoint, dict(row.arguments)


def read_all(*, actor: Actor, now: datetime) -> None:
    """Mark everything read."""
    with transaction() as session:
        session.execute(
            update(Notification)
            .where(
                Notification.person_id == actor.person_id,
                Notification.read_at.is_(None),
                Notification.is_shown,
            )
            .values(read_at=now)
        )
