"""What the pages of messages show: one that is new, one that was read, an address, and one that failed."""

from __future__ import annotations

import uuid
from datetime import datetime

from civicforum.database import transaction
from civicforum.inbox.models import Contact, OutboxMessage
from civicforum.inbox.rules_told import Channel, MessageState, Topic
from civicforum.inbox.telling import Telling, tell
from civicforum.people.models import Person


def make_told(person_id: uuid.UUID, *, now: datetime) -> str:
    """Tell somebody two things by mail, of which one fails; return the contact's id as mails carry it."""
    with transaction() as session:
        person = session.get_one(Person, person_id)
        contact = Contact(
            id=uuid.uuid4(),
            community_id=person.community_id,
            person_id=person.id,
            channel=Channel.EMAIL,
            address="reader@example.cn",
            added_at=now,
            verified_at=now,
        )
        session.add(contact)
        session.flush()
        for topic, title in (
            (Topic.MATTERS, "您的提议已受理：路灯坏了"),
            (Topic.VOTES, "现在可以投票：换届选举"),
        ):
            words = Telling(topic, "matter", None, title, "请到页面查看。", "inbox.home")
            tell(session, community_id=person.community_id, person_ids=[person.id], telling=words, now=now)
        failed = session.query(OutboxMessage).filter_by(person_id=person.id).limit(1).one()
        failed.state, failed.last_error = MessageState.FAILED, "recipient 550"
        return contact.id.hex
