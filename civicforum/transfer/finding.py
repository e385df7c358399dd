"""Looking for words in every text of a community: what is left of a name once it is taken out."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

from sqlalchemy import ARRAY, Column, ColumnElement, Enum, String, Table, Text, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from civicforum.database import Base

Place = tuple[str, str]


def find_words(session: Session, *, community_id: uuid.UUID, words: Sequence[str]) -> dict[Place, int]:
    """Return in how many rows of which table and column one of the words stands."""
    sought = [word for word in words if word]
    found: dict[Place, int] = {}
    for table in Base.metadata.sorted_tables:
        columns = list(_texts(table))
        if not columns or not sought:
            continue
        counts = [
            func.count().filter(or_(*(_holds(column, word) for word in sought))).label(column.name)
            for column in columns
        ]
        statement = select(*counts)
        if "community_id" in table.c:
            statement = statement.where(table.c.community_id == community_id)
        row = session.execute(statement.select_from(table)).one()
        found |= {(table.name, name): count for name, count in row._mapping.items() if count}
    return found


def _texts(table: Table) -> Iterator[Column[object]]:
    for column in table.columns:
        is_text = isinstance(column.type, String) and not isinstance(column.type, Enum)
        if is_text or isinstance(column.type, JSONB | ARRAY):
            yield column


def _holds(column: Column[object], word: str) -> ColumnElement[bool]:
    return cast(column, Text).contains(word, autoescape=True)
