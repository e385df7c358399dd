"""Pages of long lists: two statements a page, whatever its length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

T = TypeVar("T")
PER_PAGE = 20


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. `number` counts from 1; `total` is the number of items on all pages."""

    items: Sequence[T]
    number: int
    total: int
    per_page: int = PER_PAGE
    argument: str = "page"

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    def url(self, number: int) -> str:
        """Return the address of another page of the list shown now, with its filters kept."""
        arguments: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(flat=False)}
        arguments[self.argument] = number
        return url_for(request.endpoint or "", **arguments)

    def map(self, change: Callable[[T], Any]) -> Page[Any]:
        return Page(
            [change(item) for item in self.items], self.number, self.total, self.per_page, self.argument
        )


def paginate(
    session: Session, statement: Select[Any], *, number: int, per_page: int = PER_PAGE, argument: str = "page"
) -> Page[Any]:
    """Return page `number` of what `statement` selects; a number out of range gives the nearest page."""
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    last = max(1, -(-total // per_page))
    number = min(max(number, 1), last)
    rows = session.scalars(statement.limit(per_page).offset((number - 1) * per_page)).unique().all()
    return Page(rows, number, total, per_page, argument)


def page_number(argument: str = "page") -> int:
    """Return the page asked for in the address; anything that is not a number means the first."""
    return request.args.get(argument, 1, type=int)
