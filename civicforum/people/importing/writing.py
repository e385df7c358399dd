"""Between the plan and the database: what is known now, and the plan written in bulk."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from civicforum.bulk import copy_rows
from civicforum.people.importing.columns import CAPACITY_FIELDS, Field
from civicforum.people.importing.preview import (
    Decision,
    HouseholdState,
    Known,
    KnownCapacity,
    KnownPerson,
    Plan,
    RowKind,
)
from civicforum.people.models import Capacity, Grid, Group, Household, Person
from civicforum.people.rules import CapacityKind

# Rows of one statement; after each the progress moves.
BATCH = 2_000
Progress = Callable[[int], None]


def load_known(session: Session, *, community_id: uuid.UUID) -> Known:
    """Read what the community knows, in five statements whatever its size."""
    capacities: dict[uuid.UUID, dict[CapacityKind, list[KnownCapacity]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in session.execute(
        select(Capacity.id, Capacity.person_id, Capacity.kind, Capacity.since, Capacity.until)
        .where(Capacity.community_id == community_id)
        .order_by(Capacity.since)
    ):
        capacities[row.person_id][row.kind].append(KnownCapacity(row.id, row.since, row.until))
    people = [
        KnownPerson(
            id=row.id,
            number=row.number,
            name=row.name,
            sex=row.sex,
            born_on=row.born_on,
            phone=row.phone,
            identity_hash=row.identity_hash,
            household=row.household,
            has_left=row.left_on is not None,
            capacities=capacities[row.id],
        )
        for row in session.execute(
            select(
                Person.id,
                Person.number,
                Person.name,
                Person.sex,
                Person.born_on,
                Person.phone,
                Person.identity_hash,
                Person.left_on,
                Household.number.label("household"),
            )
            .join(Household, Person.household_id == Household.id)
            .where(Person.community_id == community_id)
        )
    ]
    grids = session.execute(select(Grid.code, Grid.name).where(Grid.community_id == community_id)).all()
    groups = session.scalars(select(Group.name).where(Group.community_id == community_id)).all()
    return Known(
        people=people,
        households=_households(session, community_id),
        # A grid may be named by its code; where one grid's code is another's name, the name wins.
        grids={**{code: code for code, _ in grids}, **{name: code for code, name in grids}},
        groups={name: name for name in groups},
    )


def write_plan(
    session: Session,
    *,
    community_id: uuid.UUID,
    plan: Plan,
    today: date,
    progress: Progress = lambda rows: None,
) -> None:
    """Write every new and changed row. The register is locked and the plan has no error."""
    household_ids = _write_households(session, community_id, plan.households)
    _write_people(session, community_id, plan, household_ids, today, progress)
    session.flush()


def _households(session: Session, community_id: uuid.UUID) -> dict[str, HouseholdState]:
    rows = session.execute(
        select(Household.id, Household.number, Household.address, Grid.code, Group.name)
        .join(Grid, Household.grid_id == Grid.id)
        .join(Group, Household.group_id == Group.id)
        .where(Household.community_id == community_id)
    )
    return {
        number: HouseholdState(number=number, address=address, grid=grid, group=group, id=household_id)
        for household_id, number, address, grid, group in rows
    }


def _write_households(
    session: Session, community_id: uuid.UUID, households: Sequence[HouseholdState]
) -> dict[str, uuid.UUID]:
    """Write the households of the plan; return the id of every household of the community by its number."""
    grids = _ids(session, Grid.code, Grid.id, community_id)
    groups = _ids(session, Group.name, Group.id, community_id)
    new, changed = [], []
    for household in households:
        values = {
            "id": household.id or uuid.uuid4(),
            "address": household.address,
            "grid_id": grids[household.grid],
            "group_id": groups[household.group],
        }
        if household.id is None:
            new.append({**values, "community_id": community_id, "number": household.number})
        else:
            changed.append(values)
    copy_rows(session, Household, new)
    _update(session, Household, changed)
    return _ids(session, Household.number, Household.id, community_id)


def _write_people(
    session: Session,
    community_id: uuid.UUID,
    plan: Plan,
    household_ids: dict[str, uuid.UUID],
    today: date,
    progress: Progress,
) -> None:
    for start in range(0, len(plan.decisions), BATCH):
        batch = plan.decisions[start : start + BATCH]
        new, changed, held, ended = [], [], [], []
        for decision in batch:
            if decision.kind is RowKind.NEW:
                person_id = uuid.uuid4()
                new.append(_new_person(person_id, community_id, decision, household_ids))
            elif decision.kind is RowKind.CHANGED and decision.person is not None:
                person_id = decision.person.id
                changed += _changed_person(decision, household_ids)
            else:
                continue
            begun, closed = _capacity_rows(person_id, community_id, decision, today)
            held += begun
            ended += closed
        copy_rows(session, Person, new)
        _update(session, Person, changed)
        copy_rows(session, Capacity, held)
        _update(session, Capacity, ended)
        progress(len(batch))


def _new_person(
    person_id: uuid.UUID, community_id: uuid.UUID, decision: Decision, household_ids: dict[str, uuid.UUID]
) -> dict[str, Any]:
    entry = decision.entry
    return {
        "id": person_id,
        "community_id": community_id,
        "number": entry.number,
        "name": entry.name,
        "sex": entry.sex,
        "born_on": entry.born_on,
        "phone": entry.phone,
        "identity_hash": entry.identity_hash,
        "household_id": household_ids[entry.household],
    }


def _changed_person(decision: Decision, household_ids: dict[str, uuid.UUID]) -> list[dict[str, Any]]:
    """Return the person's row as it will be; nothing when only the household or capacities change."""
    entry, person = decision.entry, decision.person
    assert person is not None  # noqa: S101
    own = {
        Field.NUMBER,
        Field.NAME,
        Field.SEX,
        Field.BORN_ON,
        Field.PHONE,
        Field.HOUSEHOLD,
        Field.IDENTITY,
    }
    if not own & {change.field for change in decision.changes}:
        return []
    return [
        {
            "id": person.id,
            "number": entry.number or person.number,
            "name": entry.name or person.name,
            "sex": entry.sex or person.sex,
            "born_on": entry.born_on or person.born_on,
            "phone": entry.phone or person.phone,
            "identity_hash": entry.identity_hash or person.identity_hash,
            "household_id": household_ids[entry.household],
        }
    ]


def _capacity_rows(
    person_id: uuid.UUID, community_id: uuid.UUID, decision: Decision, today: date
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return capacities to insert, and existing ones that end today or go on again."""
    entry, person = decision.entry, decision.person
    begun, moved = [], []
    since = entry.since or today
    for kind in CAPACITY_FIELDS.values():
        said = entry.capacities.get(kind)
        held = person.held(kind, today) if person else None
        if said is None or said is (held is not None):
            continue
        if held is not None:
            moved.append({"id": held.id, "until": max(today, held.since)})
            continue
        # One that began on the same day and was ended goes on: there is one row for a first day.
        same = [each for each in (person.capacities.get(kind, ()) if person else ()) if each.since == since]
        if same:
            moved.append({"id": same[0].id, "until": None})
        else:
            begun.append(
                {
                    "id": uuid.uuid4(),
                    "community_id": community_id,
                    "person_id": person_id,
                    "kind": kind,
                    "since": since,
                }
            )
    return begun, moved


def _ids(session: Session, name: Any, key: Any, community_id: uuid.UUID) -> dict[str, uuid.UUID]:
    rows = session.execute(select(name, key).where(name.class_.community_id == community_id))
    return {row[0]: row[1] for row in rows}


def _update(session: Session, model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(update(model), rows)
