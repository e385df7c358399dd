"""How and where to vote: what everybody reads on the page of an election, and what a voter reads besides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civicforum.database import db
from civicforum.elections.models import Election
from civicforum.elections.rules import Stage
from civicforum.polls.models import Poll, Station
from civicforum.polls.rules import PollState, StationKind
from tests.factories import make_account, make_community, make_person, sign_in
from tests.support.elections import make_election, make_round

TODAY = datetime.now(UTC)


@pytest.fixture
def address(app: Flask) -> str:
    """An election twenty days from now: `wang` is on its roll with a hall and a roving box, `zhao` is not."""
    with app.app_context():
        community = make_community()
        people = {
            login: make_person(community, name=name) for login, name in (("wang", "王芳"), ("zhao", "赵敏"))
        }
        for login, person in people.items():
            make_account(person, login=login)
        opens_at = TODAY + timedelta(days=20)
        times: dict[str, Any] = {"opens_at": opens_at, "closes_at": opens_at + timedelta(hours=10)}
        election = make_election(community, stage=Stage.CANDIDATES, by_proxy=True, **times)
        poll_id = make_round(election, people=[people["wang"]]).poll_id
        for name, kind in (("社区活动室", StationKind.HALL), ("一号流动票箱", StationKind.ROVING)):
            db.session.add(
                Station(
                    community_id=community.id,
                    poll_id=poll_id,
                    name=name,
                    kind=kind,
                    place="老年食堂旁" if kind is StationKind.HALL else "",
                    scribe="贾丽",
                )
            )
        db.session.commit()
        return f"/elections/{election.id}"


def test_everybody_reads_when_where_and_what_to_bring(client: FlaskClient, address: str) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    text = client.get(address).text
    for words in (
        "How and where to vote",
        "社区活动室",
        "老年食堂旁",
        "一号流动票箱",
        "Your identity card.",
        "贾丽",
        "There is no voting online in this election.",
        "ask them in writing until",
        "Sign in to see whether you are on it",
    ):
        assert words in text, words
    assert "You are on the roll" not in text


def test_a_voter_reads_that_they_are_on_the_roll_and_another_what_to_do(
    client: FlaskClient, address: str
) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, "wang")
    text = client.get(address).text
    assert "You are on the roll: no. 1." in text
    assert "Let somebody vote for you" in text
    sign_in(client, "zhao")
    text = client.get(address).text
    assert "You are not on the roll" in text
    assert "Let somebody vote for you" not in text


def test_nothing_is_said_of_voting_once_it_is_over(app: Flask, client: FlaskClient, address: str) -> None:
    with app.app_context():
        poll = db.session.query(Poll).one()
        poll.state, poll.opened_at, poll.closed_at = PollState.CLOSED, TODAY, TODAY
        db.session.query(Election).one().stage = Stage.COUNT
        db.session.commit()
    text = client.get(address, headers={"Accept-Language": "en"}).text
    assert "How and where to vote" not in text
    assert "Screen in the hall" in text
