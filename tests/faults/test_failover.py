"""The primary is lost while ballots and notices come in, and the standby takes over.

Each commit waited for the standby, so that whatever was acknowledged is there afterwards, once. What was
under way when the primary died may be there or not, but never twice.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from bench.served import Served, served
from bench.voters import Electorate, count_vote, make_community, make_electorate, sealed_ballots
from bench.voting_load import send
from civicforum import create_app, sealed
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.config import Settings
from civicforum.database import db
from civicforum.inbox.models import Notification
from civicforum.notices.models import Notice
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import publish_notice
from civicforum.people.models import Person
from civicforum.polls.services import boards
from civicforum.preparing import prepare_database
from civicforum.records.models import JournalEntry
from tests.faults.conftest import Note
from tests.faults.pair import Pair, make_pair
from tests.support.polls import AGAINST, FOR

VOTERS, PER_SECOND = 150, 40.0
KILL_AFTER = 40
# Between two notices, of which everybody is told.
PAUSE_SECONDS = 0.4
# A worker that lost its connections is started again, as systemd does it, and what it had begun is found
# by its next look for jobs without a worker.
WORKER_SECONDS = 150.0


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    # Not below pytest's own folder, which every other run of pytest closes to the servers' system user.
    folder = Path(tempfile.mkdtemp(prefix="civicforum-failover-", dir="/tmp"))
    made = make_pair(folder / "servers")
    yield made
    made.end()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def app(pair: Pair, settings: Settings) -> Iterator[Flask]:
    """The application, which knows both servers."""
    pair.primary.ask("CREATE DATABASE civicforum TEMPLATE template0")
    app = create_app(replace(settings, database_url=pair.url("civicforum"), pool_wait_seconds=5))
    prepare_database(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@dataclass
class Ledger:
    """What was acknowledged, and when; and what was sent without an answer."""

    lines: dict[int, int] = field(default_factory=dict)
    answered_at: list[float] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def keep(self, number: int, body: bytes) -> None:
        self.lines[number] = json.loads(body)["line"]
        self.answered_at.append(time.monotonic())

    def silence(self, since: float) -> float:
        """Return the longest time without an acknowledged ballot that ended after an instant."""
        times = sorted(self.answered_at)
        return max(later - earlier for earlier, later in pairwise(times) if later > since)


def post_notices(app: Flask, actor: Actor, ledger: Ledger, is_over: threading.Event) -> None:
    """Post one notice after another until told to stop."""
    number = 0
    while not is_over.wait(PAUSE_SECONDS):
        number += 1
        title = f"停水通知第{number}号"
        with app.app_context():
            try:
                publish_notice(
                    actor=actor,
                    category=NoticeCategory.FACILITIES,
                    title=title,
                    text="明日上午检修水管，请提前备水。",
                    now=datetime.now(UTC),
                )
                ledger.posted.append(title)
            except OperationalError:
                ledger.unknown.append(title)


@contextmanager
def kept_running(server: Served) -> Iterator[None]:
    """Keep one worker running, as systemd does: what ends is started again."""
    is_over = threading.Event()

    def keep() -> None:
        while not is_over.is_set():
            with server.log.open("ab") as log:
                command = [sys.executable, "-m", "civicforum", "worker"]
                worker = subprocess.Popen(command, env=server.environment, stdout=log, stderr=log)
                while worker.poll() is None and not is_over.wait(0.2):
                    pass
                worker.terminate()
                worker.wait()

    thread = threading.Thread(target=keep)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def wait_for_jobs(app: Flask) -> None:
    waiting = text(
        "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') "
        "AND task_name IN ('inbox.hear', 'inbox.tell')"
    )
    deadline = time.monotonic() + WORKER_SECONDS
    with app.app_context():
        while db.session.scalar(waiting):
            db.session.rollback()
            assert time.monotonic() < deadline, "the worker does not go on"
            time.sleep(0.2)


def test_what_was_acknowledged_outlives_the_primary(
    app: Flask, pair: Pair, tmp_path: Path, note: Note
) -> None:
    with app.app_context():
        community_id = make_community()
    electorate = make_electorate(app, community_id, voters=VOTERS)
    ballots = sealed_ballots(app, electorate, [[FOR], [AGAINST]])
    requests = [electorate.request(*one) for one in zip(electorate.voters, ballots, strict=True)]
    with app.app_context():
        officer = Actor(db.session.scalars(select(Person.id)).first(), community_id, frozenset({Role.CLERK}))
    ledger, is_over = Ledger(), threading.Event()
    settings: Settings = app.config["CIVICFORUM"]
    with served(settings, preload=True) as server, kept_running(server), ThreadPoolExecutor(2) as threads:
        posting = threads.submit(post_notices, app, officer, ledger, is_over)
        sending = threads.submit(send, server.port, requests, per_second=PER_SECOND, keep=ledger.keep)
        while len(ledger.lines) < KILL_AFTER and not sending.done():
            time.sleep(0.01)
        killed_at, before = time.monotonic(), len(ledger.lines)
        pair.primary.kill()
        pair.standby_takes_over()
        first = sending.result()
        # Whoever saw an error page votes again, with the same ballot.
        missed = [number for number in range(VOTERS) if number not in ledger.lines]
        again = send(
            server.port,
            [requests[number] for number in missed],
            keep=lambda at, body: ledger.keep(missed[at], body),
        )
        time.sleep(1)
        is_over.set()
        posting.result()
        wait_for_jobs(app)
    assert KILL_AFTER <= before < VOTERS, "the primary did not die under load"
    assert set(first.statuses) <= {200, 201, 503}
    assert set(again.statuses) <= {200, 201}
    assert len(ledger.posted) > 3
    with app.app_context():
        found = audit_ballots(electorate, ballots, ledger)
        check_notices(community_id, ledger)
        check_archive(app, electorate, tmp_path)
    check_journal_by_command(server)
    note(
        "primary killed under load, standby promoted",
        times=1,
        **found,
        answers=dict(Counter(first.statuses) + Counter(again.statuses)),
        silence=round(ledger.silence(killed_at), 1),
        notices=len(ledger.posted),
    )
    assert found == {"acknowledged": VOTERS, "lost": 0, "doubled": 0}


def audit_ballots(electorate: Electorate, ballots: list[bytes], ledger: Ledger) -> dict[str, int]:
    """Return how many ballots were acknowledged, not on the line their voter was told, or there twice."""
    lines = boards.list_lines(db.session(), electorate.poll_id)
    on_board = Counter(line for line in lines if b'"type":"ballot"' in line)
    told = {number: sealed.ballot_line(ballots[number]) for number in ledger.lines}
    lost = [number for number, line in ledger.lines.items() if lines[line - 1 : line] != [told[number]]]
    doubled = [line for line, times in on_board.items() if times > 1]
    assert set(on_board) <= {sealed.ballot_line(ballot) for ballot in ballots}
    return {"acknowledged": len(told), "lost": len(lost), "doubled": len(doubled)}


def check_notices(community_id: uuid.UUID, ledger: Ledger) -> None:
    """A notice, its entry in the journal and its word to everybody go together: all three, or none."""
    session = db.session()
    posted = Counter(session.scalars(select(Notice.title).where(Notice.community_id == community_id)))
    entries = Counter(
        session.scalars(select(JournalEntry.subject_title).where(JournalEntry.action == "notice.publish"))
    )
    told = session.execute(
        select(Notice.title, func.count(Notification.id), func.count(Notification.person_id.distinct()))
        .outerjoin(Notification, Notification.subject_id == Notice.id)
        .group_by(Notice.title)
    ).all()
    assert set(ledger.posted) <= set(posted) <= {*ledger.posted, *ledger.unknown}
    assert set(posted.values()) == {1}
    assert entries == posted
    assert {(rows, people) for _title, rows, people in told} == {(VOTERS, VOTERS)}


def check_archive(app: Flask, electorate: Electorate, folder: Path) -> None:
    """The vote can be closed, opened and counted, and its archive passes every check."""
    report = count_vote(electorate.poll_id, app.config["CIVICFORUM"], folder / "archive.jsonl")
    assert not report.failures
    assert report.result is not None


def check_journal_by_command(server: Served) -> None:
    command = [sys.executable, "-m", "civicforum", "journal", "verify"]
    done = subprocess.run(command, env=server.environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "the chain holds" in done.stdout
