"""What somebody wants to be told, and how."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy import exists, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import Invalid, NotFound
from civicforum.inbox.models import Choice, Contact, Notification, OutboxItem, OutboxMessage, Preference
from civicforum.inbox.rules_told import STATUTORY, Channel, MessageState, Topic, Wish

Chosen = Mapping[tuple[Topic, Channel], bool]


def save_wishes(*, actor: Actor, wish: Wish, chosen: Chosen) -> None:
    """Keep how often somebody is told, when not, and of which topics by which channel.

    Raises Invalid "statutory": what the law asks for cannot be switched off.
    """
    if any(not is_on and topic in STATUTORY for (topic, _channel), is_on in chosen.items()):
        raise Invalid("statutory", "chosen")
    with transaction() as session:
        values = {"digest": wish.digest, "quiet_from": wish.quiet_from, "quiet_until": wish.quiet_until}
        session.execute(
            insert(Preference)
            .values(id=uuid.uuid4(), community_id=actor.community_id, person_id=actor.person_id, **values)
            .on_conflict_do_update(constraint="uq_preference_person_id", set_=values)
        )
        _choose(session, actor.community_id, actor.person_id, chosen)


def unsubscribe(*, contact_id: uuid.UUID) -> Contact:
    """Switch off every topic of a channel that can be; what waits of it is dropped. Raises NotFound.

    Asked for by the signed address in a mail: whoever holds it has the mail.
    """
    with transaction() as session:
        contact = session.get(Contact, contact_id)
        if contact is None:
            raise NotFound(contact_id)
        chosen = {(topic, contact.channel): False for topic in Topic if topic not in STATUTORY}
        _choose(session, contact.community_id, contact.person_id, chosen)
        binding = exists().where(
            OutboxItem.message_id == OutboxMessage.id,
            OutboxItem.notification_id == Notification.id,
            Notification.is_statutory,
        )
        session.execute(
            update(OutboxMessage)
            .where(
                OutboxMessage.person_id == contact.person_id,
                OutboxMessage.channel == contact.channel,
                OutboxMessage.state == MessageState.WAITING,
                ~binding,
            )
            .values(state=MessageState.DROPPED, last_error="unsubscribed")
        )
        return contact


def _choose(session: Session, community_id: uuid.UUID, person_id: uuid.UUID, chosen: Chosen) -> None:
    rows = [
        {
            "id": uuid.uuid4(),
            "community_id": community_id,
            "person_id": person_id,
            "topic": topic,
            "channel": channel,
            "is_on": is_on,
        }
        for (topic, channel), is_on in chosen.items()
    ]
    if not rows:
        return
    statement = insert(Choice).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            constraint="uq_choice_person_id_topic_channel", set_={"is_on": statement.excluded.is_on}
        )
    )
