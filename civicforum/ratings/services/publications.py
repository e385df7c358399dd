"""What the night does with ratings: counts them, publishes last month's, and writes their rows anew.

A row keeps the number of the transaction that wrote it, and lies where there was room then: both pair a
rating with the slip it was given with, and put ratings in the order of their hours. Written anew every night
in one transaction, in the order of random ids, they tell neither (docs/adr/0011).
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from civicforum.database import db
from civicforum.people.models import Community
from civicforum.people.queries import rules_in
from civicforum.ratings import publishing
from civicforum.ratings.models import RatingPublication, ServiceRating, ServiceSlip, SlipSheet
from civicforum.ratings.publishing import ITEM, NO_ITEM, SERVED, TOGETHER, TOTAL, Rated
from civicforum.ratings.rules import BAD_LEVELS, LEAST, MEND, ReviewRuling, month_of
from civicforum.ratings.services.steps import record_station
from civicforum.records.services import Entry
from civicforum.rulebook.days import day_of, day_starts
from civicforum.sweeps import Tally, sweep_each

logger = logging.getLogger(__name__)
# Slips whose time is over were written anew in the nights since; a worker that stood still has a week.
CAUGHT_UP = timedelta(days=7)


@dataclass(frozen=True)
class NightResult(Tally):
    """What a night did."""

    counted: int = 0
    published: int = 0


def sweep_night(*, now: datetime) -> NightResult:
    """Do in every community what the night does."""
    waiting = select(ServiceRating.community_id.label("id")).where(_is_unsettled()).distinct()
    result = sweep_each(
        waiting, lambda session, community_id: _settle(session, community_id, now), nothing=NightResult()
    )
    _clean_tables()
    return result


def _settle(session: Session, community_id: uuid.UUID, now: datetime) -> NightResult:
    session.get_one(Community, community_id, with_for_update={"key_share": True})
    came, published = _count_up(session, community_id), _publish(session, community_id, now)
    _write_anew(session, community_id, day_of(now))
    # Last, for who handles a grade locks its row before the journal.
    if came:
        entry = Entry(actor=None, now=now, payload={"came": came})
        record_station(session, community_id, "", action="count_up", **entry)
    if published is not None:
        entry = Entry(actor=None, now=now, payload={"total": sum(published.figures[TOTAL][TOGETHER])})
        record_station(session, community_id, "", action="publish", **entry)
    return NightResult(counted=came, published=int(published is not None))


def _is_unsettled() -> ColumnElement[bool]:
    removable = (ServiceRating.ruling == ReviewRuling.SET_ASIDE) & ServiceRating.removed_in.is_(None)
    return or_(ServiceRating.published_in.is_(None), ~ServiceRating.is_counted, removable)


def _count_up(session: Session, community_id: uuid.UUID) -> int:
    """Mark ratings as counted once they are enough that their number tells of nobody; return how many."""
    new = session.scalars(
        select(ServiceRating)
        .where(ServiceRating.community_id == community_id, ~ServiceRating.is_counted)
        .order_by(ServiceRating.id)
    ).all()
    if len(new) < _least(session, community_id):
        return 0
    for rating in new:
        rating.is_counted = True
    return len(new)


def _publish(session: Session, community_id: uuid.UUID, now: datetime) -> RatingPublication | None:
    """Publish the ratings of months that are over, when there are enough."""
    today, least = day_of(now), _least(session, community_id)
    last = get_last(session, community_id)
    if last is not None and last.published_on >= today:
        return None
    ready = _list_ready(session, community_id, month_of(today))
    if len(ready) < least:
        return None
    new = [_rated(rating, {}) for rating in ready]
    leaving = _list_leaving(session, community_id)
    hidden = _hidden_by_day(session, community_id)
    gone = [_rated(rating, hidden[rating.published_in]) for rating in leaving if rating.published_in]
    chosen = publishing.choose_removed(new, gone, least=least)
    change = publishing.change(new, [gone[at] for at in chosen], least=least)
    if change is None:
        return None
    figures = publishing.add(last.figures if last else None, change.figures)
    _mark(session, ready, [leaving[at] for at in chosen], today)
    stands, set_aside = _count_rulings(session, community_id)
    publication = RatingPublication(
        community_id=community_id,
        published_on=today,
        figures=figures,
        hidden=change.hidden,
        stands=stands,
        set_aside=set_aside,
    )
    session.add(publication)
    return publication


def _mark(
    session: Session, ready: Sequence[ServiceRating], leaving: Sequence[ServiceRating], today: date
) -> None:
    for rating in leaving:
        rating.removed_in = today
    for rating in ready:
        rating.published_in = today
        if rating.level in BAD_LEVELS and rating.comment and not rating.is_named_bad:
            # From now on it is read by those who answer for it, and not before: nobody can tell whose it is.
            # Without words there is nothing to answer, and it is a number for everybody.
            rating.clock_from = today
            clock = rules_in(session, rating.community_id).clock(MEND)
            rating.answer_due_at = clock.deadline(day_starts(today))


def get_last(session: Session, community_id: uuid.UUID) -> RatingPublication | None:
    """Return the latest publication."""
    return session.scalars(
        select(RatingPublication)
        .where(RatingPublication.community_id == community_id)
        .order_by(RatingPublication.published_on.desc())
        .limit(1)
    ).one_or_none()


def _list_ready(session: Session, community_id: uuid.UUID, month: date) -> Sequence[ServiceRating]:
    return session.scalars(
        select(ServiceRating)
        .where(
            ServiceRating.community_id == community_id,
            ServiceRating.published_in.is_(None),
            ServiceRating.month < month,
            ServiceRating.ruling.is_distinct_from(ReviewRuling.SET_ASIDE),
        )
        .order_by(ServiceRating.id)
    ).all()


def _list_leaving(session: Session, community_id: uuid.UUID) -> Sequence[ServiceRating]:
    return session.scalars(
        select(ServiceRating)
        .where(
            ServiceRating.community_id == community_id,
            ServiceRating.published_in.is_not(None),
            ServiceRating.removed_in.is_(None),
            ServiceRating.ruling == ReviewRuling.SET_ASIDE,
        )
        .order_by(ServiceRating.id)
    ).all()


def _hidden_by_day(session: Session, community_id: uuid.UUID) -> dict[date, publishing.Hidden]:
    rows = session.execute(
        select(RatingPublication.published_on, RatingPublication.hidden).where(
            RatingPublication.community_id == community_id
        )
    )
    return dict(rows.all())


def _rated(rating: ServiceRating, hidden: publishing.Hidden) -> Rated:
    names = {SERVED: str(rating.term_id), ITEM: str(rating.item_id) if rating.item_id else NO_ITEM}
    return Rated(
        rating.level,
        {key: TOGETHER if name in hidden.get(key, []) else name for key, name in names.items()},
    )


def _count_rulings(session: Session, community_id: uuid.UUID) -> tuple[int, int]:
    rows = session.execute(
        select(ServiceRating.ruling, func.count())
        .where(ServiceRating.community_id == community_id, ServiceRating.ruling.is_not(None))
        .group_by(ServiceRating.ruling)
    )
    counts = dict(rows.all())
    return counts.get(ReviewRuling.STANDS, 0), counts.get(ReviewRuling.SET_ASIDE, 0)


def _least(session: Session, community_id: uuid.UUID) -> int:
    return rules_in(session, community_id).count(LEAST).least or 1


def _write_anew(session: Session, community_id: uuid.UUID, today: date) -> None:
    """Write rows of ratings not published before, and of slips good of late, at once and in no order."""
    session.flush()
    ratings = session.scalars(
        select(ServiceRating.id)
        .where(
            ServiceRating.community_id == community_id,
            or_(ServiceRating.published_in.is_(None), ServiceRating.published_in == today),
        )
        .order_by(ServiceRating.id)
    ).all()
    slips = session.scalars(
        select(ServiceSlip.id)
        .join(SlipSheet, ServiceSlip.sheet_id == SlipSheet.id)
        .where(
            SlipSheet.community_id == community_id,
            SlipSheet.valid_until >= today - CAUGHT_UP,
            ServiceSlip.is_used,
        )
        .order_by(ServiceSlip.id)
    ).all()
    for table, ids in (("service_rating", ratings), ("service_slip", slips)):
        for row_id in ids:
            session.execute(_REWRITE[table], {"id": row_id})


_REWRITE = {
    "service_rating": text("UPDATE service_rating SET is_counted = is_counted WHERE id = :id"),
    "service_slip": text("UPDATE service_slip SET is_used = is_used WHERE id = :id"),
}


def _clean_tables() -> None:
    """Remove what was written anew from the files; outside transactions, on a connection of its own."""
    bind: Engine | Connection = db.engine
    try:
        with bind.engine.connect() as connection:
            own = connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in _REWRITE:
                # Not cut shorter: that waits for whoever reads the table.
                own.execute(text(f"VACUUM (TRUNCATE false) {table}"))
    except SQLAlchemyError:
        logger.exception("the tables of service ratings could not be cleaned")
