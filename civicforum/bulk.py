"""Many rows at once, by PostgreSQL's COPY: a statement for all of them instead of one for each."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from psycopg import sql
from sqlalchemy.orm import Session

from civicforum.database import Base


def copy_rows(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Write new rows in the session's transaction; each states every column that may not be empty.

    All rows have the columns of the first. The session does not know them until it reads them. A row that
    breaks a constraint raises psycopg's own error.
    """
    if not rows:
        return
    session.flush()
    names = list(rows[0])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model.__tablename__), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    connection: Any = session.connection().connection.driver_connection
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_plain(row[name]) for name in names])


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value
