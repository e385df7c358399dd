"""The pages of the key ceremony and of the opening: who sees them, and what scripts are told."""

from __future__ import annotations

import threading
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from civicforum.accounts.models import Account
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.polls.models import BoardLine, Poll
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.services import opening, trustees
from tests.factories import (
    NOW,
    actor_of,
    make_account,
    make_community,
    make_officer,
    make_person,
    sign_in,
)
from tests.support.keyholders import KeyPoll, make_key_poll, message_of
from tests.support.polls import AGAINST, FOR, make_poll


def key_poll(app: Flask) -> KeyPoll:
    """Make a sealed poll; its officer signs in as "officer", a stranger as "stranger"."""
    with app.app_context():
        community = make_community()
        officer = make_officer(community, Role.ELECTION_OFFICER, login="officer")
        make_account(make_person(community), login="stranger")
        return make_key_poll(community, actor_of(officer, Role.ELECTION_OFFICER), voters=3)


def login_of(app: Flask, poll: KeyPoll, number: int) -> str:
    with app.app_context():
        person_id = poll.keyholders[number - 1].actor.person_id
        return db.session.scalars(select(Account.login).where(Account.person_id == person_id)).one()


def closed(app: Flask) -> KeyPoll:
    poll = key_poll(app)
    with app.app_context():
        poll.hold_ceremony()
        poll.make_cards()
        poll.found()
        poll.vote_and_close([[FOR], [AGAINST]])
    return poll


def test_an_officer_names_trustees_by_number_or_name(app: Flask, client: FlaskClient) -> None:
    poll = key_poll(app)
    sign_in(client, "officer")
    page = client.get(f"/polls/{poll.id}/ceremony")
    assert page.status_code == 200
    sent = {"trustee_1": "持钥人1", "trustee_2": "没有此人", "trustee_3": "持钥人3"}
    refused = client.post(f"/polls/{poll.id}/ceremony", data=sent)
    assert refused.status_code == 422
    assert 'value="持钥人3"' in refused.text
    twice = client.post(f"/polls/{poll.id}/ceremony", data={**sent, "trustee_2": "持钥人1"})
    assert twice.status_code == 422
    done = client.post(f"/polls/{poll.id}/ceremony", data={**sent, "trustee_2": "持钥人2"})
    assert done.status_code == 303
    with app.app_context():
        assert [one.name for one in poll.ceremony().trustees] == ["持钥人1", "持钥人2", "持钥人3"]


def test_a_trustees_page_is_the_trustees_alone(app: Flask, client: FlaskClient) -> None:
    poll = key_poll(app)
    with app.app_context():
        poll.start()
    sign_in(client, "stranger")
    assert client.get(f"/polls/{poll.id}/trustee").status_code == 403
    assert client.get(f"/polls/{poll.id}/ceremony/state").status_code == 403
    assert client.get(f"/polls/{poll.id}/ceremony").status_code == 403
    sign_in(client, login_of(app, poll, 2))
    page = client.get(f"/polls/{poll.id}/trustee")
    assert 'data-number="2"' in page.text
    state = client.get(f"/polls/{poll.id}/ceremony/state").get_json()
    assert (state["round"], state["threshold"], state["size"]) == ("hello", 2, 3)


def test_what_a_browser_says_is_kept_or_refused_in_json(app: Flask, client: FlaskClient) -> None:
    poll = key_poll(app)
    with app.app_context():
        poll.start()
        hello = message_of(poll.keyholders[0].trustee(poll.ceremony()).hello())
    sign_in(client, login_of(app, poll, 1))
    address = f"/polls/{poll.id}/ceremony"
    assert client.post(f"{address}/deal", json=hello).status_code == 409
    assert client.post(f"{address}/hello", json={**hello, "i": 2}).status_code == 422
    assert client.post(f"{address}/hello", json=hello).status_code == 204
    assert client.post(f"{address}/heard", json={"characters": "00000000"}).status_code == 409
    strange = client.post(f"{address}/nothing", json={})
    assert strange.status_code == 400
    assert client.post(f"{address}/hello", data="no json").status_code == 400
    told = client.post(f"{address}/hello", json={**hello, "commit": "A" * 43}).get_json()
    assert told["fault"] == "said_otherwise"
    assert told["message"]


def test_an_ended_ceremony_tells_its_trustees_why(app: Flask, client: FlaskClient) -> None:
    poll = key_poll(app)
    with app.app_context():
        poll.start()
    sign_in(client, login_of(app, poll, 3))
    assert client.post(f"/polls/{poll.id}/ceremony/complain", data={"text": ""}).status_code == 422
    done = client.post(f"/polls/{poll.id}/ceremony/complain", data={"text": "口令条被雨淋湿"})
    assert done.status_code == 303
    assert "口令条被雨淋湿" in client.get(f"/polls/{poll.id}/trustee").text
    assert client.get(f"/polls/{poll.id}/ceremony/state").get_json() == {"round": "ended"}


def test_no_other_kind_of_poll_has_a_ceremony(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        community = make_community()
        make_officer(community, Role.ELECTION_OFFICER, login="officer")
        poll_id = make_poll(community, preset=Preset.POLL).id
    sign_in(client, "officer")
    for wrong in (poll_id, uuid.uuid4()):
        assert client.get(f"/polls/{wrong}/ceremony").status_code == 404
        assert client.get(f"/polls/{wrong}/opening").status_code == 404


def test_the_opening_begins_when_the_count_is_sealed(app: Flask, client: FlaskClient) -> None:
    poll = key_poll(app)
    sign_in(client, "officer")
    assert client.get(f"/polls/{poll.id}/opening").status_code == 409


def test_a_count_without_the_ballots_online_opens_no_box(app: Flask, client: FlaskClient) -> None:
    """Where too few voted online, paper alone is counted, and the board is never closed."""
    poll = key_poll(app)
    with app.app_context():
        poll.hold_ceremony()
        poll.make_cards()
        poll.found()
        with transaction() as session:
            row = session.get_one(Poll, poll.id)
            row.state, row.opened_at, row.closed_at, row.sealed_at = PollState.CLOSED, NOW, NOW, NOW
    sign_in(client, "officer")
    assert client.get(f"/polls/{poll.id}/opening").status_code == 409
    sign_in(client, login_of(app, poll, 1))
    assert client.get(f"/polls/{poll.id}/opening/trustee").status_code == 409


def test_trustees_and_officers_read_the_lines_and_nobody_else(app: Flask, client: FlaskClient) -> None:
    poll = closed(app)
    sign_in(client, "stranger")
    for page in ("board-lines", "opening/state", "opening/trustee", "opening"):
        assert client.get(f"/polls/{poll.id}/{page}").status_code == 403, page
    sign_in(client, login_of(app, poll, 1))
    lines = client.get(f"/polls/{poll.id}/board-lines?after=3").text.splitlines()
    assert [line.split('"type":"')[1].rstrip('"}') for line in lines] == ["ballot", "ballot", "stop", "close"]
    state = client.get(f"/polls/{poll.id}/opening/state").get_json()
    assert state == {"lines": 7, "mixers": [], "sharers": [], "is_open": False, "is_void": False}


def test_a_share_over_http_opens_with_the_second(app: Flask, client: FlaskClient) -> None:
    poll = closed(app)
    for number in (3, 1):
        sign_in(client, login_of(app, poll, number))
        with app.app_context():
            line = poll.share_line(poll.keyholders[number - 1]).decode()
        address = f"/polls/{poll.id}/opening/share"
        assert client.post(address, json={"line": line[:-2]}).status_code == 422
        assert client.post(address, json={"line": line}).status_code == 204
    assert client.get(f"/polls/{poll.id}/opening/state").get_json()["is_open"] is True
    sign_in(client, "officer")
    assert "赞成" in client.get(f"/polls/{poll.id}/opening").text


def test_two_last_shares_at_once_open_once(committed: Flask) -> None:
    poll = closed(committed)
    with committed.app_context():
        lines = [poll.share_line(one) for one in poll.keyholders]
    refused: list[Exception] = []

    def give(at: int) -> None:
        with committed.app_context():
            try:
                opening.take_share(poll_id=poll.id, line=lines[at], actor=poll.keyholders[at].actor, now=NOW)
            except Exception as refusal:
                refused.append(refusal)

    threads = [threading.Thread(target=give, args=(at,)) for at in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with committed.app_context():
        rows = db.session.execute(
            select(BoardLine.kind, func.count()).where(BoardLine.poll_id == poll.id).group_by(BoardLine.kind)
        )
        kinds = {kind: number for kind, number in rows}  # noqa: C416
    assert (kinds["share"], kinds["result"]) == (2, 1)
    assert [type(refusal).__name__ for refusal in refused] == ["KeyholderRefused"]


@pytest.mark.parametrize("rounds", [0, 1])
def test_two_trustees_say_their_last_word_at_once(committed: Flask, rounds: int) -> None:
    """Whoever is last makes the drill: both at once make it once."""
    poll = key_poll(committed)
    with committed.app_context():
        poll.start()
        for say in (poll.say_hello, poll.say_heard, poll.say_deal):
            for one in poll.keyholders:
                say(one)
        poll.say_confirm(poll.keyholders[2])
        messages = [poll.confirm_of(one) for one in poll.keyholders[:2]]

    def confirm(at: int) -> None:
        with committed.app_context():
            actor = poll.keyholders[at].actor
            trustees.take_confirm(poll_id=poll.id, message=messages[at], actor=actor, now=NOW)

    threads = [threading.Thread(target=confirm, args=(at,)) for at in (rounds, 1 - rounds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with committed.app_context():
        ceremony = poll.ceremony()
        assert ceremony.finished_at is not None
        assert len(ceremony.drill["lines"]) == 8
