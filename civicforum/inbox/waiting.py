"""What waits, asked of many tables in one statement: the home page asks for all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Date, DateTime, Integer, Select, cast, literal_column, null, select, union_all
from sqlalchemy.orm import Session

from civicforum.inbox.rules import Need, NeedKind
from civicforum.rulebook.days import day_ends


@dataclass(frozen=True)
class Part:
    """Needs of one kind: `rows` selects id, title, and due_at (an instant) or due_on (a day) or neither.

    Each leads to `endpoint` with its id as `argument`; "" leaves the id out.
    """

    kind: NeedKind
    endpoint: str
    argument: str
    rows: Select[Any, Any, Any] | Select[Any, Any]
    more: dict[str, Any] = field(default_factory=dict)


def list_parts(session: Session, parts: Sequence[Part]) -> list[Need]:
    """Return the needs of all parts, part after part, each in its order. One statement, or none."""
    if not parts:
        return []
    rows = session.execute(union_all(*(_select(number, part) for number, part in enumerate(parts)))).all()
    return [_need(parts[row.part], row) for row in sorted(rows, key=lambda row: row.part)]


def _select(number: int, part: Part) -> Select[Any, Any, Any, Any, Any]:
    found = part.rows.subquery()
    none: Any = null()
    return select(
        # Not a value of the statement: by its text PostgreSQL knows it again and keeps its plan.
        literal_column(str(number), Integer).label("part"),
        found.c.id,
        found.c.title,
        cast(found.c.get("due_at", none), DateTime(timezone=True)).label("due_at"),
        cast(found.c.get("due_on", none), Date).label("due_on"),
    )


def _need(part: Part, row: Any) -> Need:
    arguments = {part.argument: row.id} if part.argument else {}
    due_at = day_ends(row.due_on) if row.due_on else row.due_at
    return Need(part.kind, row.title, part.endpoint, arguments | part.more, due_at)
