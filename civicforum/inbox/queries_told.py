"""Reads of what somebody is told, of their wishes, and of the outbox."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.inbox.models import Choice, Contact, Notification, OutboxMessage, Preference
from civicforum.inbox.rules import Need, NeedKind
from civicforum.inbox.rules_told import Channel, MessageState, Topic, Wish, is_wanted, masked
from civicforum.paging import Page, paginate


@dataclass(frozen=True)
class Wishes:
    """How somebody wants to be told. `contacts` by channel; `chosen` only what they have said."""

    wish: Wish
    contacts: dict[Channel, Contact]
    chosen: dict[tuple[Topic, Channel], bool]

    def wants(self, topic: Topic, channel: Channel) -> bool:
        return is_wanted(topic, channel, self.chosen.get((topic, channel)), is_statutory=False)


@dataclass(frozen=True)
class Failure:
    """A message that was given up; the address is shown to nobody whole."""

    message: OutboxMessage
    address: str


@dataclass(frozen=True)
class Counts:
    """How many messages wait, failed, and since when the oldest one that is due waits."""

    waiting: int
    failed: int
    oldest_due: datetime | None


def list_notifications(session: Session, *, person_id: uuid.UUID, number: int) -> Page[Notification]:
    """Return what somebody was told: unread first, the newest first."""
    return paginate(
        session,
        select(Notification)
        .where(Notification.person_id == person_id, Notification.is_shown)
        .order_by(Notification.read_at.is_not(None), Notification.created_at.desc(), Notification.id),
        number=number,
    )


def get_wishes(session: Session, *, person_id: uuid.UUID) -> Wishes:
    preference = session.scalars(select(Preference).where(Preference.person_id == person_id)).one_or_none()
    contacts = session.scalars(select(Contact).where(Contact.person_id == person_id)).all()
    choices = session.scalars(select(Choice).where(Choice.person_id == person_id)).all()
    return Wishes(
        Wish(preference.digest, preference.quiet_from, preference.quiet_until) if preference else Wish(),
        {contact.channel: contact for contact in contacts},
        {(choice.topic, choice.channel): choice.is_on for choice in choices},
    )


def list_failures(session: Session, *, community_id: uuid.UUID, number: int) -> Page[Failure]:
    """Return the messages that were given up, the newest first."""
    page = paginate(
        session,
        select(OutboxMessage)
        .where(OutboxMessage.community_id == community_id, OutboxMessage.state == MessageState.FAILED)
        .options(joinedload(OutboxMessage.person), joinedload(OutboxMessage.items))
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id),
        number=number,
    )
    contacts: Sequence[Contact] = session.scalars(
        select(Contact).where(Contact.person_id.in_([row.person_id for row in page.items]))
    ).all()
    addresses = {(one.person_id, one.channel): masked(one.address) for one in contacts}
    return page.map(lambda row: Failure(row, addresses.get((row.person_id, row.channel), "")))


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return that messages failed, for an administrator: somebody has to be told in another way."""
    if not actor.has(Role.ADMIN):
        return []
    has_failed = session.scalar(
        select(
            exists().where(
                OutboxMessage.community_id == actor.community_id, OutboxMessage.state == MessageState.FAILED
            )
        )
    )
    return [Need(NeedKind.SEE_FAILED, "", "inbox.outbox")] if has_failed else []


def count_outbox(session: Session, *, now: datetime, community_id: uuid.UUID | None = None) -> Counts:
    """Count what waits and what failed, in one community or in all."""
    statement = select(OutboxMessage.state, func.count(), func.min(OutboxMessage.not_before)).where(
        OutboxMessage.state.in_((MessageState.WAITING, MessageState.SENDING, MessageState.FAILED))
    )
    if community_id is not None:
        statement = statement.where(OutboxMessage.community_id == community_id)
    rows = session.execute(statement.group_by(OutboxMessage.state))
    found = {state: (count, first) for state, count, first in rows}
    waiting, oldest = found.get(MessageState.WAITING, (0, None))
    sending, _first = found.get(MessageState.SENDING, (0, None))
    failed, _first = found.get(MessageState.FAILED, (0, None))
    return Counts(waiting + sending, failed, oldest if oldest and oldest <= now else None)
