"""Writing notifications, and the messages that carry them, for a handful of people or a batch of many."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicforum.inbox.models import Choice, Contact, Notification, OutboxItem, OutboxMessage, Preference
from civicforum.inbox.models.outbox import WAITING_DIGEST
from civicforum.inbox.rules_told import (
    Channel,
    Digest,
    MessageState,
    Topic,
    Wish,
    is_urgent,
    is_wanted,
    one_line,
    send_at,
)
from civicforum.jobs import defer
from civicforum.people.models import Person

if TYPE_CHECKING:
    from civicforum.inbox.telling import Telling

Values = dict[str, Any]
SEND = "inbox.send"


@dataclass(frozen=True)
class Listener:
    """Somebody to tell: whether it stands in the list on the site, by which channels it goes, and when."""

    person_id: uuid.UUID
    is_shown: bool
    channels: tuple[Channel, ...]
    wish: Wish


def write(
    session: Session,
    *,
    community_id: uuid.UUID,
    person_ids: Sequence[uuid.UUID],
    telling: Telling,
    now: datetime,
) -> int:
    """Tell each person what they have not been told yet; return how many. Six statements for any number."""
    wanting = {
        listener.person_id: listener
        for listener in _listeners(session, person_ids, telling.topic, is_statutory=telling.binds)
    }
    told = _insert_notifications(session, community_id, list(wanting.values()), telling, now)
    sent = [
        (notification_id, channel, wanting[person_id])
        for notification_id, person_id in told
        for channel in wanting[person_id].channels
    ]
    if sent and _insert_messages(session, community_id, sent, telling, now):
        # No queueing lock: two use cases would wait for each other's commit, one of them with the journal.
        defer(session, SEND)
    return len(told)


def _listeners(
    session: Session, person_ids: Sequence[uuid.UUID], topic: Topic, *, is_statutory: bool
) -> Iterator[Listener]:
    """Yield who wants to hear of a topic in any way, among people who still live here."""
    chosen: dict[tuple[uuid.UUID, Channel], bool] = {
        (person_id, channel): is_on
        for person_id, channel, is_on in session.execute(
            select(Choice.person_id, Choice.channel, Choice.is_on).where(
                Choice.person_id.in_(person_ids), Choice.topic == topic
            )
        )
    }
    for person_id, wish, channels in _people(session, person_ids):
        wanted = [
            channel
            for channel in (Channel.APP, *channels)
            if is_wanted(topic, channel, chosen.get((person_id, channel)), is_statutory=is_statutory)
        ]
        if wanted:
            outside = tuple(channel for channel in wanted if channel is not Channel.APP)
            yield Listener(person_id, Channel.APP in wanted, outside, wish)


def _people(
    session: Session, person_ids: Sequence[uuid.UUID]
) -> Iterator[tuple[uuid.UUID, Wish, list[Channel]]]:
    channels: dict[uuid.UUID, list[Channel]] = {}
    wishes: dict[uuid.UUID, Wish] = {}
    rows = session.execute(
        select(
            Person.id,
            Contact.channel,
            Preference.digest,
            Preference.quiet_from,
            Preference.quiet_until,
        )
        .outerjoin(Preference, Preference.person_id == Person.id)
        .outerjoin(Contact, and_(Contact.person_id == Person.id, Contact.verified_at.is_not(None)))
        .where(Person.id.in_(person_ids), Person.left_on.is_(None))
        .order_by(Person.id, Contact.channel)
    )
    for person_id, channel, digest, quiet_from, quiet_until in rows:
        wishes[person_id] = Wish() if digest is None else Wish(digest, quiet_from, quiet_until)
        channels.setdefault(person_id, []).extend([channel] if channel else [])
    yield from ((person_id, wish, channels[person_id]) for person_id, wish in wishes.items())


def _insert_notifications(
    session: Session, community_id: uuid.UUID, listeners: list[Listener], telling: Telling, now: datetime
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return id and person of the notifications that are new."""
    if not listeners:
        return []
    same = {
        "community_id": community_id,
        "event": telling.key,
        "topic": telling.topic,
        "subject_kind": telling.subject_kind,
        "subject_id": telling.subject_id,
        "title": one_line(telling.title, 200),
        "text": telling.text,
        "endpoint": telling.endpoint,
        "arguments": {name: str(value) for name, value in telling.arguments.items()},
        "is_statutory": telling.binds,
        "created_at": now,
    }
    rows = [
        {**same, "id": uuid.uuid4(), "person_id": one.person_id, "is_shown": one.is_shown}
        for one in listeners
    ]
    inserted = session.execute(
        insert(Notification)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(Notification.id, Notification.person_id)
    )
    return [(row.id, row.person_id) for row in inserted]


def _insert_messages(
    session: Session,
    community_id: uuid.UUID,
    sent: list[tuple[uuid.UUID, Channel, Listener]],
    telling: Telling,
    now: datetime,
) -> bool:
    """Write a message for each notification and channel, or put the notification into a waiting digest.

    Tells whether any message may go out at once.
    """
    items: list[Values] = []
    alone: list[Values] = []
    collected: dict[tuple[uuid.UUID, Channel], Values] = {}
    waiting: list[tuple[uuid.UUID, Channel, uuid.UUID]] = []
    for notification_id, channel, listener in sent:
        values = _message(community_id, channel, listener, telling, now)
        if values["is_digest"]:
            collected[(listener.person_id, channel)] = values
            waiting.append((listener.person_id, channel, notification_id))
        else:
            alone.append(values)
            items.append(_item(notification_id, channel, values["id"]))
    if alone:
        session.execute(insert(OutboxMessage), alone)
    digests = _open_digests(session, list(collected.values()))
    items += [_item(known, channel, digests[person_id, channel]) for person_id, channel, known in waiting]
    session.execute(insert(OutboxItem), items)
    return any(values["not_before"] <= now for values in alone)


def _message(
    community_id: uuid.UUID, channel: Channel, listener: Listener, telling: Telling, now: datetime
) -> Values:
    return {
        "id": uuid.uuid4(),
        "community_id": community_id,
        "person_id": listener.person_id,
        "channel": channel,
        "is_digest": listener.wish.digest is not Digest.AT_ONCE and not telling.binds,
        "is_urgent": is_urgent(now, is_statutory=telling.binds, deadline_at=telling.deadline_at),
        "state": MessageState.WAITING,
        "created_at": now,
        "not_before": send_at(
            now, listener.wish, is_statutory=telling.binds, deadline_at=telling.deadline_at
        ),
    }


def _item(notification_id: uuid.UUID, channel: Channel, message_id: uuid.UUID) -> Values:
    return {"notification_id": notification_id, "channel": channel, "message_id": message_id}


def _open_digests(session: Session, digests: list[Values]) -> dict[tuple[uuid.UUID, Channel], uuid.UUID]:
    """Return the waiting digest of each person and channel, made where there is none.

    The update writes nothing new: it locks the row, so that no worker claims a digest that is still filled.
    """
    if not digests:
        return {}
    statement = insert(OutboxMessage).values(digests)
    rows = session.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "channel", "not_before"],
            index_where=WAITING_DIGEST,
            set_={"not_before": statement.excluded.not_before},
        ).returning(OutboxMessage.person_id, OutboxMessage.channel, OutboxMessage.id)
    )
    return {(row.person_id, row.channel): row.id for row in rows}
