"""What tells people of one name on a posted roll apart: little of each, and no identity number."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.people.models import Person
from civicforum.people.rules import Sex
from civicforum.polls.models import RollEntry

# Of the number in the register of residents, which is no number of the state.
LAST_CHARACTERS = 2


@dataclass(frozen=True)
class Mark:
    """Sex and decade of birth of somebody who has a namesake on the roll.

    `end` of the number in the register of residents is given only where group, sex and decade are the same.
    """

    sex: Sex
    decade: int
    end: str = ""


def marks_of(
    session: Session, *, poll_id: uuid.UUID, names: Collection[str] | None = None
) -> dict[uuid.UUID, Mark]:
    """Return by entry the marks of those on a roll who share a name; one statement, whatever its length.

    Args:
        names: those that a page shows; None for the whole roll. Namesakes on other pages count too.

    Source: DOMAIN.md E6, a roll is name and group, at most with sex and age band.
    """
    own = RollEntry.poll_id == poll_id
    shared = select(RollEntry.name).where(own).group_by(RollEntry.name).having(func.count() > 1)
    if names is not None:
        shared = shared.where(RollEntry.name.in_(names))
    rows = session.execute(
        select(
            RollEntry.id,
            RollEntry.name,
            RollEntry.group_name,
            Person.sex,
            Person.born_on,
            Person.number,
        )
        .join(Person, Person.id == RollEntry.person_id)
        .where(own, RollEntry.name.in_(shared))
    )
    alike: dict[tuple[object, ...], list[tuple[uuid.UUID, Mark]]] = defaultdict(list)
    for entry_id, name, group, sex, born_on, number in rows:
        mark = Mark(sex, born_on.year // 10 * 10, number[-LAST_CHARACTERS:])
        alike[name, group, sex, mark.decade].append((entry_id, mark))
    return {
        entry_id: mark if len(own_kind) > 1 else Mark(mark.sex, mark.decade)
        for own_kind in alike.values()
        for entry_id, mark in own_kind
    }
