"""A service station with its head, a clerk at the counter, the supervision committee, and people who rate."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Term
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.people.models import Community, Person
from civicforum.ratings import codes
from civicforum.ratings.models import ServiceRating
from civicforum.ratings.rules import RatingLevel
from civicforum.ratings.services import rating, slips
from civicforum.ratings.services.rating import Given
from tests.factories import actor_of, make_community, make_officer

# A Monday in March; there are no holidays near.
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
KEY = "identity key of the tests"
GOOD, BAD = RatingLevel.VERY_SATISFIED, RatingLevel.VERY_DISSATISFIED


@dataclass(frozen=True)
class Station:
    """Ids of a community whose station has a head and a clerk."""

    community_id: uuid.UUID
    head: Actor
    clerk: Actor
    supervisor: Actor
    head_term: uuid.UUID
    clerk_term: uuid.UUID


def make_station(community: Community | None = None) -> Station:
    community = community or make_community()
    head = make_officer(community, Role.STATION_HEAD, login="head")
    clerk = make_officer(community, Role.CLERK, login="clerk", name="丁淑兰")
    supervisor = make_officer(community, Role.SUPERVISOR, login="supervisor")
    return Station(
        community.id,
        actor_of(head, Role.STATION_HEAD),
        actor_of(clerk, Role.CLERK),
        actor_of(supervisor, Role.SUPERVISOR),
        _term(head),
        _term(clerk),
    )


def _term(person: Person) -> uuid.UUID:
    return db.session.scalars(select(Term.id).where(Term.person_id == person.id)).one()


def print_slips(
    station: Station, *, term_id: uuid.UUID | None = None, now: datetime = NOW, until: date | None = None
) -> list[str]:
    """Print a sheet for the clerk's counter and return the codes of its slips."""
    printed = slips.print_sheet(
        term_id=term_id or station.clerk_term,
        counter="一号窗口",
        valid_until=until or (now + timedelta(days=90)).date(),
        key=KEY,
        actor=station.clerk,
        now=now,
    )
    return printed.codes


def rate(code: str, level: RatingLevel = GOOD, *, now: datetime = NOW, **said: str) -> str:
    """Rate with a slip, and return the rating's number."""
    given = Given(level=level, **said)
    return rating.rate(code=code, number=codes.new_number(), given=given, key=KEY, now=now)


def rate_all(printed: Iterable[str], levels: Iterable[RatingLevel], *, now: datetime = NOW) -> list[str]:
    return [rate(code, level, now=now) for code, level in zip(printed, levels, strict=False)]


def id_of(number: str) -> uuid.UUID:
    return db.session.scalars(select(ServiceRating.id).where(ServiceRating.number == number)).one()


def stored(number: str) -> ServiceRating:
    return db.session.scalars(
        select(ServiceRating).where(ServiceRating.number == number).execution_options(populate_existing=True)
    ).one()
