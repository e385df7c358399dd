"""Pages have PostgreSQL plan their statements once for each connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError, ProgrammingError

from civicforum.config import Settings, flask_config
from civicforum.database import db, keep_plans, limit_waits

ASKED = sa.text("SELECT 41 + 1 AS answer")
PLANNED = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%AS answer'")
# psycopg prepares what it was asked more than five times.
OFTEN = 7

Make = Callable[..., Flask]


@pytest.fixture
def make_bare(server_url: str, settings: Settings) -> Iterator[Make]:
    """Return a function that makes an application with nothing but a database, as the web server does."""
    made: list[Flask] = []

    def make(*, is_kept: bool = True, pgbouncer: bool = False) -> Flask:
        app = Flask(__name__)
        app.config.update(flask_config(replace(settings, database_url=server_url, pgbouncer=pgbouncer)))
        db.init_app(app)
        if is_kept:
            limit_waits(app, lock_seconds=0.1, statement_seconds=0.3)
            keep_plans(app)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def ask_often() -> None:
    for _ in range(OFTEN):
        db.session.execute(ASKED)
        db.session.remove()


def test_what_was_prepared_outlives_the_transaction_that_only_read(make_bare: Make) -> None:
    with make_bare().app_context():
        ask_often()
        assert db.session.scalar(PLANNED) == 1
        assert db.session.scalar(sa.text("SHOW lock_timeout")) == "100ms"


@pytest.mark.parametrize("how", [{"is_kept": False}, {"pgbouncer": True}])
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
