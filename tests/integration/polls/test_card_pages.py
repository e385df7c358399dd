"""The pages of voting cards: who sees what, and what a script is answered."""

from __future__ import annotations

import hashlib
import re
import uuid
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from civicforum import sealed
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.polls.integrity import BALLOT_SCRIPT, DIST
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState
from tests.factories import actor_of, make_account, make_community, make_officer, make_person, sign_in
from tests.support.keyholders import KeyPoll, make_key_poll

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def poll(client: FlaskClient) -> KeyPoll:
    """A sealed poll of today with a frozen roll; an officer is signed in."""
    opens_at = datetime.now(UTC) - timedelta(hours=1)
    with client.application.app_context():
        community = make_community()
        officer = make_officer(community, Role.ELECTION_OFFICER, login="officer")
        make_officer(community, Role.SUPERVISOR, login="supervisor")
        people = [make_person(community, name=name) for name in ("陈一", "林二", "黄三")]
        make_account(people[0], login="voter")
        made = make_key_poll(
            community,
            actor_of(officer, Role.ELECTION_OFFICER),
            people=people,
            opens_at=opens_at,
            closes_at=opens_at + timedelta(days=1),
        )
    sign_in(client, "officer")
    return made


def found_and_open(client: FlaskClient, poll: KeyPoll) -> None:
    now = datetime.now(UTC)
    with client.application.app_context():
        poll.make_cards()
        poll.hold_ceremony(now)
        poll.found(now)
        with transaction() as session:
            row = session.get_one(Poll, poll.id)
            row.state, row.opened_at = PollState.OPEN, now


def credentials(poll: KeyPoll) -> dict[str, str]:
    return {
        str(entry): sealed.to_base64(
            bytes(sealed.credential_of(str(poll.id), sealed.read_code(sealed.new_code())))
        )
        for entry in poll.poll.entries
    }


def test_the_script_gets_the_roll_in_its_order_and_posts_credentials(
    client: FlaskClient, poll: KeyPoll
) -> None:
    entries = client.get(f"/polls/{poll.id}/cards/entries").get_json()["entries"]
    assert [(one["number"], one["name"], one["made"]) for one in entries] == [
        (1, "陈一", False),
        (2, "林二", False),
        (3, "黄三", False),
    ]
    answer = client.post(f"/polls/{poll.id}/cards", json=credentials(poll))
    assert (answer.status_code, answer.get_json()) == (200, {"done": 0})
    again = client.post(f"/polls/{poll.id}/cards", json=credentials(poll), headers=ENGLISH)
    assert (again.status_code, again.get_json()["fault"]) == (409, "made_before")
    assert "make all cards anew" in again.get_json()["message"]
    assert client.post(f"/polls/{poll.id}/cards/discard", json={}).get_json() == {"done": 3}


@pytest.mark.parametrize("body", [None, [], "text", {"no-uuid": "AA"}, {str(uuid.uuid4()): "A A"}])
def test_what_is_no_list_of_credentials_is_refused(client: FlaskClient, poll: KeyPoll, body: object) -> None:
    assert client.post(f"/polls/{poll.id}/cards", json=body).status_code == 400


@pytest.mark.parametrize(
    "body", [None, {}, {"public": "AA", "reason": "whim"}, {"public": "~", "reason": "lost"}]
)
def test_what_is_no_new_card_is_refused(client: FlaskClient, poll: KeyPoll, body: object) -> None:
    address = f"/polls/{poll.id}/cards/{poll.poll.entries[0]}"
    assert client.post(address, json=body).status_code == 400


def test_a_supervisor_reads_the_page_and_makes_nothing(client: FlaskClient, poll: KeyPoll) -> None:
    sign_in(client, "supervisor")
    page = client.get(f"/polls/{poll.id}/cards").text
    assert "data-making" not in page
    assert client.post(f"/polls/{poll.id}/cards", json=credentials(poll)).status_code == 403


def test_a_lost_card_is_searched_by_name_group_or_number(client: FlaskClient, poll: KeyPoll) -> None:
    found_and_open(client, poll)
    wanted = {"林": ["林二"], "3": ["黄三"], "第一居民小组": ["陈一", "林二", "黄三"], "赵": [], "%": []}
    for typed, names in wanted.items():
        page = client.get(f"/polls/{poll.id}/cards", query_string={"q": typed}).text
        assert [name for name in ("陈一", "林二", "黄三") if name in page] == names, typed


def test_an_entry_of_another_poll_has_no_page_here(client: FlaskClient, poll: KeyPoll) -> None:
    found_and_open(client, poll)
    assert client.get(f"/polls/{poll.id}/cards/{poll.poll.entries[0]}").status_code == 200
    assert client.get(f"/polls/{poll.id}/cards/{uuid.uuid4()}").status_code == 404


def test_the_card_prints_the_hash_by_which_the_browser_checks_the_script(
    client: FlaskClient, poll: KeyPoll
) -> None:
    script = (DIST / BALLOT_SCRIPT).read_bytes()
    expected = "sha384-" + b64encode(hashlib.sha384(script).digest()).decode()
    assert f" {expected}</p>" in client.get(f"/polls/{poll.id}/cards").text
    found_and_open(client, poll)
    sign_in(client, "voter")
    page = client.get(f"/polls/{poll.id}/ballot").text
    checked = re.search(rf'dist/{BALLOT_SCRIPT}\?v=\w+" integrity="([^"]+)"', page)
    assert checked is not None
    assert checked[1] == expected
