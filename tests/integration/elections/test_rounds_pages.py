"""The pages of rounds, results, winners and the handover, walked from the roll to the last term."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.models import HandoverItem, Winner
from civicforum.elections.rules import CandidateState, Stage
from civicforum.people.models import Community, Person
from civicforum.rulebook.days import day_of
from tests.factories import actor_of, make_account, make_community, make_person, sign_in
from tests.support.elections import (
    make_candidate,
    make_election,
    make_registration,
    make_voters,
    seat_committee,
)
from tests.support.rounds import TWO_POSTS, Running, latest, make_running
from tests.support.statements import count_statements

# The pages take the time of the clock on the wall.
TODAY = day_of(datetime.now(UTC))
NAMES = {"主任": ("甲", "乙"), "委员": ("丙", "丁", "戊")}


def signed_in_officer(client: FlaskClient, person_id: uuid.UUID) -> None:
    with client.application.app_context():
        make_account(db.session.get_one(Person, person_id), login="officer")
    sign_in(client, "officer")


@pytest.fixture
def running(app: Flask, client: FlaskClient) -> Running:
    """Return an election of three days ago, before its first round, with one of its committee signed in."""
    with app.app_context():
        found = make_running(make_community(), NAMES, day=TODAY - timedelta(days=3))
    signed_in_officer(client, found.officer.person_id)
    return found


def test_roll_and_paper_are_made_and_posted_from_one_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        election = make_election(
            make_community(), stage=Stage.ROLL, seats=TWO_POSTS, day=TODAY + timedelta(days=25)
        )
        officer = actor_of(seat_committee(election)[0], Role.ELECTION_OFFICER)
        for person in make_voters(election, 3):
            make_registration(election, person)
        url, election_id = f"/elections/{election.id}", election.id
    signed_in_officer(client, officer.person_id)
    assert "编制名单" in client.get(f"{url}/rounds").text
    assert client.post(f"{url}/rounds/roll").status_code == 303
    assert "公布名单" in client.get(f"{url}/rounds").text
    assert client.post(f"{url}/rounds/roll/post").status_code == 303
    # A second click finds it posted, and says so on the same page.
    assert client.post(f"{url}/rounds/roll/post").status_code == 422
    with app.app_context():
        poll_id = latest(election_id).poll_id
        found = Running(election_id, officer.community_id, [officer], {}, TODAY)
        found.go_to(Stage.CANDIDATES)
    # Freezing waits for the paper, with a link to where it is set.
    page = client.get(f"/polls/{poll_id}/roll/freeze")
    assert f"{url}/rounds" in page.text
    refused = client.post(f"{url}/rounds/paper")
    assert refused.status_code == 422
    assert "第十八条" in refused.text
    with app.app_context():
        for title, names in NAMES.items():
            for name in names:
                person = make_person(db.session.get_one(Community, officer.community_id), name=name)
                make_candidate(found.election, title, person, state=CandidateState.FORMAL)
    assert client.post(f"{url}/rounds/paper").status_code == 303
    assert "丁" in client.get(f"{url}/rounds").text


def test_from_the_count_to_another_round_and_the_handover(
    app: Flask, client: FlaskClient, running: Running
) -> None:
    url = f"/elections/{running.election_id}"
    assert "还没有结果" in client.get(f"{url}/result").text
    with app.app_context():
        running.vote({"主任": {"甲": 8, "乙": 4}, "委员": {"丙": 9, "丁": 6, "戊": 4}}, voters=12)
    assert "丙" in client.get(f"{url}/rounds/take-over").text
    assert client.post(f"{url}/rounds/take-over").status_code == 303
    page = client.get(f"{url}/rounds/next")
    assert "丁" in page.text
    late = {"on": (running.day + timedelta(days=31)).isoformat(), "opens": "08:00", "closes": "18:00"}
    refused = client.post(f"{url}/rounds/next", data=late)
    assert refused.status_code == 422
    assert "三十日内" in refused.text
    times = {**late, "on": (running.day + timedelta(days=7)).isoformat()}
    assert client.post(f"{url}/rounds/next", data=times).status_code == 303
    shown = client.get(f"{url}/result").text
    assert all(name in shown for name in ("甲", "乙", "丙", "丁", "戊"))
    assert "8 &gt; 1/2 × 12 = 6" in shown
    with app.app_context():
        running.vote({"委员": {"丁": 7, "戊": 4}}, voters=11)
        running.take_over()
        ids = list(db.session.scalars(select(Winner.id)))
    _announce_and_hand_over(app, client, running, ids)


def _announce_and_hand_over(app: Flask, client: FlaskClient, running: Running, ids: list[uuid.UUID]) -> None:
    url = f"/elections/{running.election_id}"
    assert client.post(f"{url}/winners/announce").status_code == 303
    assert client.post(f"{url}/winners/announce").status_code == 422
    with app.app_context():
        running.go_to(Stage.RESULT)
    certificate = {"certificate": "2026-1", "certified_on": TODAY.isoformat()}
    assert client.get(f"{url}/winners/{ids[0]}/certificate").status_code == 200
    assert client.post(f"{url}/winners/{ids[0]}/certificate", data=certificate).status_code == 303
    assert client.post(f"{url}/winners/{ids[0]}/certificate", data={}).status_code == 422
    assert client.post(f"{url}/winners/file", data={"note": ""}).status_code == 422
    assert client.post(f"{url}/winners/file", data={"note": "松街备3号"}).status_code == 303
    page = client.get(f"{url}/winners").text
    assert "2026-1" in page
    assert "松街备3号" in page
    with app.app_context():
        running.go_to(Stage.HANDOVER)
        items = list(db.session.scalars(select(HandoverItem.id)))
    assert client.post(f"{url}/handover/items", data={"title": ""}).status_code == 422
    assert client.post(f"{url}/handover/items", data={"title": "钥匙"}).status_code == 303
    for item_id in items:
        assert client.post(f"{url}/handover/items/{item_id}", data={"note": "当面"}).status_code == 303
    too_early = {"since": (running.day - timedelta(days=1)).isoformat()}
    assert client.post(f"{url}/handover/terms", data=too_early).status_code == 422
    first_day = {"since": running.day.isoformat()}
    assert client.post(f"{url}/handover/terms", data=first_day).status_code == 303
    assert "钥匙" in client.get(f"{url}/handover").text


def test_who_does_not_take_the_seat_is_written_down_with_the_reason(
    app: Flask, client: FlaskClient, running: Running
) -> None:
    with app.app_context():
        running.vote({"主任": {"甲": 8}, "委员": {"丙": 9, "丁": 8}}, voters=12)
        running.take_over()
        winner_id = db.session.scalars(select(Winner.id).where(Winner.votes == 9)).one()
    url = f"/elections/{running.election_id}/winners/{winner_id}/let-go"
    assert client.get(url).status_code == 200
    assert client.post(url, data={"state": "declined"}).status_code == 422
    refused = client.post(url, data={"state": "yielded", "ground": "与主任是夫妻"})
    assert refused.status_code == 422
    assert client.post(url, data={"state": "declined", "ground": "身体原因"}).status_code == 303
    assert "身体原因" in client.get(f"/elections/{running.election_id}/result").text


def test_names_that_the_roll_does_not_settle_are_asked_for(
    app: Flask, client: FlaskClient, running: Running
) -> None:
    with app.app_context():
        running.vote({"主任": {"孙悟空": 8, "甲": 3}, "委员": {"丙": 9, "丁": 8}}, voters=12)
    url = f"/elections/{running.election_id}/rounds/take-over"
    assert "孙悟空" in client.get(url).text
    assert client.post(url).status_code == 422
    assert client.post(url, data={"who_0": "number", "number_0": "999"}).status_code == 422
    assert client.post(url, data={"who_0": "number", "number_0": "abc"}).status_code == 422
    answer: TestResponse = client.post(url, data={"who_0": "nobody"})
    assert answer.status_code == 303


def test_pages_of_polls_lead_back_to_the_election(client: FlaskClient, app: Flask, running: Running) -> None:
    with app.app_context():
        poll_id = latest(running.election_id).poll_id
    assert f"/elections/{running.election_id}/manage" in client.get(f"/polls/{poll_id}/manage").text
    assert f"/elections/{running.election_id}" in client.get(f"/polls/{poll_id}").text
    assert client.get(f"/polls/{poll_id}/edit").status_code == 409


def test_a_result_makes_a_bounded_number_of_statements(
    app: Flask, client: FlaskClient, running: Running
) -> None:
    with app.app_context():
        running.vote({"主任": {"甲": 8}, "委员": {"丙": 9, "丁": 8}}, voters=12)
        running.take_over()
    with count_statements() as counted:
        assert client.get(f"/elections/{running.election_id}/result").status_code == 200
    assert counted.total <= 40
