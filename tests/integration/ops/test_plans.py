"""Pages have PostgreSQL plan their statements once for each connection."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError, ProgrammingError

from civicforum.database import db

ASKED = sa.text("SELECT 41 + 1 AS answer")
PLANNED = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%AS answer'")
# psycopg prepares what it was asked more than five times.
OFTEN = 7

Make = Callable[..., Flask]


def ask_often() -> None:
    for _ in range(OFTEN):
        db.session.execute(ASKED)
        db.session.remove()


def test_what_was_prepared_outlives_the_transaction_that_only_read(make_bare: Make) -> None:
    with make_bare().app_context():
        ask_often()
        assert db.session.scalar(PLANNED) == 1
        assert db.session.scalar(sa.text("SHOW lock_timeout")) == "100ms"


@pytest.mark.parametrize("how", [{"of_web": False}, {"pgbouncer": True}])
def test_commands_and_connections_of_a_pooler_keep_nothing(make_bare: Make, how: dict[str, bool]) -> None:
    with make_bare(**how).app_context():
        ask_often()
        assert db.session.scalar(PLANNED) == 0


def test_what_a_page_did_is_undone_all_the_same(make_bare: Make) -> None:
    with make_bare().app_context():
        db.session.execute(sa.text("CREATE TEMP TABLE written (number int)"))
        db.session.remove()
        assert db.session.scalar(sa.text("SELECT to_regclass('written')")) is None


def test_after_an_error_everything_is_planned_anew(make_bare: Make) -> None:
    with make_bare().app_context():
        ask_often()
        with pytest.raises(ProgrammingError):
            db.session.execute(sa.text("SELECT nothing"))
        db.session.remove()
        assert db.session.scalar(PLANNED) == 0
        assert db.session.scalar(ASKED) == 42


def test_a_lost_connection_is_told_as_before(make_bare: Make) -> None:
    with make_bare().app_context():
        pid = db.session.scalar(sa.text("SELECT pg_backend_pid()"))
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        with pytest.raises(OperationalError):
            db.session.execute(ASKED)
        db.session.remove()
        assert db.session.scalar(ASKED) == 42
