"""The database as somebody reads it who may read everything: every row, and the columns of the system."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Table, text

from civicforum.database import Base, db

SYSTEM = ("xmin", "xmax", "cmin", "cmax", "ctid", "tableoid")


def rows_of(table: Table) -> list[dict[str, Any]]:
    """Return every column of every row, those of the system too."""
    columns = ", ".join([*(f'"{column.name}"' for column in table.columns), *SYSTEM])
    return [dict(row) for row in db.session.execute(text(f'SELECT {columns} FROM "{table.name}"')).mappings()]


def shape(value: Any) -> Any:
    """Return what of a value can depend on a vote: lengths of what is random, small values as they are."""
    if isinstance(value, bytes | memoryview):
        return ("bytes", len(value))
    if isinstance(value, uuid.UUID | datetime):
        return type(value).__name__
    if isinstance(value, str) and len(value) > 30:
        return ("text", len(value))
    return value if isinstance(value, int | str | bool | None) else str(type(value))


def people_in(table: Table) -> Any:
    """Return a function from a row to the people that it names, by its keys to person, account or roll."""
    entries = {row["id"]: row["person_id"] for row in rows_of(Base.metadata.tables["roll_entry"])}
    accounts = {row["id"]: row["person_id"] for row in rows_of(Base.metadata.tables["account"])}
    sources: list[tuple[str, dict[Any, Any] | None]] = []
    for column in table.columns:
        for key in column.foreign_keys:
            target = key.column.table.name
            if target in ("person", "account", "roll_entry"):
                sources.append((column.name, {"account": accounts, "roll_entry": entries}.get(target)))
    if table.name in ("person", "roll_entry", "account"):
        sources.append(("id", {"account": accounts, "roll_entry": entries}.get(table.name)))

    def named(row: dict[str, Any]) -> list[Any]:
        return [row[name] if known is None else known.get(row[name]) for name, known in sources]

    return named
