"""The database: declarative base, column types, and the one way to commit."""

from __future__ import annotations

import select
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import psycopg
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, DateTime, Engine, Enum, ForeignKey, MetaData, create_engine, event, func
from sqlalchemy import select as sql_select
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, Pool

from civicforum.config import LINK

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# How long a page waits for a row that somebody else has locked, and for a single statement of its own. Who
# waits holds a turn (turns.py), and a phone gives up 20 seconds after it sent a ballot.
LOCK_SECONDS, STATEMENT_SECONDS = 5.0, 60.0

Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class Row:
    """A row with an identity of its own."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)


class CommunityRow(Row):
    """A row of one community: `community_id` is the key by which data would be spread over servers."""

    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community.id"), index=True)


def enum_text(values: type[StrEnum]) -> Enum:
    """Return a column type that stores the value as text with a CHECK named "enum_" and the enum."""
    return Enum(
        values,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=f"enum_{values.__name__.lower()}",
        values_callable=lambda members: [member.value for member in members],
    )


class _Session(FlaskSession):
    """A session that gives up a connection which it finds lost only when it rolls back.

    The answer is made by then, and shall not be lost for it. A pooler that loses its server says so in answer
    to a statement and keeps the line to us open, in which psycopg then finds two answers to ROLLBACK.
    """

    def rollback(self) -> None:
        try:
            super().rollback()
        except DBAPIError:
            self.invalidate()

    def close(self) -> None:
        try:
            super().close()
        except DBAPIError:
            self.invalidate()


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": _Session})
migrate = Migrate(directory="migrations", compare_type=True)


@event.listens_for(Pool, "connect")
def _note_new(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    record.info["is_new"] = True


@event.listens_for(Pool, "checkout")
def _replace_ended(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Have a connection replaced that the server has ended meanwhile, such as by a restart.

    Between two uses PostgreSQL says nothing but its farewell, so that something to read tells as much as a
    question would (pool_pre_ping), which costs every request a round trip. What belongs to the beginning of
    an encrypted connection may still be waiting to be read at its first use.
    """
    if record.info.pop("is_new", False):
        return
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise DisconnectionError


def limit_waits(
    app: Flask, *, lock_seconds: float = LOCK_SECONDS, statement_seconds: float = STATEMENT_SECONDS
) -> None:
    """Have PostgreSQL give up what this application asks for and does not get in time: OperationalError.

    For pages alone: jobs, migrations and commands may take as long as they take.
    """
    limits = {
        "lock_timeout": round(lock_seconds * 1000),
        "statement_timeout": round(statement_seconds * 1000),
    }
    with app.app_context():
        engine = db.engine
    if app.config["CIVICFORUM"].pgbouncer:
        _limit_each_transaction(engine, limits)
    else:
        _limit_each_connection(engine, limits)


def _limit_each_connection(engine: Engine, limits: Mapping[str, int]) -> None:
    """Say it once, with the connection: no request pays for it."""
    options = " ".join(f"-c {name}={milliseconds}" for name, milliseconds in limits.items())

    @event.listens_for(engine, "do_connect")
    def add_options(
        _dialect: Dialect, _record: ConnectionPoolEntry, _arguments: list[Any], named: dict[str, Any]
    ) -> None:
        named["options"] = f"{named.get('options', '')} {options}".strip()


def _limit_each_transaction(engine: Engine, limits: Mapping[str, int]) -> None:
    """Say it in each transaction: a pooler takes no options, and lends its connections to jobs too."""
    given = [func.set_config(name, str(milliseconds), True) for name, milliseconds in limits.items()]

    @event.listens_for(engine, "begin")
    def set_limits(connection: Connection) -> None:
        connection.execute(sql_select(*given))


class _PlanKeeping(psycopg.Connection[Any]):
    """A connection whose prepared statements outlive a transaction that is rolled back.

    A page that only reads ends with ROLLBACK, upon which psycopg has all of them forgotten, and PostgreSQL
    would plan every statement of every page anew: that takes longer than carrying it out. psycopg does so
    because of tables that the transaction made or changed, which pages do not. After an error it still does,
    so that a plan which a migration has made useless fails once.
    """

    def rollback(self) -> None:
        if self.pgconn.transaction_status == TransactionStatus.INTRANS:
            with self.lock:
                self.pgconn.exec_(b"ROLLBACK")
        # Nothing is left to do where that went well; otherwise this says what is wrong.
        super().rollback()


def keep_plans(app: Flask) -> None:
    """Have PostgreSQL plan what pages ask once for each connection, not for each request.

    Not behind a pooler, where the next transaction may have another connection. To be called after
    `limit_waits`: whoever connects is the last to be heard.
    """
    if app.config["CIVICFORUM"].pgbouncer:
        return
    with app.app_context():
        engine = db.engine

    @event.listens_for(engine, "do_connect")
    def connect(
        _dialect: Dialect, _record: ConnectionPoolEntry, arguments: list[Any], named: dict[str, Any]
    ) -> psycopg.Connection[Any]:
        return _PlanKeeping.connect(*arguments, **named)


def direct_url(app: Flask) -> str:
    """Return the URL of PostgreSQL itself: a pooler in between has no session to listen or hold a lock in."""
    url: str = app.config["CIVICFORUM"].direct_database_url or app.config["SQLALCHEMY_DATABASE_URI"]
    return url


def direct_engine(app: Flask) -> Engine:
    """Return an engine for what needs a session of its own. Wants an app context."""
    if app.config["CIVICFORUM"].direct_database_url is None:
        return db.engine
    return create_engine(direct_url(app), poolclass=NullPool)


def conninfo(url: str) -> str:
    """Return what psycopg takes for a URL of SQLAlchemy's; of several hosts, all of them in their order."""
    engine = create_engine(url, poolclass=NullPool)
    _, parameters = engine.dialect.create_connect_args(engine.url)
    # The types it writes and reads are SQLAlchemy's own business.
    given = {name: value for name, value in parameters.items() if name != "context"}
    return make_conninfo(**LINK | given)


@contextmanager
def transaction() -> Iterator[Session]:
    """Yield the session; commit when the block ends, roll back when it raises. Does not nest."""
    session: Session = db.session()
    if session.info.get("in_transaction_block"):
        raise RuntimeError("transaction() does not nest: pass the session to a plain function instead")
    session.info["in_transaction_block"] = True
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("in_transaction_block", None)
