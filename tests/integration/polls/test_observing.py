"""What the public sees of a board: digests and heads at any time, bodies from the stop to the stated date."""

from __future__ import annotations

import gc
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.pool import QueuePool

from civicforum import sealed
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.people.models import Community
from civicforum.polls.models import Poll
from civicforum.polls.queries import observing as queries
from civicforum.polls.rules import PollState
from civicforum.polls.services import boards
from civicforum.polls.views import observing as views
from tests.factories import make_community, make_officer, sign_in
from tests.support.polls import FOR, SealedPoll, make_poll
from tests.support.statements import count_statements

FOUNDING = 3


@pytest.fixture
def poll(client: FlaskClient) -> SealedPoll:
    """An open poll with two ballots on its board."""
    return make_voted_poll(client)


def make_voted_poll(
    client: FlaskClient, *, opened: timedelta = timedelta(hours=1), **terms: Any
) -> SealedPoll:
    opens_at = datetime.now(UTC) - opened
    with client.application.app_context():
        community = make_community()
        closes_at = opens_at + timedelta(days=1)
        made = make_poll(community, opens_at=opens_at, closes_at=closes_at, **terms)
        for voter in range(2):
            ballot = made.seal(voter, [FOR])
            race = boards.manifest_of(db.session(), made.id).race
            put(made, sealed.ballot_line(ballot), bytes(sealed.parse_ballot(race, ballot).credential))
    return made


def put(poll: SealedPoll, line: bytes, credential: bytes | None = None) -> None:
    with transaction() as session:
        boards.append(session, poll=session.get_one(Poll, poll.id), line=line, credential=credential)


def stop(client: FlaskClient, poll: SealedPoll) -> None:
    with client.application.app_context():
        put(poll, sealed.stop_line())
        with transaction() as session:
            row = session.get_one(Poll, poll.id)
            row.state, row.closed_at = PollState.CLOSED, datetime.now(UTC)


def lines_of(client: FlaskClient, poll: SealedPoll) -> list[bytes]:
    with client.application.app_context():
        return list(boards.list_lines(db.session(), poll.id))


def events_in(text: str) -> list[dict[str, Any]]:
    return [
        json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")
    ]


@pytest.fixture
def short_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LIVE_SECONDS", 0.0)


def test_the_database_computes_the_digests_that_the_chain_folds(
    client: FlaskClient, poll: SealedPoll
) -> None:
    lines = lines_of(client, poll)
    with client.application.app_context():
        seen = queries.list_seen(db.session(), poll.id, after=0)
    assert [one.digest for one in seen] == [sealed.line_digest(line) for line in lines]
    assert [one.number for one in seen] == [1, 2, 3, 4, 5]


def test_nobody_gets_a_ballot_before_the_stop(
    client: FlaskClient, poll: SealedPoll, short_streams: None
) -> None:
    ballots = [sealed.read_line(line)["ballot"] for line in lines_of(client, poll)[FOUNDING:]]
    for page in ("observe", "heads", "digests", "checking", "archive.jsonl"):
        answer = client.get(f"/polls/{poll.id}/{page}")
        assert answer.status_code == (404 if page == "archive.jsonl" else 200), page
        assert not any(ballot[:40].encode() in answer.data for ballot in ballots), page


def test_before_the_stop_the_archive_says_when_it_comes(client: FlaskClient, poll: SealedPoll) -> None:
    answer = client.get(f"/polls/{poll.id}/archive.jsonl", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "The archive is published when voting has ended" in answer.text


def test_the_archive_is_what_the_verifier_reads(
    client: FlaskClient, poll: SealedPoll, tmp_path: Path
) -> None:
    stop(client, poll)
    answer = client.get(f"/polls/{poll.id}/archive.jsonl")
    lines = lines_of(client, poll)
    assert answer.data == b"".join(line + b"\n" for line in lines)
    assert answer.content_length == len(answer.data)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="ballots-{poll.id}.jsonl"'
    (tmp_path / "archive").write_bytes(answer.data)
    report = sealed.verify_archive(tmp_path / "archive")
    assert [failure.check for failure in report.failures] == [sealed.Check.COMPLETE]
    assert dict(report.accepted) == {"ceremony": 1, "roll": 1, "manifest": 1, "ballot": 2, "stop": 1}


@pytest.mark.parametrize("page", ["archive.jsonl", "digests"])
def test_a_download_gives_its_connection_back_when_it_ends(committed: Flask, page: str) -> None:
    """Not when the memory is cleaned at last: until then others would wait for a connection."""
    client = committed.test_client()
    poll = make_voted_poll(client)
    stop(client, poll)
    gc.disable()
    try:
        answer = client.get(f"/polls/{poll.id}/{page}")
        assert answer.data
        answer.close()
        with committed.app_context():
            pool = db.engine.pool
            assert isinstance(pool, QueuePool)
            assert pool.checkedout() == 0
    finally:
        gc.enable()


def test_an_archive_that_has_not_grown_is_not_sent_again(client: FlaskClient, poll: SealedPoll) -> None:
    stop(client, poll)
    address = f"/polls/{poll.id}/archive.jsonl"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    with client.application.app_context():
        put(poll, sealed.note_line("异议期开始"))
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_long_archive_is_read_in_pieces(
    client: FlaskClient, poll: SealedPoll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    with client.application.app_context():
        pieces = list(queries.iterate_archive(db.session(), poll.id, lines=5))
        digests = list(queries.iterate_digests(db.session(), poll.id, lines=5))
    assert [piece.count(b"\n") for piece in pieces] == [2, 2, 1]
    assert b"".join(pieces) == b"".join(line + b"\n" for line in lines_of(client, poll))
    assert [len(piece) // 32 for piece in digests] == [2, 2, 1]


def test_lines_appended_while_it_is_sent_do_not_make_it_longer(client: FlaskClient, poll: SealedPoll) -> None:
    with client.application.app_context():
        assert b"".join(queries.iterate_archive(db.session(), poll.id, lines=4)).count(b"\n") == 4
        assert len(b"".join(queries.iterate_digests(db.session(), poll.id, lines=4))) == 4 * 32


def test_the_digests_lead_to_every_receipt(client: FlaskClient, poll: SealedPoll) -> None:
    answer = client.get(f"/polls/{poll.id}/digests")
    digests = [answer.data[at : at + 32] for at in range(0, len(answer.data), 32)]
    assert answer.content_length == len(answer.data)
    assert digests == [sealed.line_digest(line) for line in lines_of(client, poll)]


@pytest.mark.parametrize(
    ("asked", "first"), [({}, 1), ({"after": "3"}, 4), ({"after": "5"}, None), ({"after": "-1"}, 1)]
)
def test_the_stream_goes_on_after_the_last_line_seen(
    client: FlaskClient, poll: SealedPoll, short_streams: None, asked: dict[str, str], first: int | None
) -> None:
    answer = client.get(f"/polls/{poll.id}/heads", query_string=asked)
    events = events_in(answer.text)
    assert answer.mimetype == "text/event-stream"
    assert [event["line"] for event in events] == list(range(first, 6) if first else [])


def test_a_browser_that_reconnects_names_the_last_line_in_its_header(
    client: FlaskClient, poll: SealedPoll, short_streams: None
) -> None:
    address = f"/polls/{poll.id}/heads?after=0"
    answer = client.get(address, headers={"Last-Event-ID": "4"})
    (event,) = events_in(answer.text)
    line, head = lines_of(client, poll)[4], boards_head(client, poll)
    assert event == {"line": 5, "digest": sealed.line_digest(line).hex(), "head": head.hex()}
    assert "id: 5" in answer.text


def boards_head(client: FlaskClient, poll: SealedPoll) -> bytes:
    with client.application.app_context():
        end = queries.find_end(db.session(), poll.id)
    assert end is not None
    return end.head


def test_when_all_streams_are_taken_the_answer_is_short_and_says_to_come_again(
    client: FlaskClient, poll: SealedPoll
) -> None:
    """With LIVE_SECONDS as it is: a stream that waited for more would hold this test up."""
    for _ in range(views.MOST_LIVE):
        assert views._live.acquire(blocking=False)
    try:
        answer = client.get(f"/polls/{poll.id}/heads?after=3")
    finally:
        views._live.release(views.MOST_LIVE)
    assert answer.text.startswith(f"retry: {views.RETRY_MS[False]}\n")
    assert [event["line"] for event in events_in(answer.text)] == [4, 5]


def test_every_stream_gives_its_place_back(
    client: FlaskClient, poll: SealedPoll, short_streams: None
) -> None:
    for _ in range(2 * views.MOST_LIVE):
        client.head(f"/polls/{poll.id}/heads")
        assert client.get(f"/polls/{poll.id}/heads").text.startswith(f"retry: {views.RETRY_MS[True]}\n")


def test_a_stream_that_is_left_gives_its_place_back(client: FlaskClient, poll: SealedPoll) -> None:
    for _ in range(2 * views.MOST_LIVE):
        answer = client.get(f"/polls/{poll.id}/heads", buffered=False)
        assert next(answer.iter_encoded()).startswith(f"retry: {views.RETRY_MS[True]}".encode())
        answer.close()


def test_sealed_ballots_leave_the_website_at_the_stated_date(client: FlaskClient) -> None:
    poll = make_voted_poll(client, opened=timedelta(days=9), keep_days=7)
    stop(client, poll)
    answer = client.get(f"/polls/{poll.id}/archive.jsonl", headers={"Accept-Language": "en"})
    assert answer.status_code == 410
    assert "The sealed ballots have left the website" in answer.text
    assert client.get(f"/polls/{poll.id}/digests").status_code == 200
    assert boards_head(client, poll).hex()[:4] in client.get(f"/polls/{poll.id}/observe").text
    assert f"{poll.id}/archive.jsonl" not in client.get(f"/polls/{poll.id}/checking").text


def test_before_the_stated_date_they_are_there_and_after_destruction_they_are_not(
    client: FlaskClient, poll: SealedPoll
) -> None:
    stop(client, poll)
    assert f"{poll.id}/archive.jsonl" in client.get(f"/polls/{poll.id}/checking").text
    assert client.get(f"/polls/{poll.id}/archive.jsonl").status_code == 200
    with client.application.app_context(), transaction() as session:
        session.get_one(Poll, poll.id).destroyed_at = datetime.now(UTC)
    assert client.get(f"/polls/{poll.id}/archive.jsonl").status_code == 410


@pytest.mark.parametrize(
    ("role", "status"), [(Role.SUPERVISOR, 200), (Role.ELECTION_OFFICER, 200), (Role.REPRESENTATIVE, 410)]
)
def test_afterwards_those_who_run_or_supervise_still_get_them(
    client: FlaskClient, role: Role, status: int
) -> None:
    poll = make_voted_poll(client, opened=timedelta(days=9), keep_days=7)
    stop(client, poll)
    with client.application.app_context():
        community = db.session.get_one(Poll, poll.id).community_id
        make_officer(db.session.get_one(Community, community), role, login="reader")
    sign_in(client, "reader")
    assert client.get(f"/polls/{poll.id}/archive.jsonl").status_code == status


def test_the_heads_of_the_stages_are_shown_after_the_stop(client: FlaskClient, poll: SealedPoll) -> None:
    assert 'id="milestones"' not in client.get(f"/polls/{poll.id}/observe").text
    stop(client, poll)
    page = client.get(f"/polls/{poll.id}/observe").text
    assert 'id="milestones"' in page
    assert all(f"<span>{group}</span>" in page for group in views.groups_of(boards_head(client, poll)))


def test_a_poll_of_another_community_and_one_without_a_board_are_not_observed(
    client: FlaskClient, poll: SealedPoll
) -> None:
    with client.application.app_context():
        paper = make_poll(make_community(), by_screen=False, by_paper=True)
    assert client.get(f"/polls/{paper.id}/observe").status_code in (302, 404)
    assert client.get(f"/polls/{paper.id}/archive.jsonl").status_code in (302, 404)


def test_observing_costs_the_same_however_long_the_board_is(client: FlaskClient, poll: SealedPoll) -> None:
    with count_statements() as few:
        client.get(f"/polls/{poll.id}/observe")
    with client.application.app_context():
        for number in range(60):
            put(poll, sealed.note_line(f"第 {number} 号说明"))
    with count_statements() as many:
        page = client.get(f"/polls/{poll.id}/observe").text
    assert many.total == few.total
    assert page.count("govuk-table__row") == queries.SHOWN + 2


def test_the_checking_page_is_saved_as_a_file(client: FlaskClient) -> None:
    answer = client.get("/polls/verify.html")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"<!doctype html>" in answer.data[:200].lower()


def test_what_a_vote_promises_is_there_for_each_kind(client: FlaskClient) -> None:
    with client.application.app_context():
        make_community()
    page = client.get("/polls/promises").text
    for preset in ("open", "poll", "sealed"):
        assert f'id="{preset}-' in page
