"""Reads of registrations: the officers' list, and where one person stands."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import BodyKind, PostKind
from civicforum.elections.models import Election, Registration, Round
from civicforum.elections.rules import RegistrationState, Way
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.people.models import Group, Household, Person
from civicforum.people.rules import CapacityKind
from civicforum.polls.models import Poll, RollEntry
from civicforum.rows import get_row

PER_PAGE = 50
# A statement that stands, whether it waits to be decided or not.
STANDING = (RegistrationState.APPLIED, RegistrationState.REGISTERED)


def get_election(session: Session, *, election_id: uuid.UUID, community_id: uuid.UUID) -> Election:
    """Return an election of the community with its seats. Raises NotFound."""
    return get_row(
        session, Election, election_id, community_id=community_id, options=[selectinload(Election.seats)]
    )


def get_registration(session: Session, *, registration_id: uuid.UUID, election_id: uuid.UUID) -> Registration:
    """Return a registration with its person. Raises NotFound."""
    row = session.scalar(
        select(Registration)
        .where(Registration.id == registration_id, Registration.election_id == election_id)
        .options(joinedload(Registration.person).joinedload(Person.household).joinedload(Household.group))
    )
    if row is None:
        raise NotFound(registration_id)
    return row


def find_registration(
    session: Session, *, election_id: uuid.UUID, person_id: uuid.UUID
) -> Registration | None:
    """Return what somebody stated in this election, in whatever state it is."""
    return session.scalar(
        select(Registration).where(
            Registration.election_id == election_id, Registration.person_id == person_id
        )
    )


def registrations_of(
    session: Session, *, election_id: uuid.UUID, people: Collection[uuid.UUID]
) -> dict[uuid.UUID, Registration]:
    """Return what each of these people stated."""
    rows = session.scalars(
        select(Registration).where(
            Registration.election_id == election_id, Registration.person_id.in_(people)
        )
    )
    return {row.person_id: row for row in rows}


def find_of_household(
    session: Session, *, election_id: uuid.UUID, household_id: uuid.UUID, but: uuid.UUID
) -> Registration | None:
    """Return who else of a household is registered, or has applied, to stand for it."""
    return session.scalar(
        select(Registration)
        .join(Person, Person.id == Registration.person_id)
        .where(
            Registration.election_id == election_id,
            Registration.state.in_(STANDING),
            Person.household_id == household_id,
            Person.id != but,
        )
        .options(contains_eager(Registration.person))
        .limit(1)
    )


@dataclass(frozen=True)
class Line:
    """A registration on the officers' list; of several people of one name each says what tells them apart."""

    registration: Registration
    has_namesake: bool
    is_double: bool


def list_registrations(
    session: Session,
    *,
    election: Election,
    text: str = "",
    state: RegistrationState | None = None,
    group_id: uuid.UUID | None = None,
    is_elsewhere: bool = False,
    is_double: bool = False,
    number: int = 1,
) -> Page[Line]:
    """Return a page of what was stated: what waits first, then by residents' group and household.

    Args:
        text: part of a name or address, or a register number.
        is_elsewhere: only those whose hukou is elsewhere, who may be registered there too.
        is_double: only those who share name and day of birth with another, and may be one person twice.
    """
    statement = _registrations(election.id)
    if text:
        statement = statement.where(_matches(text))
    if state is not None:
        statement = statement.where(Registration.state == state)
    if group_id is not None:
        statement = statement.where(Household.group_id == group_id)
    if is_elsewhere:
        statement = statement.where(Registration.hukou_place != "")
    if is_double:
        statement = statement.where(tuple_(Person.name, Person.born_on).in_(_alike(election.id)))
    page = paginate(session, statement, number=number, per_page=PER_PAGE)
    born = _born_by_name(session, election_id=election.id, names={row.person.name for row in page.items})
    return page.map(lambda row: _line(row, born[row.person.name]))


def _line(row: Registration, born: Counter[date]) -> Line:
    """Return a line; `born` are the days of birth of everybody here who bears the name."""
    is_standing = row.state in STANDING
    return Line(
        row,
        has_namesake=born.total() > (1 if is_standing else 0),
        is_double=born[row.person.born_on] > (1 if is_standing else 0),
    )


def _born_by_name(
    session: Session, *, election_id: uuid.UUID, names: Collection[str]
) -> dict[str, Counter[date]]:
    """Return the days of birth of those who have stated that they take part, by name."""
    rows = session.execute(
        select(Person.name, Person.born_on, func.count())
        .join(Registration, Registration.person_id == Person.id)
        .where(
            Registration.election_id == election_id,
            Registration.state.in_(STANDING),
            Person.name.in_(names),
        )
        .group_by(Person.name, Person.born_on)
    )
    found: dict[str, Counter[date]] = defaultdict(Counter)
    for name, born_on, count in rows:
        found[name][born_on] += count
    return found


def _alike(election_id: uuid.UUID) -> Select[str, date]:
    """Select names and days of birth that two of those who take part share: perhaps one person twice."""
    return (
        select(Person.name, Person.born_on)
        .join(Registration, Registration.person_id == Person.id)
        .where(Registration.election_id == election_id, Registration.state.in_(STANDING))
        .group_by(Person.name, Person.born_on)
        .having(func.count() > 1)
    )


@dataclass(frozen=True)
class Figures:
    """How many statements there are, by state and, of those registered, by ground."""

    states: Counter[RegistrationState]
    grounds: Counter[CapacityKind]
    elsewhere: int
    doubles: int


def count_registrations(session: Session, *, election_id: uuid.UUID) -> Figures:
    """Count an election's registrations in two statements."""
    away = Registration.hukou_place != ""
    rows = session.execute(
        select(Registration.state, Registration.ground, away, func.count())
        .where(Registration.election_id == election_id)
        .group_by(Registration.state, Registration.ground, away)
    ).all()
    states: Counter[RegistrationState] = Counter()
    grounds: Counter[CapacityKind] = Counter()
    elsewhere = 0
    for state, ground, is_away, count in rows:
        states[state] += count
        if state is RegistrationState.REGISTERED:
            grounds[ground] += count
        if is_away and state in STANDING:
            elsewhere += count
    doubles = session.scalar(select(func.count()).select_from(_alike(election_id).subquery())) or 0
    return Figures(states, grounds, elsewhere, doubles)


def households_with_one(
    session: Session, *, election_id: uuid.UUID, households: Iterable[uuid.UUID]
) -> set[uuid.UUID]:
    """Return which of these households somebody stands for already."""
    return set(
        session.scalars(
            select(Person.household_id)
            .join(Registration, Registration.person_id == Person.id)
            .where(
                Registration.election_id == election_id,
                Registration.state.in_(STANDING),
                Person.household_id.in_(list(households)),
            )
        )
    )


def find_roll(session: Session, *, election_id: uuid.UUID) -> Poll | None:
    """Return the poll of the first round once its roll is posted: the roll of the election."""
    return session.scalar(
        select(Poll)
        .join(Round, Round.poll_id == Poll.id)
        .where(Round.election_id == election_id, Poll.roll_posted_at.is_not(None))
        .order_by(Round.number)
        .limit(1)
    )


def find_entry(session: Session, *, poll_id: uuid.UUID, person_id: uuid.UUID) -> RollEntry | None:
    """Return somebody's entry on the roll, struck off or not."""
    return session.scalar(
        select(RollEntry).where(RollEntry.poll_id == poll_id, RollEntry.person_id == person_id)
    )


def electors_among(
    session: Session, *, election: Election, people: Collection[uuid.UUID], day: date
) -> set[uuid.UUID]:
    """Return which of these people are voters: on the posted roll, or registered before it is posted.

    Where representatives elect, nobody registers: before the roll is posted they are those in office.
    """
    roll = find_roll(session, election_id=election.id)
    if roll is not None:
        statement = select(RollEntry.person_id).where(
            RollEntry.poll_id == roll.id, RollEntry.struck_off_at.is_(None), RollEntry.person_id.in_(people)
        )
    elif election.way is Way.REPRESENTATIVES:
        statement = _representatives(election.community_id, day).where(Term.person_id.in_(people))
    else:
        statement = select(Registration.person_id).where(
            Registration.election_id == election.id,
            Registration.state == RegistrationState.REGISTERED,
            Registration.person_id.in_(people),
        )
    return set(session.scalars(statement))


def count_representatives(session: Session, *, community_id: uuid.UUID, day: date) -> int:
    """Return how many residents' representatives are in office on `day`."""
    return (
        session.scalar(select(func.count()).select_from(_representatives(community_id, day).subquery())) or 0
    )


def _representatives(community_id: uuid.UUID, day: date) -> Select[uuid.UUID]:
    return (
        select(Term.person_id)
        .distinct()
        .join(Post, Post.id == Term.post_id)
        .join(Body, Body.id == Post.body_id)
        .where(
            Body.community_id == community_id,
            Body.kind == BodyKind.REPRESENTATIVE_ASSEMBLY,
            Body.dissolved_on.is_(None),
            Post.kind == PostKind.REPRESENTATIVE,
            is_running(day),
        )
    )


def _registrations(election_id: uuid.UUID) -> Select[Registration]:
    person = Registration.person
    return (
        select(Registration)
        .join(person)
        .join(Person.household)
        .join(Household.group)
        .where(Registration.election_id == election_id)
        .options(
            contains_eager(person).contains_eager(Person.household).contains_eager(Household.group),
        )
        .order_by(
            Registration.state != RegistrationState.APPLIED, Group.name, Household.number, Person.number
        )
    )


def _matches(text: str) -> ColumnElement[bool]:
    return or_(
        Person.name.contains(text, autoescape=True),
        Person.number == text,
        Household.number == text,
        Household.address.contains(text, autoescape=True),
    )
