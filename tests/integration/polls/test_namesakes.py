"""Two people of one name on a posted roll are told apart by little, and never by an identity number."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, update
from sqlalchemy.orm import Session

from civicforum.database import db
from civicforum.people.models import Community
from civicforum.people.rules import Sex
from civicforum.polls.models import RollEntry
from civicforum.polls.queries.namesakes import Mark, marks_of
from tests.factories import make_community, make_person
from tests.support.elections import make_election, make_round, make_voters
from tests.support.polls import make_poll
from tests.support.statements import count_statements


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


def test_namesakes_are_marked_by_sex_and_decade_and_only_alike_ones_by_the_end_of_a_number(
    session: Session, community: Community
) -> None:
    born = [date(1961, 7, 9), date(1968, 1, 2), date(1985, 3, 4), date(1961, 7, 9), date(1990, 1, 1)]
    sexes = [Sex.FEMALE, Sex.FEMALE, Sex.FEMALE, Sex.MALE, Sex.MALE]
    names = ["王芳", "王芳", "王芳", "王芳", "李强"]
    people = [
        make_person(community, name=name, sex=sex, born_on=day, number=f"R7788{number}0")
        for number, (name, sex, day) in enumerate(zip(names, sexes, born, strict=True))
    ]
    home = people[0].household
    for person in people:
        person.household = home
    session.commit()
    poll = make_poll(community, people=people)
    marks = marks_of(session, poll_id=poll.id)
    assert [marks.get(entry) for entry in poll.entries] == [
        Mark(Sex.FEMALE, 1960, "00"),
        Mark(Sex.FEMALE, 1960, "10"),
        Mark(Sex.FEMALE, 1980),
        Mark(Sex.MALE, 1960),
        None,
    ]
    assert marks_of(session, poll_id=poll.id, names={"李强"}) == {}


def test_a_namesake_on_another_page_counts_too(app: Flask, client: FlaskClient) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with app.app_context():
        community = make_community()
        alike: dict[str, Any] = {
            "name": "王芳",
            "born_on": date(1961, 7, 9),
            "sex": Sex.FEMALE,
            "phone": "13900001111",
        }
        first, last = (make_person(community, number=number, **alike) for number in ("R778812", "R778834"))
        election = make_election(community)
        poll_id = make_round(election, people=[first, *make_voters(election, 60, bulk=True), last]).poll_id
    page = client.get(f"/polls/{poll_id}/roll").text
    assert "woman, born in 196×" in page
    for private in ("1961", "R778812", "13900001111"):
        assert private not in page
    assert client.get(f"/polls/{poll_id}/roll/sheet").text.count("born in 196×") == 2


def test_a_page_of_five_thousand_asks_no_more_than_a_page_of_fifty(app: Flask, client: FlaskClient) -> None:
    def statements(voters: int) -> tuple[int, int]:
        with app.app_context():
            community = db.session.query(Community).first() or make_community()
            election = make_election(community)
            people = make_voters(election, voters, bulk=True)
            poll_id = make_round(election, people=people).poll_id
            # Everybody has a namesake, half the roll away.
            half = func.mod(RollEntry.position, voters // 2)
            shared = (
                update(RollEntry).where(RollEntry.poll_id == poll_id).values(name=func.concat("居", half))
            )
            db.session.execute(shared)
            db.session.commit()
        counted = []
        for address in (f"/polls/{poll_id}/roll", f"/polls/{poll_id}/roll?q=居1&page=1"):
            with count_statements() as seen:
                assert client.get(address).status_code == 200
            counted.append(seen.total)
        return counted[0], counted[1]

    few = statements(50)
    assert statements(5000) == few
    assert max(few) < 15
