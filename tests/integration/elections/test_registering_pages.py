"""The pages of registration: one tap, what is wrong beside its field, lists in pages of fifty."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.models import Election, Registration
from civicforum.elections.rules import RegistrationState, Stage, Way
from civicforum.people.models import Community
from civicforum.people.rules import CapacityKind
from tests.factories import make_account, make_community, make_household, make_officer, make_person, sign_in
from tests.support.elections import make_election, make_registration, make_round


@dataclass(frozen=True)
class Case:
    """A running registration, with somebody who has hukou here, a neighbour without, and an officer."""

    election_id: uuid.UUID
    community_id: uuid.UUID
    person_id: uuid.UUID

    def url(self, page: str) -> str:
        return f"/elections/{self.election_id}/{page}"


@pytest.fixture
def case(app: Flask, database: None) -> Case:
    with app.app_context():
        return make_case()


def make_case(**terms: Any) -> Case:
    community = make_community()
    election = make_election(community, **{"stage": Stage.REGISTRATION, **terms})
    person = make_person(community, name="周敏", phone="13900001234")
    make_account(person, login="zhou")
    make_account(make_person(community, capacities=[CapacityKind.USUAL_RESIDENCE]), login="neighbour")
    make_officer(community, Role.ELECTION_OFFICER, login="officer")
    make_officer(community, Role.CLERK, login="clerk")
    return Case(election.id, community.id, person.id)


def registrations(app: Flask) -> list[Registration]:
    with app.app_context():
        return list(db.session.scalars(select(Registration)))


def english(client: FlaskClient, login: str) -> FlaskClient:
    sign_in(client, login)
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    return client


def test_one_tap_registers_who_has_hukou_here(app: Flask, client: FlaskClient, case: Case) -> None:
    english(client, "zhou")
    page = client.get(case.url("register")).get_data(as_text=True)
    assert "One tap is enough" in page
    answer = client.post(
        case.url("register"), data={"ground": "hukou", "declared": "y"}, follow_redirects=True
    )
    assert "Yes, you are registered." in answer.get_data(as_text=True)
    assert [row.person_id for row in registrations(app)] == [case.person_id]
    again = client.post(
        case.url("register"), data={"ground": "hukou", "declared": "y"}, follow_redirects=True
    )
    assert "Nobody is registered twice" in again.get_data(as_text=True)


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(
    app: Flask, client: FlaskClient, case: Case
) -> None:
    english(client, "neighbour")
    assert "One tap is enough" not in client.get(case.url("register")).get_data(as_text=True)
    answer = client.post(case.url("register"), data={"ground": "usual_residence", "hukou_place": "桃园社区"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#declared"' in page
    assert "桃园社区" in page
    assert registrations(app) == []


def test_who_takes_part_withdraws_again(app: Flask, client: FlaskClient, case: Case) -> None:
    english(client, "zhou")
    client.post(case.url("register"), data={"ground": "hukou", "declared": "y"})
    row = registrations(app)[0]
    answer = client.post(
        case.url(f"registrations/{row.id}/withdraw"), data={"reason": ""}, follow_redirects=True
    )
    page = answer.get_data(as_text=True)
    assert "No, you are not registered." in page
    assert "at the person&#39;s own wish" in page


def test_the_posted_roll_answers_with_number_ground_and_the_way_to_object(
    app: Flask, client: FlaskClient, case: Case
) -> None:
    with app.app_context():
        election = db.session.get_one(Election, case.election_id)
        election.stage = Stage.ROLL
        community = db.session.get_one(Community, case.community_id)
        on_roll = make_person(community)
        make_account(on_roll, login="onroll")
        first = make_round(election, people=[on_roll])
        first.poll.roll_posted_at = datetime.now(UTC)
        db.session.commit()
        poll_id = first.poll_id
    english(client, "onroll")
    page = client.get(case.url("am-i-on")).get_data(as_text=True)
    assert "Yes, you are on the roll." in page
    assert "due in 5 days" in page
    english(client, "zhou")
    page = client.get(case.url("am-i-on")).get_data(as_text=True)
    assert "No, you are not on the roll." in page
    objection = f"/polls/{poll_id}/roll/object?kind=omitted"
    assert objection in page
    assert client.get(objection).status_code == 200


def test_the_page_says_that_nobody_registers_where_representatives_elect(
    app: Flask, client: FlaskClient, database: None
) -> None:
    with app.app_context():
        case = make_case(way=Way.REPRESENTATIVES)
    english(client, "zhou")
    page = client.get(case.url("register")).get_data(as_text=True)
    assert "representatives vote, and nobody registers" in page
    assert '<button class="govuk-button one-tap"' not in page


def test_the_page_says_who_of_the_household_votes_for_it(
    app: Flask, client: FlaskClient, database: None
) -> None:
    with app.app_context():
        case = make_case(way=Way.HOUSEHOLDS)
        community = db.session.get_one(Community, case.community_id)
        home = make_household(community)
        make_account(make_person(community, household=home), login="second")
        first = make_person(community, name="赵大爷", household=home)
        make_registration(db.session.get_one(Election, case.election_id), first, for_household=True)
    english(client, "second")
    assert "赵大爷 votes for your household." in client.get(case.url("register")).get_data(as_text=True)


def test_officers_find_by_name_and_see_neither_phone_nor_more_than_the_end_of_a_number(
    app: Flask, client: FlaskClient, case: Case
) -> None:
    with app.app_context():
        election = db.session.get_one(Election, case.election_id)
        community = db.session.get_one(Community, case.community_id)
        for number, born_on in (("000771", date(1970, 5, 17)), ("000882", date(1990, 5, 17))):
            make_registration(
                election,
                make_person(community, name="王芳", number=number, phone="13812345678", born_on=born_on),
            )
    english(client, "officer")
    page = client.get(case.url("registrations?q=王芳")).get_data(as_text=True)
    assert "born in 1970, register no. …771" in page
    assert "born in 1990, register no. …882" in page
    assert "13812345678" not in page
    assert "000771" not in page


def test_an_officer_finds_somebody_and_enters_the_statement(
    app: Flask, client: FlaskClient, case: Case
) -> None:
    english(client, "officer")
    found = client.post(case.url("registrations/enter"), data={"search": "q", "q": "周敏"})
    assert str(case.person_id) in found.get_data(as_text=True)
    nobody = client.post(case.url("registrations/enter"), data={"ground": "hukou", "declared": "y"})
    assert nobody.status_code == 422
    client.post(
        case.url("registrations/enter"),
        data={"person": str(case.person_id), "ground": "hukou", "declared": "y"},
    )
    assert [row.state for row in registrations(app)] == [RegistrationState.REGISTERED]


def test_an_officer_confirms_an_application(app: Flask, client: FlaskClient, case: Case) -> None:
    with app.app_context():
        election = db.session.get_one(Election, case.election_id)
        community = db.session.get_one(Community, case.community_id)
        row_id = make_registration(
            election,
            make_person(community),
            ground=CapacityKind.COMMUNITY_WORKER,
            employed_since=date(2020, 1, 1),
            state=RegistrationState.APPLIED,
        ).id
    english(client, "officer")
    page = case.url(f"registrations/{row_id}")
    assert client.post(page, data={"decision": "refuse", "reason": ""}).status_code == 422
    client.post(page, data={"decision": "confirm"})
    assert [row.state for row in registrations(app)] == [RegistrationState.REGISTERED]


def test_the_list_from_the_doors_goes_on_page_by_page(app: Flask, client: FlaskClient, case: Case) -> None:
    with app.app_context():
        community = db.session.get_one(Community, case.community_id)
        for _ in range(55):
            make_person(community)
    english(client, "officer")
    first = client.get(case.url("registrations/doors")).get_data(as_text=True)
    assert first.count('name="people"') == 50
    answer = client.post(case.url("registrations/doors"), data={"people": [str(case.person_id)]})
    assert answer.headers["Location"].endswith("page=2")
    assert [row.person_id for row in registrations(app)] == [case.person_id]
    assert client.post(case.url("registrations/doors"), data={}).status_code == 422


def test_a_clerk_registers_somebody_at_the_counter(app: Flask, client: FlaskClient, case: Case) -> None:
    english(client, "clerk")
    client.post(f"/desk/people/{case.person_id}/act", data={"reason": "本人到服务台"})
    client.post(case.url("register"), data={"ground": "hukou", "declared": "y"})
    (row,) = registrations(app)
    assert row.person_id == case.person_id
    assert row.entered_by_id is not None
