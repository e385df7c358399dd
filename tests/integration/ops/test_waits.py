"""A page gives up what it waits for; a job does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from psycopg.errors import LockNotAvailable, QueryCanceled
from sqlalchemy.exc import OperationalError

from civicforum.database import conninfo, db

LOCK = sa.text("SELECT pg_advisory_xact_lock(9)")
SHOWN = sa.text("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
UNLIMITED, LIMITED = ("0", "0"), ("100ms", "300ms")

Make = Callable[..., Flask]


@pytest.fixture
def locked(server_url: str) -> Iterator[None]:
    with psycopg.connect(conninfo(server_url)) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(9)")
        yield


@pytest.mark.parametrize("pgbouncer", [False, True])
def test_a_page_waits_for_a_lock_only_so_long(make_bare: Make, locked: None, *, pgbouncer: bool) -> None:
    with make_bare(pgbouncer=pgbouncer).app_context():
        with pytest.raises(OperationalError) as refused:
            db.session.execute(LOCK)
        assert isinstance(refused.value.orig, LockNotAvailable)


@pytest.mark.parametrize("pgbouncer", [False, True])
def test_a_statement_of_a_page_takes_only_so_long(make_bare: Make, *, pgbouncer: bool) -> None:
    with make_bare(pgbouncer=pgbouncer).app_context():
        with pytest.raises(OperationalError) as refused:
            db.session.execute(sa.text("SELECT pg_sleep(10)"))
        assert isinstance(refused.value.orig, QueryCanceled)
        db.session.rollback()
        assert tuple(db.session.execute(SHOWN).one()) == LIMITED


def test_jobs_migrations_and_commands_wait_as_long_as_it_takes(make_bare: Make) -> None:
    with make_bare(of_web=False).app_context():
        assert tuple(db.session.execute(SHOWN).one()) == UNLIMITED


def test_a_connection_that_a_pooler_lends_to_a_job_has_no_limit(make_bare: Make) -> None:
    """As PgBouncer lends one: the same connection, another transaction, begun by somebody else."""
    with make_bare(pgbouncer=True).app_context(), db.engine.connect() as connection:
        assert tuple(connection.execute(SHOWN).one()) == LIMITED
        connection.rollback()
        assert connection.connection.driver_connection is not None
        shown = connection.connection.driver_connection.execute(SHOWN.text).fetchone()
        assert shown == UNLIMITED


def test_options_of_the_operator_are_kept(make_bare: Make, server_url: str) -> None:
    url = sa.make_url(server_url).update_query_dict({"options": "-c work_mem=9MB"})
    with make_bare(url=url.render_as_string(hide_password=False)).app_context():
        assert db.session.scalar(sa.text("SHOW work_mem")) == "9MB"
        assert tuple(db.session.execute(SHOWN).one()) == LIMITED
