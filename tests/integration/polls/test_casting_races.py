"""Ballots that come at the same moment, over the application's own pages and with real commits."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bench.voters import Electorate, make_community, make_electorate, sealed_ballots
from civicforum.database import db
from civicforum.polls.services import boards
from tests.support.polls import AGAINST, FOR

THREADS, SEQUENCES = 50, 10


@pytest.fixture
def electorate(committed: Flask) -> Electorate:
    with committed.app_context():
        community_id = make_community()
    return make_electorate(committed, community_id, voters=1)


def in_threads(work: Callable[[int], None]) -> None:
    barrier = threading.Barrier(THREADS)

    def run(number: int) -> None:
        barrier.wait()
        work(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def post(client: FlaskClient, electorate: Electorate, ballot: bytes) -> int:
    head, body = electorate.request(electorate.voters[0], ballot).split(b"\r\n\r\n", 1)
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    path = f"/polls/{electorate.poll_id}/ballots"
    return client.post(path, data=body, headers=headers).status_code


def test_fifty_threads_with_one_credential_leave_one_ballot_of_each_sequence_number(
    committed: Flask, electorate: Electorate
) -> None:
    ballots = {
        number: sealed_ballots(committed, electorate, [[FOR]], sequence=number % SEQUENCES)[0]
        for number in range(THREADS)
    }
    first_answers: list[int] = []
    last_answers: dict[int, int] = {}

    def cast_until_its_turn_came(number: int) -> None:
        client = committed.test_client(use_cookies=False)
        for _ in range(10 * SEQUENCES):
            status = post(client, electorate, ballots[number])
            first_answers.append(status)
            if status < 300 or _is_past(committed, electorate, number % SEQUENCES):
                break
        last_answers[number] = status

    in_threads(cast_until_its_turn_came)
    assert set(first_answers) <= {201, 409}
    assert Counter(last_answers.values()) == {201: SEQUENCES, 409: THREADS - SEQUENCES}
    accepted = sorted(number % SEQUENCES for number, status in last_answers.items() if status == 201)
    assert accepted == list(range(SEQUENCES))
    with committed.app_context():
        board = boards.replay(db.session(), electorate.poll_id)
        assert [standing.sequence for standing in board.electorate.standings.values()] == [SEQUENCES - 1]


def test_fifty_taps_on_one_ballot_are_one_ballot(committed: Flask, electorate: Electorate) -> None:
    ballot = sealed_ballots(committed, electorate, [[AGAINST]])[0]
    answers: list[int] = []

    def tap(number: int) -> None:
        answers.append(post(committed.test_client(use_cookies=False), electorate, ballot))

    in_threads(tap)
    assert Counter(answers) == {201: 1, 200: THREADS - 1}
    with committed.app_context():
        assert boards.replay(db.session(), electorate.poll_id).lines == boards.FOUNDING_LINES + 1


def _is_past(app: Flask, electorate: Electorate, sequence: int) -> bool:
    with app.app_context():
        board = boards.replay(db.session(), electorate.poll_id)
        return next(iter(board.electorate.standings.values())).sequence >= sequence
