"""Near relatives of those on the paper neither watch nor count: the pages say whom the register knows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civicforum.database import db
from civicforum.people.models import Community, Kinship, Person
from civicforum.people.rules import KinshipKind
from civicforum.polls.models import Poll, Station
from civicforum.polls.queries.relatives import warn_of_stations
from civicforum.polls.questions import QuestionKind, QuestionSpec
from civicforum.polls.rules_paper import BoxSheet
from tests.factories import make_community, make_person, sign_in
from tests.support.paper import Hall, make_hall, make_station, stop
from tests.support.statements import count_statements

CHOICE = QuestionSpec(QuestionKind.SELECTION, "选举委员", options=("陈候选", "吴候选"), most=1, seats=1)


@dataclass(frozen=True)
class Place:
    """A stopped poll whose station 孙一, 李二 and 周三 watch; 赵办事 and 钱委员 count."""

    hall: Hall
    url: str


def relate(community: Community, one: uuid.UUID, other: uuid.UUID) -> None:
    pair = {"person_id": one, "relative_id": other, "kind": KinshipKind.SIBLING}
    db.session.add(Kinship(community_id=community.id, **pair))
    db.session.commit()


@pytest.fixture
def place(app: Flask, client: FlaskClient) -> Place:
    with app.app_context():
        community = make_community()
        hall = make_hall(community, questions=[CHOICE], logins=("clerk", "election_officer"))
        first, second = (make_person(community, name=name) for name in CHOICE.options)
        watcher = make_person(community, name="李二")
        make_person(community, name="周三")
        # Kinship is known from either side.
        relate(community, first.id, watcher.id)
        relate(community, hall.clerk.person_id, second.id)
        hall.issue(0)
        stop(hall.poll)
        return Place(hall, f"/polls/{hall.poll.id}/stations")


def warned(place: Place) -> list[str]:
    session = db.session()
    poll = session.get_one(Poll, place.hall.poll.id)
    station = session.get_one(Station, place.hall.station, populate_existing=True)
    return warn_of_stations(session, poll, [station])[station.id]


def test_who_watches_is_known_by_name_and_who_counts_by_sign_in(app: Flask, place: Place) -> None:
    with app.app_context():
        assert warned(place) == ["李二"]
        sheet = BoxSheet(found=1, invalid=0, counts=(1, 0), texts=(), grounds={})
        place.hall.count(sheet, by=place.hall.second)
        db.session.expire_all()
        assert warned(place) == ["李二"]
        place.hall.count(sheet, by=place.hall.clerk)
        db.session.expire_all()
        assert sorted(warned(place)) == ["李二", "赵办事"]


def test_who_has_moved_away_is_somebody_else(app: Flask, place: Place) -> None:
    with app.app_context():
        gone = db.session.query(Person).filter_by(name="李二").one()
        gone.left_on = gone.born_on
        db.session.commit()
        assert warned(place) == []


def test_the_pages_warn_and_refuse_nothing(app: Flask, client: FlaskClient, place: Place) -> None:
    sign_in(client, "election_officer")
    assert "登记册" in client.get(place.url).text
    assert "blocked" not in client.get(f"{place.url}/{place.hall.station}/count").text
    sign_in(client, "clerk")
    count = f"{place.url}/{place.hall.station}/count"
    assert "blocked" in client.get(count).text
    typed = {"found": "1", "invalid": "0", "mark-0": "1", "mark-1": "0"}
    assert client.post(count, data=typed).status_code == 303


def test_many_stations_cost_no_more_statements(app: Flask, place: Place) -> None:
    with app.app_context():
        session = db.session()
        poll = session.get_one(Poll, place.hall.poll.id)
        ids = [place.hall.station, *(make_station(place.hall.poll, name=f"{at}号楼") for at in range(5))]
        stations = [session.get_one(Station, one) for one in ids]
        found = []
        for some in (stations[:1], stations):
            for station in some:
                assert station.counts == []
            len(poll.questions)
            with count_statements() as counted:
                assert set(map(tuple, warn_of_stations(session, poll, some).values())) == {("李二",)}
            found.append(counted.total)
    assert found[0] == found[1]
