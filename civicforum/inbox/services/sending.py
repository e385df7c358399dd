"""Sending what is due: claimed first, sent then, settled last, each in a transaction of its own.

A claim is committed before anything is sent, so that two workers never send the same message. One window is
left: a worker that is killed after the server took a message and before that is written down. The message
goes out again when the claim has run out, under the same Message-ID: twice is better than never.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.database import transaction
from civicforum.inbox.channels.base import Outgoing, Refused, Sender, Unreachable
from civicforum.inbox.letters import outgoing
from civicforum.inbox.models import Contact, OutboxItem, OutboxMessage, Preference
from civicforum.inbox.rules_told import (
    CLAIM_LASTS,
    WAITS,
    Channel,
    MessageState,
    Wish,
    after_quiet,
    retry_at,
)
from civicforum.people.models import Community

logger = logging.getLogger(__name__)
BATCH = 20
NO_ADDRESS = "no address"
# What a run does not reach is left to the next one, a minute later.
MOST_BATCHES = 50


@dataclass(frozen=True)
class Claimed:
    """A message that is ours to send; `words` None: it cannot be sent, and `fault` says why."""

    id: uuid.UUID
    channel: Channel
    wish: Wish
    words: Outgoing | None
    fault: str = ""


@dataclass
class Sent:
    """How many messages were sent, put off, given up, and dropped."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    dropped: int = 0


def send_due(senders: Mapping[Channel, Sender], *, now: datetime) -> Sent:
    """Send what is due; any number of workers may do so at once."""
    done = Sent()
    down: set[Channel] = set()
    release_lost(now=now)
    for _round in range(MOST_BATCHES):
        claimed = _claim(now)
        for message in claimed:
            _send_one(message, senders, down, done, now)
        if len(claimed) < BATCH:
            break
    return done


def release_lost(*, now: datetime) -> None:
    """Let messages wait again whose worker is gone."""
    with transaction() as session:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.state == MessageState.SENDING, OutboxMessage.claimed_at <= now - CLAIM_LASTS)
            .values(state=MessageState.WAITING, claimed_at=None, is_digest=False)
        )


def _claim(now: datetime) -> list[Claimed]:
    with transaction() as session:
        rows = session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.state == MessageState.WAITING, OutboxMessage.not_before <= now)
            .order_by(OutboxMessage.not_before, OutboxMessage.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.state, row.claimed_at, row.attempts = MessageState.SENDING, now, row.attempts + 1
        ids = [row.id for row in rows]
    with transaction() as session:
        return _prepared(session, ids)


def _prepared(session: Session, ids: list[uuid.UUID]) -> list[Claimed]:
    """Read what claimed messages need, in a few statements for all of them, and put them into words."""
    rows = session.execute(
        select(OutboxMessage, Contact, Preference, Community.name)
        .join(Community, Community.id == OutboxMessage.community_id)
        .outerjoin(
            Contact,
            (Contact.person_id == OutboxMessage.person_id) & (Contact.channel == OutboxMessage.channel),
        )
        .outerjoin(Preference, Preference.person_id == OutboxMessage.person_id)
        .where(OutboxMessage.id.in_(ids))
        .options(
            selectinload(OutboxMessage.items).joinedload(OutboxItem.notification), joinedload(Contact.person)
        )
        .order_by(OutboxMessage.not_before, OutboxMessage.id)
        .execution_options(populate_existing=True)
    ).all()
    return [_claimed(*row) for row in rows]


def _claimed(
    message: OutboxMessage, contact: Contact | None, preference: Preference | None, community_name: str
) -> Claimed:
    wish = (
        Wish(preference.digest, preference.quiet_from, preference.quiet_until)
        if preference and not message.is_urgent
        else Wish(quiet_from=0, quiet_until=0)
        if message.is_urgent
        else Wish()
    )
    told = sorted(
        (item.notification for item in message.items), key=lambda one: (one.created_at, str(one.id))
    )
    # A message without items is the code that confirms an address: the only one an unconfirmed address gets.
    may_go = contact is not None and (contact.verified_at is not None or not told)
    if contact is None or not may_go:
        return Claimed(message.id, message.channel, wish, None, NO_ADDRESS)
    try:
        words = outgoing(message, contact, told, community_name=community_name)
    except Exception:
        # A message that cannot be put into words must not keep back the others of its batch.
        logger.exception("message %s cannot be put into words", message.id)
        return Claimed(message.id, message.channel, wish, None, "no words")
    return Claimed(message.id, message.channel, wish, words)


def _send_one(
    message: Claimed, senders: Mapping[Channel, Sender], down: set[Channel], done: Sent, now: datetime
) -> None:
    if message.words is None:
        state = MessageState.DROPPED if message.fault == NO_ADDRESS else MessageState.FAILED
        _settle(message, state, message.fault, done, now)
    elif message.channel in down:
        _put_off(message, done, now)
    else:
        sender = senders[message.channel]
        try:
            sender.send(message.words)
        except Unreachable as failure:
            if failure.whole:
                down.add(message.channel)
            _settle(message, MessageState.WAITING, failure.reason, done, now)
        except Refused as failure:
            _settle(message, MessageState.FAILED, failure.reason, done, now)
        else:
            state = MessageState.SENT if sender.is_real else MessageState.DROPPED
            _settle(message, state, "" if sender.is_real else "not set up", done, now)


def _settle(message: Claimed, state: MessageState, reason: str, done: Sent, now: datetime) -> None:
    """Write down what became of a message, unless its claim ran out and another worker has it."""
    with transaction() as session:
        row = _ours(session, message, now)
        if row is None:
            return
        again = retry_at(now, attempts=row.attempts) if state is MessageState.WAITING else None
        if state is MessageState.WAITING and again is None:
            state = MessageState.FAILED
        row.state, row.claimed_at, row.last_error = state, None, reason[:200]
        if again is not None:
            row.not_before, row.is_digest = after_quiet(again, message.wish), False
        if state is MessageState.SENT:
            row.sent_at = now
        if again is None:
            # A code that was sent or given up is nobody's business any more.
            row.text = ""
    _count(done, state)
    if state is MessageState.FAILED:
        logger.warning("message %s by %s failed: %s", message.id, message.channel.value, reason)


def _put_off(message: Claimed, done: Sent, now: datetime) -> None:
    """Let a message wait whose channel is down: it was not tried, and no attempt counts."""
    with transaction() as session:
        row = _ours(session, message, now)
        if row is not None:
            row.state, row.claimed_at, row.attempts = MessageState.WAITING, None, row.attempts - 1
            row.not_before, row.is_digest = after_quiet(now + WAITS[0], message.wish), False
            done.put_off += 1


def _ours(session: Session, message: Claimed, now: datetime) -> OutboxMessage | None:
    row = session.get(OutboxMessage, message.id, with_for_update=True, populate_existing=True)
    return row if row and row.state is MessageState.SENDING and row.claimed_at == now else None


def _count(done: Sent, state: MessageState) -> None:
    done.sent += state is MessageState.SENT
    done.put_off += state is MessageState.WAITING
    done.failed += state is MessageState.FAILED
    done.dropped += state is MessageState.DROPPED
