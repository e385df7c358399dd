"""Before anything is served: the folder can be used, and the database answers and has its schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import flask_migrate
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from sqlalchemy import URL, Connection, create_engine, func, make_url, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from civicforum import create_app
from civicforum.config import ROOT, read_settings
from civicforum.database import db, direct_url
from civicforum.embedded import EmbeddedError
from civicforum.errors import CivicForumError

ANSWER_SECONDS = 10
# Any number, the same in every process: who holds this advisory lock prepares the database.
PREPARING_LOCK = 7_202_611


class CannotStart(Exception):
    """The application cannot run here; the message is one line for the operator."""


def words_for_operator(error: Exception) -> str | None:
    """Return the one line for a refusal or a failing database; None for what is a bug."""
    if isinstance(error, CivicForumError | CannotStart | EmbeddedError):
        return str(error)
    if isinstance(error, OperationalError):
        return f"The database failed: {_first_line(error)}"
    return None


def silent(_text: str) -> None:
    """Report nothing."""


def make_app() -> Flask:
    """Return the application; raises CannotStart when its folder or its database URL is of no use."""
    try:
        return create_app(read_settings())
    except OSError as error:
        raise CannotStart(f"The folder {error.filename} cannot be used: {error.strerror}.") from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise CannotStart(
            "CIVICFORUM_DATABASE_URL is not the address of a PostgreSQL database "
            "(postgresql+psycopg://user:password@host/name)."
        ) from error


def prepare_database(app: Flask, *, say: Callable[[str], None] = silent) -> None:
    """Migrate the database. Two processes that do it at once take turns.

    Raises CannotStart when the database does not answer in time or is newer than the code.
    """
    with app.app_context(), preparing(say):
        known = ScriptDirectory(str(ROOT / "migrations"))
        with db.engine.connect() as connection:
            heads = MigrationContext.configure(connection).get_current_heads()
        for head in heads:
            if head not in {revision.revision for revision in known.walk_revisions()}:
                raise CannotStart(
                    f"The database is newer than this version of civicforum (it has revision {head}): "
                    "install the newer version, or restore a backup made before it."
                )
        if set(heads) != set(known.get_heads()):
            say("Bringing the database to the state this version needs.")
            try:
                flask_migrate.upgrade()
            except SQLAlchemyError as error:
                raise CannotStart(f"The database could not be migrated: {_first_line(error)}") from error


@contextmanager
def preparing(say: Callable[[str], None] = silent) -> Iterator[None]:
    """Hold the lock under which one process at a time changes the schema or loads the first rows."""
    with _connect(make_url(direct_url(current_app))) as connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(PREPARING_LOCK))):
            say("Another process is preparing the database; waiting for it.")
            connection.scalar(select(func.pg_advisory_lock(PREPARING_LOCK)))
        try:
            yield
        finally:
            connection.scalar(select(func.pg_advisory_unlock(PREPARING_LOCK)))


def _connect(url: URL) -> Connection:
    # Not the pool's engine: its connections wait for an answer as long as the operating system lets them.
    try:
        once = create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"connect_timeout": ANSWER_SECONDS},
        )
        return once.connect()
    except SQLAlchemyError as error:
        where = url.render_as_string(hide_password=True)
        raise CannotStart(f"The database {where} does not answer: {_first_line(error)}") from error


def _first_line(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
