"""Reads for the list signed at the doors: whom the register gives a ground, household by household."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlalchemy.orm import Session, contains_eager, selectinload

from civicforum.elections.models import Election, Registration
from civicforum.elections.queries.registrations import PER_PAGE, registrations_of
from civicforum.elections.rules import RegistrationState
from civicforum.paging import Page, paginate
from civicforum.people.models import Capacity, Group, Household, Person
from civicforum.people.queries import runs_on
from civicforum.people.rules import CapacityKind

# Grounds that an officer may take from a list signed at the door; a worker's is an application (art 16).
AT_THE_DOOR = (CapacityKind.HUKOU, CapacityKind.USUAL_RESIDENCE)


@dataclass(frozen=True)
class DoorLine:
    """Somebody with a ground in the register, and whether they said already that they take part."""

    person: Person
    ground: CapacityKind
    registration: Registration | None


def list_at_the_doors(
    session: Session,
    *,
    election: Election,
    born_by: date,
    today: date,
    election_day: date,
    group_id: uuid.UUID | None = None,
    is_missing: bool = False,
    number: int = 1,
) -> Page[DoorLine]:
    """Return a page of fifty people whom the register gives a ground, household by household.

    Args:
        born_by: the last day of birth of those who are old enough on the day that counts.
        is_missing: only those who have not said yet that they take part.
    """
    statement = _with_ground(election, born_by=born_by, today=today, election_day=election_day)
    if group_id is not None:
        statement = statement.where(Household.group_id == group_id)
    if is_missing:
        statement = statement.where(~_has_stated(election.id))
    page = paginate(session, statement, number=number, per_page=PER_PAGE)
    rows = registrations_of(session, election_id=election.id, people=[person.id for person in page.items])
    return page.map(lambda person: DoorLine(person, grounds_of(person, today)[0], rows.get(person.id)))


def find_at_the_doors(
    session: Session,
    *,
    election: Election,
    people: Sequence[uuid.UUID],
    born_by: date,
    today: date,
    election_day: date,
) -> list[Person]:
    """Return those of these people whom the register gives a ground and who have not stated yet."""
    statement = _with_ground(election, born_by=born_by, today=today, election_day=election_day)
    statement = statement.where(Person.id.in_(people), ~_has_stated(election.id))
    return list(session.scalars(statement))


def grounds_of(person: Person, day: date) -> list[CapacityKind]:
    """Return the grounds of article 16 that the register gives somebody on `day`, the strongest first."""
    held = {
        one.kind for one in person.capacities if one.since <= day and (one.until is None or one.until >= day)
    }
    return [kind for kind in (*AT_THE_DOOR, CapacityKind.COMMUNITY_WORKER) if kind in held]


def _with_ground(election: Election, *, born_by: date, today: date, election_day: date) -> Select[Person]:
    unit = Household.group_id == election.group_id if election.group_id else true()
    ground = exists().where(Capacity.person_id == Person.id, Capacity.kind.in_(AT_THE_DOOR), runs_on(today))
    return (
        select(Person)
        .join(Person.household)
        .join(Household.group)
        .where(
            Person.community_id == election.community_id,
            Person.born_on <= born_by,
            or_(Person.left_on.is_(None), Person.left_on >= election_day),
            unit,
            ground,
        )
        .options(
            contains_eager(Person.household).contains_eager(Household.group),
            selectinload(Person.capacities),
        )
        .order_by(Group.name, Household.number, Person.number)
    )


def _has_stated(election_id: uuid.UUID) -> ColumnElement[bool]:
    return exists().where(
        and_(
            Registration.person_id == Person.id,
            Registration.election_id == election_id,
            Registration.state != RegistrationState.WITHDRAWN,
        )
    )
