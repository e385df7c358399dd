"""What an operator does with messages that failed, and what is kept no longer."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from civicforum.database import transaction
from civicforum.inbox.models import (
    Choice,
    Contact,
    Notification,
    OutboxItem,
    OutboxMessage,
    Preference,
    Reminder,
)
from civicforum.inbox.rules_told import MessageState
from civicforum.inbox.services.writing import SEND
from civicforum.jobs import defer

KEEP_MESSAGES = timedelta(days=180)
KEEP_NOTIFICATIONS = timedelta(days=365)
KEEP_REMINDERS = timedelta(days=30)
# In one night; what is left goes in the next.
BATCH = 20_000


def retry_failed(
    *, community_id: uuid.UUID | None, now: datetime, message_id: uuid.UUID | None = None
) -> int:
    """Let failed messages go out again: of one community or all, one of them or all. Returns how many.

    A code that was to confirm an address is not among them: it is too old.
    """
    with transaction() as session:
        statement = update(OutboxMessage).where(
            OutboxMessage.state == MessageState.FAILED,
            exists().where(OutboxItem.message_id == OutboxMessage.id),
        )
        if community_id is not None:
            statement = statement.where(OutboxMessage.community_id == community_id)
        if message_id is not None:
            statement = statement.where(OutboxMessage.id == message_id)
        statement = statement.values(state=MessageState.WAITING, not_before=now, attempts=0, is_digest=False)
        again = session.execute(statement.returning(OutboxMessage.id)).all()
        if again:
            defer(session, SEND)
        return len(again)


def forget_old(*, now: datetime) -> None:
    """Delete what nobody needs any more: messages of half a year ago, notifications of a year ago."""
    with transaction() as session:
        _delete_messages(
            session,
            select(OutboxMessage.id)
            .where(
                OutboxMessage.created_at < now - KEEP_MESSAGES,
                OutboxMessage.state.not_in((MessageState.WAITING, MessageState.SENDING)),
            )
            .limit(BATCH),
        )
        old = (
            select(Notification.id)
            .where(
                Notification.created_at < now - KEEP_NOTIFICATIONS,
                ~exists().where(OutboxItem.notification_id == Notification.id),
            )
            .limit(BATCH)
        )
        session.execute(delete(Notification).where(Notification.id.in_(old)))
        session.execute(delete(Reminder).where(Reminder.day < (now - KEEP_REMINDERS).date()))


def forget_person(session: Session, *, person_id: uuid.UUID) -> None:
    """Delete all that the inbox keeps of somebody, in the caller's transaction."""
    notifications = select(Notification.id).where(Notification.person_id == person_id)
    messages = select(OutboxMessage.id).where(OutboxMessage.person_id == person_id)
    session.execute(
        delete(OutboxItem).where(
            or_(OutboxItem.notification_id.in_(notifications), OutboxItem.message_id.in_(messages))
        )
    )
    for table in (OutboxMessage, Notification, Contact, Choice, Preference, Reminder):
        session.execute(delete(table).where(table.person_id == person_id))


def _delete_messages(session: Session, messages: Select[uuid.UUID]) -> None:
    ids = session.scalars(messages).all()
    session.execute(delete(OutboxItem).where(OutboxItem.message_id.in_(ids)))
    session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(ids)))
