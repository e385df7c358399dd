"""What sweeps share: the walk over all that is due, batch by batch, and the sum of what was done."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Self

from sqlalchemy import CompoundSelect, Select, select

from civicforum.database import transaction

BATCH = 200


@dataclass(frozen=True)
class Tally:
    """How often a sweep did what: fields of numbers, which are added one by one."""

    def __add__(self, other: Self) -> Self:
        added = {field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)}
        return type(self)(**added)


def iterate_due(due: Select[uuid.UUID] | CompoundSelect[uuid.UUID]) -> Iterator[uuid.UUID]:
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
