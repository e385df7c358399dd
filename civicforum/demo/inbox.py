"""What the people of the demonstration were told in the last days, and one message that did not arrive."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from civicforum.accounts.models import Account
from civicforum.database import transaction
from civicforum.inbox.hearing.table import HEARD
from civicforum.inbox.models import Contact, Notification, OutboxItem, OutboxMessage
from civicforum.inbox.rules_told import Channel, MessageState
from civicforum.inbox.services.hearing import tell_part
from civicforum.records.models import JournalEntry

TOLD_DAYS = timedelta(days=12)
UNREAD_DAYS = timedelta(days=3)


def fill_inbox(now: datetime) -> None:
    """Tell people what the story's last days brought, at the time it happened; the older half is read."""
    with transaction() as session:
        entries = session.scalars(
            select(JournalEntry)
            .where(JournalEntry.at > now - TOLD_DAYS, JournalEntry.action.in_(HEARD))
            .order_by(JournalEntry.sequence)
        ).all()
        for entry in entries:
            for part in range(len(HEARD[entry.action])):
                tell_part(session, entry, part=part, after=None, now=entry.at)
        session.execute(
            update(Notification)
            .where(Notification.created_at < now - UNREAD_DAYS)
            .values(read_at=Notification.created_at)
        )
    _lose_one(now)


def _lose_one(now: datetime) -> None:
    """Give one resident an address that nobody has, and the message that came back from it."""
    with transaction() as session:
        told = session.scalars(
            select(Notification)
            .join(Account, Account.person_id == Notification.person_id)
            .where(Account.login == "resident")
            .order_by(Notification.created_at.desc())
            .limit(1)
        ).one_or_none()
        if told is None:
            return
        address = Contact(
            community_id=told.community_id,
            person_id=told.person_id,
            channel=Channel.EMAIL,
            # RFC 2606: this domain exists nowhere.
            address="resident@example.invalid",
            added_at=now,
            verified_at=now,
        )
        message = OutboxMessage(
            community_id=told.community_id,
            person_id=told.person_id,
            channel=Channel.EMAIL,
            state=MessageState.FAILED,
            created_at=told.created_at,
            not_before=told.created_at,
            attempts=1,
            last_error="recipient 550",
        )
        message.items = [OutboxItem(notification=told, channel=Channel.EMAIL)]
        session.add_all([address, message])
