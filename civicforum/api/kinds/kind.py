"""A kind of open data: how it is selected, put in order, and brought into its shape."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from civicforum.api.cursors import read_cursor, write_cursor
from civicforum.api.filters import Filters, ListFilters
from civicforum.api.shapes.common import Shape
from civicforum.people.models import Community

F = TypeVar("F", bound=ListFilters)
S = TypeVar("S", bound=Shape)


@dataclass(frozen=True)
class Scope:
    """Of which community is read, with what session, and when."""

    session: Session
    community: Community
    now: datetime

    @property
    def community_id(self) -> uuid.UUID:
        return self.community.id


@dataclass(frozen=True)
class One(Generic[S]):
    """A single thing of the list `of`, with all that hangs on it. `write` raises NotFound."""

    name: str
    of: str
    summary: str
    shape: type[S]
    write: Callable[[Scope, uuid.UUID], S]
    filters: type[Filters] = Filters

    @property
    def endpoint(self) -> str:
        return "show_" + self.name.replace("-", "_")


@dataclass(frozen=True)
class Kind(Generic[F, S]):
    """A list of open data.

    `name` is its segment of the address and of the names of exports; `key` puts it in order and has no two
    equal values, newest first where `is_descending`. `write` brings rows into shape, in a number of
    statements that does not depend on how many they are.
    """

    name: str
    summary: str
    shape: type[S]
    filters: type[F]
    select: Callable[[Scope, F], Select[Any]]
    key: tuple[InstrumentedAttribute[Any], ...]
    write: Callable[[Scope, Sequence[Any]], list[S]]
    is_descending: bool = True
    # What exports hold instead of lines, where it is no list of its own.
    whole: One[Any] | None = None

    @property
    def endpoint(self) -> str:
        return "list_" + self.name.replace("-", "_")

    def ordered(self, scope: Scope, filters: F) -> Select[Any]:
        """Return the statement of the whole list in its order."""
        columns = [column.desc() if self.is_descending else column.asc() for column in self.key]
        return self.select(scope, filters).order_by(*columns)

    def page(self, scope: Scope, filters: F) -> tuple[list[S], str | None]:
        """Return a page and the cursor of the next one. Raises Invalid for a cursor of another list."""
        statement = self.ordered(scope, filters)
        if filters.cursor is not None:
            statement = statement.where(self._after(filters.cursor))
        rows = scope.session.scalars(statement.limit(filters.limit + 1)).unique().all()
        shown = rows[: filters.limit]
        is_last = len(rows) <= filters.limit
        return self.write(scope, shown), None if is_last else self._cursor_of(shown[-1])

    def _after(self, cursor: str) -> Any:
        types = [column.type.python_type for column in self.key]
        here, there = tuple_(*self.key), tuple_(*read_cursor(cursor, types))
        return here < there if self.is_descending else here > there

    def _cursor_of(self, row: Any) -> str:
        return write_cursor([getattr(row, column.key) for column in self.key])
