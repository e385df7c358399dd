"""The database: declarative base, column types, and the one way to commit."""

from __future__ import annotations

import select
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Enum, ForeignKey, MetaData, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry, Pool

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

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


db = SQLAlchemy(metadata=Base.metadata)
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
