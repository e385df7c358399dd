"""Reminders: of what is due, to whom they reach, at most once a day for each thing, and not at night."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.inbox.models import Choice, Notification
from civicforum.inbox.rules_told import Channel, Topic
from civicforum.inbox.services.reminding import Reminded, remind_all
from civicforum.matters.models import Matter
from civicforum.matters.rules import Stage
from civicforum.people.models import Person
from tests.integration.inbox.told import MORNING, NIGHT, add_address
from tests.integration.matters.carrying import Place, make_matter_at, make_place

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def place(session: Session) -> Place:
    return make_place()


@pytest.fixture
def member(place: Place) -> Person:
    """A member of the residents' committee with an e-mail address."""
    person = db.session.get_one(Person, place.actors[Role.COMMITTEE].person_id)
    add_address(person, "member@example.cn")
    return person


def due(place: Place, title: str, at: datetime) -> None:
    matter = db.session.get_one(Matter, make_matter_at(place, Stage.IN_REVIEW, due_at=at))
    matter.title = title
    db.session.commit()


def told() -> list[str]:
    return [
        f"{title}|{text}"
        for title, text in db.session.execute(
            select(Notification.title, Notification.text).order_by(Notification.created_at)
        )
    ]


def test_what_is_due_within_two_days_is_recalled_once_that_day(place: Place, member: Person) -> None:
    due(place, "路灯", MORNING + 2 * DAY)
    due(place, "下水道", MORNING + 2 * DAY + HOUR)
    assert remind_all(now=MORNING) == Reminded(people=1, things=1)
    [only] = told()
    assert "路灯" in only
    assert "下水道" not in only
    # An hour later the other one comes within two days; the first is not told again.
    assert remind_all(now=MORNING + HOUR) == Reminded(people=1, things=1)
    assert "路灯" not in told()[1]
    assert "下水道" in told()[1]
    assert remind_all(now=MORNING + 2 * HOUR) == Reminded()
    assert remind_all(now=MORNING + DAY) == Reminded(people=1, things=2)
    assert "路灯" in told()[2]
    assert "下水道" in told()[2]


def test_nobody_is_reminded_at_night(place: Place, member: Person) -> None:
    due(place, "路灯", MORNING + DAY)
    assert remind_all(now=NIGHT) == Reminded()


def test_who_has_no_address_or_does_not_want_reminders_gets_none(place: Place, member: Person) -> None:
    due(place, "路灯", MORNING + DAY)
    for channel in Channel:
        row = Choice(
            community_id=member.community_id,
            person_id=member.id,
            topic=Topic.REMINDERS,
            channel=channel,
            is_on=False,
        )
        db.session.add(row)
    db.session.commit()
    assert remind_all(now=MORNING) == Reminded()


def test_two_things_about_one_matter_are_one(place: Place, member: Person) -> None:
    due(place, "路灯", MORNING - DAY)
    assert remind_all(now=MORNING).things == 1
    assert len(told()) == 1
