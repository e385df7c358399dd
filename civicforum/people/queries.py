"""Reads of communities and residents."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from civicforum import rulebook
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate, paginate_found
from civicforum.people.models import (
    Capacity,
    Community,
    Grid,
    Group,
    Household,
    Kinship,
    Person,
    Region,
    ResidentImport,
)
from civicforum.people.rules import KinshipKind, latest_birth_of_adult
from civicforum.rows import get_row

# A phone is found by its last digits; fewer would find half the community.
LEAST_PHONE_DIGITS = 4
# So many can be looked through by eye; who searches for more is asked to type more.
MOST_FOUND = 20


def rules_in(session: Session, community_id: uuid.UUID) -> rulebook.Rulebook:
    """Return the rules in force in a community today."""
    return rulebook.load(session.get_one(Community, community_id).profile)


def list_communities(session: Session) -> Sequence[Community]:
    """Return every community with its subdistrict, by name."""
    return session.scalars(
        select(Community)
        .join(Community.subdistrict)
        .options(contains_eager(Community.subdistrict))
        .order_by(Community.name, Region.name, Community.id)
    ).all()


def find_people(
    session: Session, *, community_id: uuid.UUID, text: str, limit: int = MOST_FOUND
) -> Sequence[Person]:
    """Return people by name, roll number, address or the end of the phone number, with their households."""
    if not text.strip():
        return []
    found = _is_found(community_id, text.strip())
    return session.scalars(_people(community_id).where(found).limit(limit)).all()


def list_people(session: Session, *, community_id: uuid.UUID, text: str = "", number: int) -> Page[Person]:
    """Return a page of the residents, by household, with household, grid, group and capacities."""
    statement = _people(community_id).options(selectinload(Person.capacities))
    if text.strip():
        found = _is_found(community_id, text.strip())
        return paginate_found(session, statement, found=found, number=number, per_page=50)
    # Everybody belongs to a household, which has not to be asked to count them.
    everybody = select(func.count()).where(Person.community_id == community_id)
    return paginate(session, statement, number=number, per_page=50, counted=everybody)


def get_person(session: Session, *, person_id: uuid.UUID, community_id: uuid.UUID) -> Person:
    """Return a person with household and capacities. Raises NotFound."""
    person = session.scalar(
        select(Person)
        .where(Person.id == person_id, Person.community_id == community_id)
        .options(
            joinedload(Person.household).joinedload(Household.grid),
            joinedload(Person.household).joinedload(Household.group),
            selectinload(Person.capacities),
        )
    )
    if person is None:
        raise NotFound(person_id)
    return person


def list_household(session: Session, *, household_id: uuid.UUID) -> Sequence[Person]:
    """Return who lives in a household, by roll number."""
    return session.scalars(
        select(Person).where(Person.household_id == household_id).order_by(Person.number)
    ).all()


def kin_of(session: Session, *, person_id: uuid.UUID) -> dict[uuid.UUID, KinshipKind]:
    """Return a person's near relatives and what they are to each other."""
    rows = session.execute(
        select(Kinship.person_id, Kinship.relative_id, Kinship.kind).where(
            or_(Kinship.person_id == person_id, Kinship.relative_id == person_id)
        )
    )
    return {(second if first == person_id else first): kind for first, second, kind in rows}


def list_kin(session: Session, *, person_id: uuid.UUID) -> list[tuple[Person, KinshipKind]]:
    """Return a person's near relatives by roll number."""
    kin = kin_of(session, person_id=person_id)
    people = session.scalars(select(Person).where(Person.id.in_(kin)).order_by(Person.number))
    return [(person, kin[person.id]) for person in people]


@dataclass(frozen=True)
class GridLine:
    """A grid with how much it holds."""

    grid: Grid
    households: int
    people: int


def list_grids(session: Session, *, community_id: uuid.UUID) -> Sequence[Grid]:
    """Return every grid by its code."""
    return session.scalars(select(Grid).where(Grid.community_id == community_id).order_by(Grid.code)).all()


def list_grids_with_sizes(session: Session, *, community_id: uuid.UUID) -> list[GridLine]:
    """Return every grid by its code, with the person who answers for it and its size."""
    # Households with how many live there first: people are then not sorted by grid and household.
    living = (
        select(Person.household_id, func.count().label("people"))
        .where(Person.community_id == community_id, Person.left_on.is_(None))
        .group_by(Person.household_id)
        .subquery()
    )
    rows = session.execute(
        select(Grid, func.count(Household.id), func.coalesce(func.sum(living.c.people), 0))
        .outerjoin(Household, Household.grid_id == Grid.id)
        .outerjoin(living, living.c.household_id == Household.id)
        .where(Grid.community_id == community_id)
        .options(joinedload(Grid.worker))
        .group_by(Grid.id)
        .order_by(Grid.code)
    ).all()
    return [GridLine(grid, households, int(people)) for grid, households, people in rows]


def get_grid(session: Session, *, grid_id: uuid.UUID, community_id: uuid.UUID) -> Grid:
    """Return a grid with the person who answers for it. Raises NotFound."""
    grid = session.scalar(
        select(Grid)
        .where(Grid.id == grid_id, Grid.community_id == community_id)
        .options(joinedload(Grid.worker))
    )
    if grid is None:
        raise NotFound(grid_id)
    return grid


def get_household_by_number(session: Session, *, number: str, community_id: uuid.UUID) -> Household | None:
    """Return the household of this number, or None: lists and forms name households that do not exist."""
    return session.scalar(
        select(Household).where(Household.community_id == community_id, Household.number == number)
    )


def get_import(session: Session, *, import_id: uuid.UUID, community_id: uuid.UUID) -> ResidentImport:
    """Return a preview of a list of residents. Raises NotFound."""
    return get_row(session, ResidentImport, import_id, community_id=community_id)


def list_groups(session: Session, *, community_id: uuid.UUID) -> Sequence[Group]:
    """Return every residents' group by name."""
    return session.scalars(select(Group).where(Group.community_id == community_id).order_by(Group.name)).all()


def list_groups_with_sizes(session: Session, *, community_id: uuid.UUID) -> list[tuple[Group, int]]:
    """Return every residents' group by name, with its number of households."""
    rows = session.execute(
        select(Group, func.count(Household.id))
        .outerjoin(Household, Household.group_id == Group.id)
        .where(Group.community_id == community_id)
        .group_by(Group.id)
        .order_by(Group.name)
    ).all()
    return [(group, households) for group, households in rows]


@dataclass(frozen=True)
class Figures:
    """The size of a community."""

    households: int
    people: int
    grids: int
    grids_without_worker: int
    groups: int


def get_figures(session: Session, *, community_id: uuid.UUID) -> Figures:
    """Return the size of a community in one statement; who has left is not counted."""
    here = (
        select(func.count(Household.id)).where(Household.community_id == community_id),
        select(func.count(Person.id)).where(Person.community_id == community_id, Person.left_on.is_(None)),
        select(func.count(Grid.id)).where(Grid.community_id == community_id),
        select(func.count(Grid.id)).where(Grid.community_id == community_id, Grid.worker_id.is_(None)),
        select(func.count(Group.id)).where(Group.community_id == community_id),
    )
    return Figures(*session.execute(select(*(each.scalar_subquery() for each in here))).one())


def count_households(session: Session, *, community_id: uuid.UUID) -> int:
    """Return how many households the community has, with or without anybody living there."""
    return session.scalar(select(func.count(Household.id)).where(Household.community_id == community_id)) or 0


def runs_on(day: date) -> ColumnElement[bool]:
    """Return the condition that a capacity holds on `day`; its last day counts."""
    return and_(Capacity.since <= day, or_(Capacity.until.is_(None), Capacity.until >= day))


def _people(community_id: uuid.UUID) -> Select[Person]:
    return (
        select(Person)
        .join(Person.household)
        # Said of the household too: by its index PostgreSQL then comes upon them in the order of the list.
        .where(Person.community_id == community_id, Household.community_id == community_id)
        .options(
            contains_eager(Person.household).joinedload(Household.grid),
            contains_eager(Person.household).joinedload(Household.group),
        )
        .order_by(Household.number, Person.number)
    )


def _is_found(community_id: uuid.UUID, text: str) -> ColumnElement[bool]:
    one, other, home = aliased(Person), aliased(Person), aliased(Household)
    wanted = [one.name.contains(text, autoescape=True), one.number == text]
    if text.isdigit() and len(text) >= LEAST_PHONE_DIGITS:
        wanted.append(one.phone.endswith(text, autoescape=True))
    # A union and no "or" over both tables, which would look at every person with the household.
    found = union(
        select(one.id).where(one.community_id == community_id, or_(*wanted)),
        select(other.id)
        .join(home, other.household_id == home.id)
        .where(
            home.community_id == community_id,
            or_(home.number == text, home.address.contains(text, autoescape=True)),
        ),
    )
    return Person.id.in_(found)


def count_adults(session: Session, *, community_id: uuid.UUID, day: date) -> int:
    """Return how many adults are residents of a community on `day`."""
    statement = (
        select(func.count())
        .select_from(Person)
        .where(
            Person.community_id == community_id,
            Person.born_on <= latest_birth_of_adult(day),
            or_(Person.left_on.is_(None), Person.left_on >= day),
        )
    )
    return session.scalar(statement) or 0
