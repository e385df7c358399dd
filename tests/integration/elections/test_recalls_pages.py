"""The pages of recalls: what everybody reads, what officers and the member see, and what is refused."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.models import Recall
from civicforum.elections.recalls import RecallState
from civicforum.elections.rules import Way
from civicforum.elections.services import recalls as services
from civicforum.elections.services.recalls import Demand
from civicforum.people.models import Community
from civicforum.rulebook.days import day_of
from tests.factories import actor_of, make_account, make_community, make_officer, make_person, sign_in
from tests.support.recalls import make_member, make_residents


@dataclass(frozen=True)
class Case:
    """A member of the committee, twenty-one voters with the first of them signed in, an officer. Ids only."""

    term_id: uuid.UUID
    voters: list[Actor]
    recall_id: uuid.UUID | None = None

    @property
    def url(self) -> str:
        return f"/elections/recalls/{self.recall_id}"


@pytest.fixture
def case(app: Flask, database: None) -> Case:
    with app.app_context():
        return make_case()


@pytest.fixture
def demanded(app: Flask, database: None) -> Case:
    """Two of the three signatures that are needed are there: the signed-in voter's is not."""
    with app.app_context():
        made = make_case()
        now = datetime.now(UTC)
        asked = Demand(made.term_id, "三次无故缺席会议", way=Way.VOTERS)
        recall_id = services.demand_recall(demand=asked, actor=made.voters[1], now=now)
        services.sign_recall(recall_id=recall_id, actor=made.voters[2], now=now)
        return Case(made.term_id, made.voters, recall_id)


def make_case() -> Case:
    community = make_community()
    term = make_member(community)
    make_account(term.person, login="member")
    voters = make_residents(community, 20)
    make_account(voters[0], login="voter")
    make_account(make_person(community, capacities=()), login="guest")
    # The officer has a vote too.
    make_officer(community, Role.ELECTION_OFFICER, login="officer")
    return Case(term.id, [actor_of(one) for one in voters])


def english(client: FlaskClient, login: str) -> FlaskClient:
    sign_in(client, login)
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    return client


def text(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def state(app: Flask) -> RecallState:
    with app.app_context():
        return db.session.scalars(select(Recall.state)).one()


def test_a_voter_demands_a_recall_and_finds_it_on_the_list(client: FlaskClient, case: Case) -> None:
    english(client, "voter")
    assert "Nobody demands a recall" in text(client, "/elections/recalls")
    form = {"term": str(case.term_id), "reasons": "三次无故缺席会议", "way": "voters"}
    answer = client.post("/elections/recalls/new", data=form, follow_redirects=True)
    assert "The demand is filed" in answer.text
    assert "1 &lt; 1/10 × 21" in answer.text
    assert "三次无故缺席会议" in text(client, "/elections/recalls")


def test_what_is_missing_stands_beside_its_field_and_nothing_is_lost(client: FlaskClient, case: Case) -> None:
    english(client, "voter")
    answer = client.post("/elections/recalls/new", data={"new_facts": "四月的事"})
    assert answer.status_code == 422
    assert "Choose the member." in answer.text
    assert "Say why: the member answers to it" in answer.text
    assert "四月的事" in answer.text


def test_a_second_demand_leads_to_the_first(client: FlaskClient, demanded: Case) -> None:
    english(client, "voter")
    form = {"term": str(demanded.term_id), "reasons": "另一个理由", "way": "voters"}
    answer = client.post("/elections/recalls/new", data=form)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(demanded.url)


def test_who_has_no_vote_is_told_so(client: FlaskClient, demanded: Case) -> None:
    english(client, "guest")
    assert "Sign this demand" not in text(client, demanded.url)
    answer = client.post(f"{demanded.url}/sign")
    assert answer.status_code == 422
    assert "Only those sign who elect this post" in answer.text


def test_one_tap_signs_and_the_third_signature_completes_the_demand(
    app: Flask, client: FlaskClient, demanded: Case
) -> None:
    english(client, "voter")
    assert "Sign this demand" in text(client, demanded.url)
    answer = client.post(f"{demanded.url}/sign", follow_redirects=True)
    assert "You have signed the demand." in answer.text
    assert "3 ≥ 1/10 × 21" in answer.text
    assert state(app) is RecallState.COMPLETE


def test_names_of_signers_are_for_officers_and_the_member(client: FlaskClient, demanded: Case) -> None:
    for login, sees in (("voter", False), ("guest", False), ("officer", True), ("member", True)):
        assert ("选民2" in text(english(client, login), demanded.url)) is sees, login


def test_the_member_answers_on_the_public_page(client: FlaskClient, demanded: Case) -> None:
    english(client, "member")
    assert "Defend yourself" in text(client, demanded.url)
    answer = client.post(f"{demanded.url}/defence", data={"defence": ""})
    assert answer.status_code == 422
    answer = client.post(f"{demanded.url}/defence", data={"defence": "缺席因住院"}, follow_redirects=True)
    assert "Your defence is posted" in answer.text
    english(client, "guest")
    assert "缺席因住院" in text(client, demanded.url)
    assert client.get(f"{demanded.url}/defence").status_code == 403


def test_an_officer_enters_paper_and_puts_the_demand_to_the_vote(
    app: Flask, client: FlaskClient, demanded: Case
) -> None:
    english(client, "officer")
    url = f"{demanded.url}/signatures"
    answer = client.post(url, data={"lines": "选民2\n选民9"})
    assert answer.status_code == 422
    assert "选民2" in answer.text
    answer = client.post(url, data={"lines": "选民9"}, follow_redirects=True)
    assert "1 signature is entered." in answer.text
    today = day_of(datetime.now(UTC))
    form = {"on": str(today + timedelta(days=19)), "opens": "08:00", "closes": "18:00", "hearing": "书面申辩"}
    answer = client.post(f"{demanded.url}/vote", data=form)
    assert answer.status_code == 422
    assert "19 &lt; 20" in answer.text
    form["on"] = str(today + timedelta(days=21))
    answer = client.post(f"{demanded.url}/vote", data=form, follow_redirects=True)
    assert "The recall is put to the vote, and the roll is posted." in answer.text
    assert state(app) is RecallState.VOTING
    with app.app_context():
        poll_id = db.session.scalars(select(Recall.poll_id)).one()
    for page in (f"/polls/{poll_id}", f"/polls/{poll_id}/manage"):
        assert f'href="{demanded.url}"' in text(client, page)
    assert "put the recall to the vote" in text(client, "/register?about=recall")
    # Not before the result is certified.
    assert client.post(f"{demanded.url}/decide").status_code == 422


def test_the_form_shows_the_bar_of_the_profile_in_force(app: Flask, client: FlaskClient, case: Case) -> None:
    english(client, "voter")
    assert "for one year" in text(client, "/elections/recalls/new")
    with app.app_context():
        db.session.scalars(select(Community)).one().profile = "beijing-2026"
        db.session.commit()
    assert "on the same facts within the same term" in text(client, "/elections/recalls/new")
