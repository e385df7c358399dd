"""The database: declarative base, column types, and the one way to commit."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Enum, ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

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


db = SQLAlchemy(metadata=Base.metadata, engine_options={"pool_pre_ping": True})
migrate = Migrate(directory="migrations", compare_type=True)


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
