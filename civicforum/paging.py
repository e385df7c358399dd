"""Pages of long lists: two statements a page, whatever its length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import ColumnElement, Select, func, inspect, select
from sqlalchemy.orm import Session

from civicforum.paging_order import from_its_end

T = TypeVar("T")
PER_PAGE = 20
# Pages that begin later than this are found by their keys first, or counted from the end.
FAR = 1000
# Nobody looks through more of what a search found; to count all of it costs more than to show a page.
MOST_FOUND = 500


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. `number` counts from 1; `total` is the number of items on all pages.

    Of a search that found more than is counted, `is_cut`, the pages hold the first MOST_FOUND.
    """

    items: Sequence[T]
    number: int
    total: int
    per_page: int = PER_PAGE
    argument: str = "page"
    is_cut: bool = False

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    def url(self, number: int) -> str:
        """Return the address of another page of the list shown now, with its filters kept."""
        arguments: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(flat=False)}
        arguments[self.argument] = number
        return url_for(request.endpoint or "", **arguments)

    def map(self, change: Callable[[T], Any]) -> Page[Any]:
        return replace(self, items=[change(item) for item in self.items])


def paginate(
    session: Session,
    statement: Select[Any],
    *,
    number: int,
    per_page: int = PER_PAGE,
    argument: str = "page",
    counted: Select[int] | None = None,
) -> Page[Any]:
    """Return page `number` of what `statement` selects; a number out of range gives the nearest page.

    `counted` selects how many there are, where that is known with less than `statement` joins.
    """
    total = session.scalar(_counting(statement) if counted is None else counted) or 0
    number, before = _nearest(number, total, per_page)
    length = min(per_page, total - before)
    is_late = before > FAR and 2 * before > total
    backwards = from_its_end(statement) if is_late else None
    if backwards is None:
        rows = _rows(session, statement, before, length)
    else:
        rows = _rows(session, backwards, total - before - length, length)[::-1]
    return Page(rows, number, total, per_page, argument)


def paginate_found(
    session: Session,
    statement: Select[Any],
    *,
    found: ColumnElement[bool],
    number: int,
    per_page: int = PER_PAGE,
) -> Page[Any]:
    """Return page `number` of what a search finds in an ordered list of one kind of row.

    What is found is looked for once, however many pages it has, and no further than MOST_FOUND.
    """
    key = _key(statement)
    assert key is not None  # noqa: S101
    keys = session.scalars(
        statement.where(found).with_only_columns(key, maintain_column_froms=True).limit(MOST_FOUND + 1)
    ).all()
    total = min(len(keys), MOST_FOUND)
    number, before = _nearest(number, total, per_page)
    shown = keys[before : min(before + per_page, total)]
    rows = session.scalars(statement.where(key.in_(shown))).unique().all() if shown else []
    return Page(rows, number, total, per_page, is_cut=len(keys) > MOST_FOUND)


def _nearest(number: int, total: int, per_page: int) -> tuple[int, int]:
    """Return the number of the nearest page that there is, and how many rows come before it."""
    number = min(max(number, 1), max(1, -(-total // per_page)))
    return number, (number - 1) * per_page


def page_number(argument: str = "page") -> int:
    """Return the page asked for in the address; anything that is not a number means the first."""
    return request.args.get(argument, 1, type=int)


def _counting(statement: Select[Any]) -> Select[int]:
    """Count without the columns that a page shows, and without what it joins only to show it."""
    if _key(statement) is None:
        return select(func.count()).select_from(statement.order_by(None).subquery())
    return statement.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)


def _rows(session: Session, statement: Select[Any], before: int, length: int) -> Sequence[Any]:
    key = _key(statement) if before > FAR else None
    if key is None:
        return session.scalars(statement.limit(length).offset(before)).unique().all()
    # What is joined only to be shown is not joined to the rows that are passed over.
    keys = (
        statement.with_only_columns(key, maintain_column_froms=True).limit(length).offset(before).subquery()
    )
    return session.scalars(statement.where(key.in_(select(keys)))).unique().all()


def _key(statement: Select[Any]) -> Any | None:
    """Return the key of the one table that is selected, or None where rows are made of something else."""
    columns = statement.column_descriptions
    entity = columns[0]["entity"] if len(columns) == 1 else None
    is_plain = not (statement._distinct or statement._group_by_clauses or statement._has_row_limiting_clause)
    if entity is None or columns[0]["expr"] is not entity or not is_plain:
        return None
    keys = inspect(entity).mapper.primary_key
    return (
        getattr(entity, inspect(entity).mapper.get_property_by_column(keys[0]).key)
        if len(keys) == 1
        else None
    )
