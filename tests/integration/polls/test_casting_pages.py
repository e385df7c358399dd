"""Where ballots arrive over HTTP: what is answered, what is refused with which status, and what it costs."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civicforum import sealed
from civicforum.database import db, transaction
from civicforum.polls import keyring
from civicforum.polls.models import CredentialLink, Poll, RollEntry
from civicforum.polls.refusals import STATUS, status_of, words_of
from civicforum.polls.rules import MOST_BALLOTS, PollFault
from civicforum.polls.services import boards
from civicforum.polls.trackers import shown_tracker
from civicforum.sealed import Answer, Why, to_base64, void_line
from tests.factories import make_account, make_community, make_person, sign_in
from tests.support.polls import AGAINST, FOR, SealedPoll, make_poll, settings_now
from tests.support.statements import count_statements


def poll_of_today(client: FlaskClient, *, voters: int = 2, **terms: Any) -> SealedPoll:
    """Make a poll that is open now, and sign its first voter in."""
    opens_at = datetime.now(UTC) - timedelta(hours=1)
    with client.application.app_context():
        community = make_community()
        people = [make_person(community) for _ in range(voters)]
        for number, person in enumerate(people):
            make_account(person, login=f"voter{number}")
        times = {"opens_at": opens_at, "closes_at": opens_at + timedelta(days=1)}
        poll = make_poll(community, people=people, **(times | terms))
    sign_in(client, "voter0")
    return poll


def seal(
    client: FlaskClient, poll: SealedPoll, answer: Answer = FOR, *, sequence: int = 0, voter: int = 0
) -> bytes:
    with client.application.app_context():
        return poll.seal(voter, [answer], sequence=sequence)


def send(
    client: FlaskClient, poll: SealedPoll, ballot: bytes, *, entry: uuid.UUID | None = None
) -> TestResponse:
    body = {"entry": str(entry or poll.entries[0]), "ballot": to_base64(ballot)}
    return client.post(f"/polls/{poll.id}/ballots", json=body)


def fault_in(answer: TestResponse) -> PollFault:
    fault = PollFault(answer.get_json()["fault"])
    assert answer.status_code == status_of(fault)
    assert answer.get_json()["message"]
    return fault


def test_a_ballot_is_answered_with_its_tracker_line_and_receipt(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    ballot = seal(client, poll)
    answer = send(client, poll, ballot)
    assert answer.status_code == 201
    said = answer.get_json()
    tracker = sealed.tracker_of(ballot)
    assert said["tracker"].replace("-", "") == sealed.spell(tracker, 20)
    with client.application.app_context():
        receipt = sealed.read_receipt(
            said["receipt"].encode(), boards.manifest_of(db.session(), poll.id).receipt_key
        )
    assert (receipt.tracker, receipt.line, receipt.head.hex()) == (tracker, said["line"], said["head"])


def test_the_same_bytes_again_get_the_same_answer(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    ballot = seal(client, poll)
    first, second = send(client, poll, ballot), send(client, poll, ballot)
    assert (first.status_code, second.status_code) == (201, 200)
    same = ("tracker", "line", "head")
    assert [first.get_json()[name] for name in same] == [second.get_json()[name] for name in same]


def test_a_ballot_costs_few_statements(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    send(client, poll, seal(client, poll))
    ballot = seal(client, poll, AGAINST, sequence=1)
    with count_statements() as counted:
        assert send(client, poll, ballot).status_code == 201
    # Who is signed in, whether a clerk acts; the way, tested or not; board, credential; three writes.
    assert counted.total <= 9, "\n".join(counted.statements)


def test_a_visitor_is_led_to_sign_in(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    ballot = seal(client, poll)
    answer = send(client.application.test_client(), poll, ballot)
    assert (answer.status_code, "/sign-in" in answer.location) == (302, True)


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"entry": "x", "ballot": ""}, {"entry": str(uuid.uuid4()), "ballot": "=="}, {"entry": 1}],
)
def test_what_is_no_ballot_is_refused_as_such(client: FlaskClient, body: object) -> None:
    poll = poll_of_today(client)
    answer = client.post(f"/polls/{poll.id}/ballots", json=body)
    assert fault_in(answer) is PollFault.BAD_BALLOT


def change(client: FlaskClient, poll: SealedPoll, fault: PollFault) -> None:
    """Bring the poll to where the first voter's ballot meets this refusal."""
    with client.application.app_context(), transaction() as session:
        row, link = session.get_one(Poll, poll.id), session.get_one(CredentialLink, poll.entries[0])
        match fault:
            case PollFault.NOT_OPEN:
                row.closes_at = datetime.now(UTC) - timedelta(minutes=1)
            case PollFault.NO_CREDENTIAL:
                session.delete(link)
            case PollFault.STRUCK_OFF:
                session.delete(link)
                session.get_one(RollEntry, poll.entries[0]).struck_off_at = datetime.now(UTC)
            case PollFault.PAPER_ISSUED | PollFault.REISSUED:
                why = Why.PAPER if fault is PollFault.PAPER_ISSUED else Why.REISSUED
                boards.append(session, poll=row, line=void_line(link.public, why), credential=link.public)
            case PollFault.KEY_MISSING:
                keyring.destroy_keys(settings_now().instance, poll.id)
            case _:
                raise AssertionError(fault)


@pytest.mark.parametrize(
    "fault",
    [
        PollFault.NOT_OPEN,
        PollFault.NO_CREDENTIAL,
        PollFault.STRUCK_OFF,
        PollFault.PAPER_ISSUED,
        PollFault.REISSUED,
        PollFault.KEY_MISSING,
    ],
)
def test_each_state_that_takes_no_ballot_says_so(client: FlaskClient, fault: PollFault) -> None:
    poll = poll_of_today(client)
    ballot = seal(client, poll)
    change(client, poll, fault)
    assert fault_in(send(client, poll, ballot)) is fault
    with client.application.app_context():
        lines = boards.list_lines(db.session(), poll.id)
    assert not [line for line in lines if b'"type":"ballot"' in line]


def test_each_ballot_that_may_not_come_is_refused_with_its_reason(client: FlaskClient) -> None:
    poll = poll_of_today(client, revote=False)
    first = seal(client, poll)
    stranger = seal(client, poll, voter=1)
    assert fault_in(send(client, poll, stranger)) is PollFault.WRONG_CREDENTIAL
    assert fault_in(send(client, poll, stranger, entry=poll.entries[1])) is PollFault.NOT_ON_ROLL
    assert fault_in(send(client, poll, first[:-1] + bytes([first[-1] ^ 1]))) is PollFault.BAD_BALLOT
    assert send(client, poll, first).status_code == 201
    assert fault_in(send(client, poll, seal(client, poll, sequence=1))) is PollFault.NO_REVOTE


def test_out_of_step_and_too_many_are_refused(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    assert fault_in(send(client, poll, seal(client, poll, sequence=1))) is PollFault.OUT_OF_STEP
    for sequence in range(MOST_BALLOTS):
        assert send(client, poll, seal(client, poll, sequence=sequence)).status_code == 201
    assert fault_in(send(client, poll, seal(client, poll, sequence=MOST_BALLOTS))) is PollFault.TOO_MANY


def test_a_ballot_whose_answer_was_lost_is_acknowledged_after_the_close_and_at_the_limit(
    client: FlaskClient,
) -> None:
    poll = poll_of_today(client)
    for sequence in range(MOST_BALLOTS):
        ballot = seal(client, poll, sequence=sequence)
        assert send(client, poll, ballot).status_code == 201
    assert send(client, poll, ballot).status_code == 200
    change(client, poll, PollFault.NOT_OPEN)
    assert send(client, poll, ballot).status_code == 200
    assert fault_in(send(client, poll, seal(client, poll, sequence=2))) is PollFault.NOT_OPEN


def test_every_refusal_has_words_and_a_status(client: FlaskClient) -> None:
    with client.application.test_request_context():
        assert all(words_of(fault) and status_of(fault) in (403, 409, 422, 503) for fault in PollFault)
    assert set(STATUS) <= set(PollFault)


def plain(client: FlaskClient, poll: SealedPoll, step: str, **fields: Any) -> TestResponse:
    return client.post(f"/polls/{poll.id}/ballot/sealed-here", data={"step": step, **fields})


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found.group(1)


def test_without_a_script_the_server_seals_and_a_form_sent_twice_is_one_ballot(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    assert client.get(f"/polls/{poll.id}/ballot").status_code == 200
    review = plain(client, poll, "review", q1="for")
    assert review.status_code == 200
    form = {name: hidden(review.text, name) for name in ("nonce", "sequence", "q1")}
    first, second = plain(client, poll, "cast", **form), plain(client, poll, "cast", **form)
    assert (first.status_code, second.status_code) == (303, 303)
    with client.application.app_context():
        board = boards.replay(db.session(), poll.id)
        assert len(board.electorate.ballots) == 1
    done = client.get(first.location)
    assert done.status_code == 200
    assert done.headers["Cache-Control"] == "no-store"
    receipt = client.get(f"/polls/{poll.id}/receipt")
    assert shown_tracker(sealed.from_base64(receipt.get_json(force=True)["tracker"])) in done.text.replace(
        "</span>", ""
    ).replace("<span>", "").replace('<span class="tracker__hyphen">', "")
