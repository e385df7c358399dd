"""How many SQL statements a piece of work makes, and by what PostgreSQL plans them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

from civicforum.database import db

# Tables that tests write thousands of rows to; to go through all of them takes twenty times as long.
LARGE = ("person", "household", "term", "election_registration", "roll_entry", "paper_issue")


@dataclass
class Counted:
    statements: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.statements)


@contextmanager
def count_statements() -> Iterator[Counted]:
    """Count what is sent to the database while the block runs; savepoints of the test's own are left out."""
    counted = Counted()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            counted.statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield counted
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def gather_statistics() -> None:
    """Count the rows of the large tables, as PostgreSQL does by itself a minute after many have come.

    Without it, statements over thousands of rows are planned for a handful.
    """
    db.session.connection().exec_driver_sql(f"ANALYZE {', '.join(LARGE)}")
    db.session.commit()
