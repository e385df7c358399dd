"""People who can be told something, and what is told."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select

from civicforum.database import db
from civicforum.inbox.models import Contact, OutboxMessage, Preference
from civicforum.inbox.rules_told import Channel, Digest, Topic
from civicforum.inbox.telling import Telling
from civicforum.people.models import Community, Household, Person
from civicforum.people.rules import Sex
from tests.factories import TODAY, make_household, make_person

# A Monday, ten in the morning in Shanghai.
MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
# The same day, ten in the evening: hours of quiet.
NIGHT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


def make_reader(
    community: Community, *, address: str = "", channel: Channel = Channel.EMAIL, digest: Digest | None = None
) -> Person:
    """Make somebody with a confirmed address."""
    person = make_person(community)
    add_address(person, address or f"reader{person.number}@example.cn", channel)
    if digest is not None:
        db.session.add(Preference(community_id=community.id, person_id=person.id, digest=digest))
        db.session.commit()
    return person


def add_address(
    person: Person, address: str, channel: Channel = Channel.EMAIL, *, is_verified: bool = True
) -> None:
    db.session.add(
        Contact(
            community_id=person.community_id,
            person_id=person.id,
            channel=channel,
            address=address,
            added_at=MORNING,
            verified_at=MORNING if is_verified else None,
        )
    )
    db.session.commit()


def make_crowd(community: Community, count: int) -> list[uuid.UUID]:
    """Make many people of one household at once, each with an e-mail address; return their ids."""
    household: Household = make_household(community)
    people = [
        {
            "id": uuid.uuid4(),
            "community_id": community.id,
            "number": f"C{number:05}",
            "name": f"居民{number}",
            "sex": Sex.FEMALE,
            "born_on": TODAY.replace(year=1980),
            "phone": "",
            "household_id": household.id,
        }
        for number in range(count)
    ]
    db.session.execute(insert(Person), people)
    db.session.execute(
        insert(Contact),
        [
            {
                "id": uuid.uuid4(),
                "community_id": community.id,
                "person_id": person["id"],
                "channel": Channel.EMAIL,
                "address": f"{person['number']}@example.cn",
                "added_at": MORNING,
                "verified_at": MORNING,
                "attempts": 0,
            }
            for person in people
        ],
    )
    db.session.commit()
    return [uuid.UUID(str(person["id"])) for person in people]


def telling(title: str = "您的提议已受理", *, topic: Topic = Topic.MATTERS, **given: Any) -> Telling:
    values: dict[str, Any] = {
        "subject_kind": "matter",
        "subject_id": None,
        "text": "请到页面查看。",
        "endpoint": "inbox.home",
        **given,
    }
    return Telling(topic=topic, title=title, **values)


def messages(person: Person | None = None) -> list[OutboxMessage]:
    """Return the messages of somebody, or all, as they are now."""
    statement = select(OutboxMessage).order_by(OutboxMessage.created_at, OutboxMessage.id)
    if person is not None:
        statement = statement.where(OutboxMessage.person_id == person.id)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))
