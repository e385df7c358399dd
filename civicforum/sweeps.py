"""What sweeps share: the walk over all that is due, batch by batch, and the sum of what was done."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Self, TypeVar

from sqlalchemy import CompoundSelect, Select, select
from sqlalchemy.orm import Session

from civicforum.database import transaction

BATCH = 200
Due = Select[uuid.UUID] | CompoundSelect[uuid.UUID]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tally:
    """How often a sweep did what: fields of numbers, which are added one by one.

    `failed` counts rows left as they were, for the log and for the next sweep.
    """

    failed: int = 0

    def __add__(self, other: Self) -> Self:
        added = {field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)}
        return type(self)(**added)


T = TypeVar("T", bound=Tally)


def sweep_each(due: Due, sweep_one: Callable[[Session, uuid.UUID], T], *, nothing: T) -> T:
    """Sweep all that is due, each row in a transaction of its own; return the sum of what was done.

    A row that cannot be swept is logged and left, and does not stop the clocks of all others.
    """
    result = nothing
    for row_id in iterate_due(due):
        try:
            with transaction() as session:
                swept = sweep_one(session, row_id)
        except Exception:
            logger.exception("the clocks of %s could not be swept (%s)", row_id, sweep_one)
            swept = type(nothing)(failed=1)
        result += swept
    return result


def iterate_due(due: Due) -> Iterator[uuid.UUID]:
    """Yield what a statement finds as its column `id`, in order; each batch in a transaction of its own."""
    found = due.subquery()
    last = uuid.UUID(int=0)
    while True:
        with transaction() as session:
            batch = session.scalars(
                select(found.c.id).where(found.c.id > last).order_by(found.c.id).limit(BATCH)
            ).all()
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1]
