"""Jobs are queued in the transaction that needs them, and run by the worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from civicforum import jobs
from civicforum.database import db, transaction
from tests.support.jobs import run_due_jobs

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


@pytest.fixture
def noted() -> Iterator[list[object]]:
    """What the task `tests.note` was given, in order."""
    seen: list[object] = []

    @jobs.task("tests.note")
    def note(*, word: str) -> None:
        seen.append(word)

    yield seen
    del jobs.tasks["tests.note"]


def queued(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0


def test_job_of_a_rolled_back_transaction_is_gone(app: Flask, database: None, noted: list[object]) -> None:
    with app.app_context():
        jobs.defer(db.session(), "tests.note", word="lost")
        db.session.rollback()
    assert run_due_jobs(app, now=NOON) == 0
    assert noted == []


def test_job_of_a_committed_transaction_runs_once(app: Flask, database: None, noted: list[object]) -> None:
    with app.app_context(), transaction() as session:
        assert jobs.defer(session, "tests.note", word="一") is not None
    assert run_due_jobs(app, now=NOON) == 1
    assert run_due_jobs(app, now=NOON) == 0
    assert noted == ["一"]


def test_job_waits_for_its_instant(app: Flask, database: None, noted: list[object]) -> None:
    with app.app_context(), transaction() as session:
        jobs.defer(session, "tests.note", at=NOON, word="noon")
    assert run_due_jobs(app, now=NOON - timedelta(seconds=1)) == 0
    assert run_due_jobs(app, now=NOON) == 1


def test_second_job_with_a_queueing_lock_is_not_queued_and_the_transaction_goes_on(
    app: Flask, database: None, noted: list[object]
) -> None:
    with app.app_context(), transaction() as session:
        assert jobs.defer(session, "tests.note", queueing_lock="one", word="first") is not None
        assert jobs.defer(session, "tests.note", queueing_lock="one", word="second") is None
    assert run_due_jobs(app, now=NOON) == 1
    assert noted == ["first"]


def test_task_that_nobody_declared_is_refused(app: Flask, database: None) -> None:
    with app.app_context(), transaction() as session, pytest.raises(LookupError):
        jobs.defer(session, "tests.unheard_of")


def test_worker_runs_what_is_queued_and_ends_when_told(committed: Flask) -> None:
    # The sweep of the clocks is the one task every worker knows.
    with committed.app_context(), transaction() as session:
        jobs.defer(session, "sweep_clocks")
    worker = subprocess.Popen(
        [sys.executable, "-m", "civicforum", "worker"],
        env={
            **os.environ,
            "CIVICFORUM_DATABASE_URL": committed.config["SQLALCHEMY_DATABASE_URI"],
            "CIVICFORUM_SECRET_KEY": "secret of the tests",
            "CIVICFORUM_IDENTITY_KEY": "identity key of the tests",
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    # Long enough for starting Python on a machine that is busy with other tests.
    deadline = time.monotonic() + 90
    while queued(committed) and time.monotonic() < deadline:
        time.sleep(0.1)
    left = queued(committed)
    worker.send_signal(signal.SIGTERM)
    _, said = worker.communicate(timeout=20)
    assert left == 0, said
    assert worker.returncode == 0, said
