"""Reads for the station's page: what it does, who serves, the published ratings."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import DateTime, cast, func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.appraisals.models import Cycle
from civicforum.appraisals.rules import CycleKind, CycleState
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import BodyKind
from civicforum.paging import Page, paginate
from civicforum.ratings.models import RatingPublication, ServiceItem, SlipSheet, StationCard
from civicforum.ratings.publishing import BREAKDOWNS, TOGETHER, TOTAL
from civicforum.ratings.rules import LEVELS, RatingLevel, ServiceClass
from civicforum.rows import get_row
from civicforum.rulebook.days import day_of

# Two years of monthly publications.
MOST_PUBLICATIONS = 24
SATISFIED = frozenset(LEVELS[:3])


@dataclass(frozen=True)
class Counts:
    """How often each level was given."""

    by_level: dict[RatingLevel, int]

    @property
    def total(self) -> int:
        return sum(self.by_level.values())

    @property
    def satisfied(self) -> int:
        """How many gave one of the three levels that are not bad grades."""
        return sum(number for level, number in self.by_level.items() if level in SATISFIED)


@dataclass(frozen=True)
class Ratings:
    """What is published: the latest totals and breakdowns, and every publication's totals."""

    published_on: date
    total: Counts
    breakdowns: dict[str, list[tuple[str, Counts]]]
    history: list[tuple[date, Counts]]
    stands: int
    set_aside: int


def find_card(session: Session, community_id: uuid.UUID) -> StationCard | None:
    """Return how to reach the station."""
    return session.scalar(select(StationCard).where(StationCard.community_id == community_id))


def list_items(session: Session, community_id: uuid.UUID) -> dict[ServiceClass, list[ServiceItem]]:
    """Return what the station does now, by class and name."""
    found: dict[ServiceClass, list[ServiceItem]] = {one: [] for one in ServiceClass}
    for item in session.scalars(
        select(ServiceItem)
        .where(ServiceItem.community_id == community_id, ServiceItem.ended_on.is_(None))
        .order_by(ServiceItem.name)
    ):
        found[item.service_class].append(item)
    return found


def list_serving(session: Session, *, community_id: uuid.UUID, now: datetime) -> Sequence[Term]:
    """Return who holds a post at the service station, by post."""
    return session.scalars(
        select(Term)
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .where(
            Body.community_id == community_id,
            Body.kind == BodyKind.SERVICE_STATION,
            Body.dissolved_on.is_(None),
            is_running(day_of(now)),
        )
        .options(joinedload(Term.person), joinedload(Term.post).joinedload(Post.body))
        .order_by(Body.name, Post.position, Post.title, Term.since, Term.id)
    ).all()


def names_by_post(terms: Sequence[Term]) -> dict[str, list[str]]:
    """Return the names of those who serve under the title of their post, in the order of the terms."""
    found: dict[str, list[str]] = {}
    for term in terms:
        found.setdefault(term.post.title, []).append(term.person.name)
    return found


def list_sheets(session: Session, *, community_id: uuid.UUID, number: int) -> Page[SlipSheet]:
    """Return the sheets of slips, the newest first."""
    statement = (
        select(SlipSheet)
        .where(SlipSheet.community_id == community_id)
        .options(joinedload(SlipSheet.term).joinedload(Term.person))
        .order_by(SlipSheet.number.desc())
    )
    return paginate(session, statement, number=number)


def get_sheet(session: Session, *, sheet_id: uuid.UUID, community_id: uuid.UUID) -> SlipSheet:
    """Return a sheet of slips. Raises NotFound, also for another community's."""
    return get_row(session, SlipSheet, sheet_id, community_id=community_id)


def find_ratings(session: Session, community_id: uuid.UUID) -> Ratings | None:
    """Return what is published of ratings, or None before the first publication."""
    publications = session.scalars(
        select(RatingPublication)
        .where(RatingPublication.community_id == community_id)
        .order_by(RatingPublication.published_on.desc())
        .limit(MOST_PUBLICATIONS)
    ).all()
    if not publications:
        return None
    last = publications[0]
    names = _names(session, community_id, last)
    return Ratings(
        published_on=last.published_on,
        total=counts_of(last.figures[TOTAL][TOGETHER]),
        breakdowns={
            breakdown: sorted(
                ((names.get(name, name), counts_of(counts)) for name, counts in parts.items()),
                key=lambda line: (line[0] == TOGETHER, -line[1].total, line[0]),
            )
            for breakdown in BREAKDOWNS
            if (parts := last.figures[breakdown])
        },
        history=[(one.published_on, counts_of(one.figures[TOTAL][TOGETHER])) for one in publications],
        stands=last.stands,
        set_aside=last.set_aside,
    )


def count_printed(session: Session, community_id: uuid.UUID) -> list[tuple[date, int]]:
    """Return how many slips were printed in each month, the latest first."""
    month = func.date_trunc("month", cast(SlipSheet.printed_on, DateTime))
    rows = session.execute(
        select(month, func.sum(SlipSheet.slips))
        .where(SlipSheet.community_id == community_id)
        .group_by(month)
        .order_by(month.desc())
        .limit(12)
    )
    return [(first.date(), int(number)) for first, number in rows]


def list_appraisals(session: Session, community_id: uuid.UUID) -> Sequence[Cycle]:
    """Return the certified appraisals of the station, the latest first."""
    return session.scalars(
        select(Cycle)
        .where(
            Cycle.community_id == community_id,
            Cycle.kind == CycleKind.STATION,
            Cycle.state == CycleState.CERTIFIED,
        )
        .order_by(Cycle.held_on.desc(), Cycle.id)
        .limit(5)
    ).all()


def counts_of(counts: list[int]) -> Counts:
    """Return the numbers of a publication by their levels."""
    return Counts(dict(zip(LEVELS, counts, strict=True)))


def _names(session: Session, community_id: uuid.UUID, last: RatingPublication) -> dict[str, str]:
    """Return the names of the people and items that a publication counts by."""
    ids = [uuid.UUID(name) for one in BREAKDOWNS for name in last.figures[one] if len(name) == _UUID_LENGTH]
    terms = session.scalars(
        select(Term)
        .where(Term.id.in_(ids), Term.community_id == community_id)
        .options(joinedload(Term.person), joinedload(Term.post))
    )
    items = session.scalars(
        select(ServiceItem).where(ServiceItem.id.in_(ids), ServiceItem.community_id == community_id)
    )
    named = {str(term.id): f"{term.person.name}（{term.post.title}）" for term in terms}
    return named | {str(item.id): item.name for item in items}


_UUID_LENGTH = 36
