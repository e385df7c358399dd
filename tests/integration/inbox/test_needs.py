"""What waits is asked in one statement, and in more only where something does; nothing is lost by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.inbox.queries_needs import list_needs
from tests.factories import NOW, actor_of, make_account, make_community, make_person
from tests.support.filled import make_filled
from tests.support.needs import list_actors, list_of_each
from tests.support.statements import count_statements

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def filled(
    make_database: Callable[[str], str], make_app: Callable[[str], Flask], template: str
) -> Iterator[Session]:
    """Yield a session on a community with something on every page."""
    app = make_app(make_database(template))
    make_filled(app)
    # What waits is said in the language of a request.
    with app.test_request_context():
        yield db.session()
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("days", [-5, 0, 3, 20])
def test_what_waits_is_what_each_feature_says_whoever_asks(filled: Session, days: int) -> None:
    now = datetime.now(UTC) + days * DAY
    actors = list_actors(filled, now)
    assert {role for actor in actors for role in actor.roles} == set(Role)
    for actor in actors:
        assert list_needs(filled, actor, now) == list_of_each(filled, actor, now), actor


def test_whoever_nothing_waits_for_is_told_so_in_one_statement(session: Session) -> None:
    person = make_person(make_community())
    make_account(person)
    for actor in (actor_of(person), Actor(person.id, person.community_id, assisted_by=person.id)):
        with count_statements() as counted:
            assert list_needs(session, actor, NOW) == []
        assert counted.total == 1


def test_the_statement_is_the_same_for_all_with_the_same_posts(session: Session) -> None:
    community = make_community()
    texts = set()
    for number in range(2):
        with count_statements() as counted:
            list_needs(session, actor_of(make_person(community)), NOW + number * DAY)
        texts.update(text for text in counted.statements if " UNION ALL " in text)
    assert len(texts) == 1
