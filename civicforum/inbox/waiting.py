"""What waits, asked of many tables in few statements: the home page asks for all of it.

Statements say ME, HERE, NOW and TODAY where they mean one person at one moment, so that each is built once
and not for every request: building them costs as much as what the database does for them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    DateTime,
    Exists,
    Integer,
    Select,
    Text,
    Uuid,
    bindparam,
    cast,
    exists,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.inbox.rules import Need, NeedKind
from civicforum.people.models import Person
from civicforum.people.rules import latest_birth_of_adult
from civicforum.rulebook.days import day_ends, day_of

ME = bindparam("me", type_=Uuid())
HERE = bindparam("here", type_=Uuid())
NOW = bindparam("now", type_=DateTime(timezone=True))
TODAY = bindparam("today", type_=Date())
# The last day on which somebody was born who is an adult today.
ADULT_BORN = bindparam("adult_born", type_=Date())
NOBODY = uuid.UUID(int=0)


def values_of(actor: Actor, now: datetime) -> dict[str, Any]:
    """Return whom and when a statement with ME, HERE, NOW, TODAY or ADULT_BORN is asked for."""
    today = day_of(now)
    return {
        "me": actor.person_id,
        "here": actor.community_id,
        "now": now,
        "today": today,
        "adult_born": latest_birth_of_adult(today),
    }


def is_adult() -> Exists:
    """Return the condition that ME is an adult TODAY."""
    return exists().where(Person.id == ME, Person.born_on <= ADULT_BORN)


def like(actor: Actor) -> Actor:
    """Return nobody in particular with the actor's roles: for whom a statement is built."""
    helper = NOBODY if actor.assisted_by is not None else None
    return Actor(NOBODY, NOBODY, actor.roles, assisted_by=helper)


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


@dataclass(frozen=True)
class Parts:
    """Needs of several kinds, asked in one statement."""

    each: Sequence[Part]

    @cached_property
    def statement(self) -> CompoundSelect[Any, Any, Any, Any, Any]:
        return union_all(*(numbered(number, part) for number, part in enumerate(self.each)))


def has_rows(rows: Select[*tuple[Any, ...]]) -> Exists:
    """Return the condition that a statement finds something."""
    return rows.order_by(None).limit(None).exists()


def list_parts(session: Session, parts: Parts, values: dict[str, Any]) -> list[Need]:
    """Return the needs of all parts, part after part, each in its order. One statement, or none."""
    if not parts.each:
        return []
    rows: Iterable[Any] = session.execute(parts.statement, values)
    return [need_of(parts.each[row.part], row) for row in sorted(rows, key=lambda row: row.part)]


def numbered(
    number: int, part: Part | ColumnElement[bool]
) -> Select[int, uuid.UUID, str, datetime | None, date | None]:
    """Select the rows of a part under a number; of a condition one row of nothing, where it is true."""
    given: Any = part.rows.subquery().c if isinstance(part, Part) else {}
    none: Any = null()
    rows = select(
        # Not a value of the statement: by its text PostgreSQL knows it again and keeps its plan.
        literal_column(str(number), Integer).label("part"),
        cast(given.get("id", none), Uuid()).label("id"),
        cast(given.get("title", none), Text()).label("title"),
        cast(given.get("due_at", none), DateTime(timezone=True)).label("due_at"),
        cast(given.get("due_on", none), Date()).label("due_on"),
    )
    return rows if isinstance(part, Part) else rows.where(part)


def need_of(part: Part, row: Any) -> Need:
    """Return what a row of `numbered` says."""
    arguments = {part.argument: row.id} if part.argument else {}
    due_at = day_ends(row.due_on) if row.due_on else row.due_at
    return Need(part.kind, row.title, part.endpoint, arguments | part.more, due_at)
