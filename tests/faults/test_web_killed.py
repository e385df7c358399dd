"""The web server is killed a hundred times while ballots come in: what was acknowledged stands, once."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest
from flask import Flask

from bench.served import Served, served
from bench.voters import make_community, make_electorate, sealed_ballots
from bench.voting_load import Load, send
from civicforum import sealed
from civicforum.config import Settings
from civicforum.database import db
from civicforum.polls.services import boards
from tests.conftest import MakeApp
from tests.faults.conftest import Note
from tests.support.polls import AGAINST, FOR

VOTERS, KILLS = 800, 100


@pytest.fixture
def app(make_database: Callable[[str], str], make_app: MakeApp, template: str) -> Flask:
    return make_app(make_database(template))


def kill_at_random_moments(server: Served, load: Future[Load], chance: random.Random) -> int:
    """Kill a worker at a time, and now and then all processes, while the load lasts; return how often.

    In the main thread: a process ends with the thread that started it.
    """
    killed = 0
    while killed < KILLS and not load.done():
        time.sleep(chance.uniform(0.01, 0.15))
        if killed % 25 == 24:
            server.kill()
            server.start()
        else:
            with suppress(ProcessLookupError, IndexError):
                os.kill(chance.choice(server.workers()), signal.SIGKILL)
        killed += 1
    return killed


def test_every_acknowledged_ballot_is_on_the_board_once_after_a_hundred_kills(
    app: Flask, settings: Settings, chance: random.Random, note: Note
) -> None:
    with app.app_context():
        community_id = make_community()
    electorate = make_electorate(app, community_id, voters=VOTERS)
    ballots = sealed_ballots(app, electorate, [[FOR], [AGAINST]])
    requests = [electorate.request(*pair) for pair in zip(electorate.voters, ballots, strict=True)]
    acknowledged: dict[int, int] = {}
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    with served(replace(settings, database_url=url), preload=True) as server, ThreadPoolExecutor(1) as thread:
        # Slow enough that the kills fall into the load, whatever the machine.
        sending = thread.submit(
            send,
            server.port,
            requests,
            per_second=40,
            keep=lambda number, body: acknowledged.update({number: json.loads(body)["line"]}),
        )
        killed = kill_at_random_moments(server, sending, chance)
        load = sending.result()
    assert killed == KILLS
    assert set(load.statuses) <= {200, 201}
    assert len(acknowledged) == VOTERS
    with app.app_context():
        lines = boards.list_lines(db.session(), electorate.poll_id)
        on_board = [line for line in lines if b'"type":"ballot"' in line]
        assert [lines[acknowledged[number] - 1] for number in range(VOTERS)] == [
            sealed.ballot_line(ballot) for ballot in ballots
        ]
        assert len(on_board) == VOTERS
        board = sealed.Board()
        for line in lines:
            board.take(line, proofs=False)
        db.engine.dispose()
    assert len(board.electorate.ballots) == VOTERS
    note(
        "a web process killed, and every 25th time the whole web server",
        times=killed,
        acknowledged=VOTERS,
        lost=VOTERS - len(board.electorate.ballots),
        doubled=len(on_board) - VOTERS,
        answers={str(status): number for status, number in sorted(load.statuses.items())},
        broken=load.broken,
    )
