"""Rating one service: written by nobody in particular.

The transaction holds no person, no journal entry and no hour; the night writes its rows anew.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid
from civicforum.people.queries import rules_in
from civicforum.ratings import codes
from civicforum.ratings.errors import SlipRefused
from civicforum.ratings.models import ServiceItem, ServiceRating, ServiceSlip
from civicforum.ratings.rules import (
    BAD_LEVELS,
    CONTACT,
    MEND,
    ONCE,
    RatingLevel,
    SlipStanding,
    month_of,
    slip_standing,
)
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class Given:
    """What somebody says of a service. Name and phone are kept of bad grades alone: nobody else is called."""

    level: RatingLevel
    item_id: uuid.UUID | None = None
    comment: str = ""
    name: str = ""
    phone: str = ""


def rate(*, code: str, number: str, given: Given, key: str, now: datetime) -> str:
    """Keep the rating that a slip opens, once; return its number.

    `number` comes with the form, so that a form sent twice is kept once and both answers show it.

    Raises SlipRefused, AlreadyDone (this very form was kept before), Invalid ("item").
    """
    with transaction() as session:
        # Locked: two clicks at once would otherwise both find it unused.
        slip = find_slip(session, code=code, key=key, is_locked=True)
        standing = standing_of(session, slip, now) if slip else None
        if slip is None or standing is not SlipStanding.OPEN:
            if slip is not None and _is_kept(session, slip.community_id, number):
                raise AlreadyDone(number)
            raise SlipRefused(standing)
        _check_item(session, slip, given.item_id)
        slip.is_used = True
        session.add(_rating(slip, number, given, rules_in(session, slip.community_id), now))
        try:
            session.flush()
        except IntegrityError as error:
            raise AlreadyDone(number) from error
        return number


def find_slip(session: Session, *, code: str, key: str, is_locked: bool = False) -> ServiceSlip | None:
    """Return the slip with this code and its sheet, of whatever community."""
    statement = (
        select(ServiceSlip)
        .where(ServiceSlip.code_hash == codes.hash_code(code, key=key))
        .options(joinedload(ServiceSlip.sheet))
        .execution_options(populate_existing=True)
    )
    return session.scalar(statement.with_for_update(of=ServiceSlip) if is_locked else statement)


def standing_of(session: Session, slip: ServiceSlip, now: datetime) -> SlipStanding:
    """Tell what the slip opens now."""
    return slip_standing(
        is_used=slip.is_used,
        withdrawn_on=slip.sheet.withdrawn_on,
        valid_until=slip.sheet.valid_until,
        today=day_of(now),
        is_once=rules_in(session, slip.community_id).switch(ONCE).on,
    )


def _rating(slip: ServiceSlip, number: str, given: Given, book: Rulebook, now: datetime) -> ServiceRating:
    is_named_bad = given.level in BAD_LEVELS and bool(given.name or given.phone)
    rating = ServiceRating(
        community_id=slip.community_id,
        number=number,
        term_id=slip.sheet.term_id,
        counter=slip.sheet.counter,
        item_id=given.item_id,
        level=given.level,
        comment=given.comment,
        month=month_of(day_of(now)),
        is_named_bad=is_named_bad,
    )
    if is_named_bad:
        rating.name, rating.phone = given.name, given.phone
        rating.clock_from = day_of(now)
        # Both end with a day: neither tells the hour.
        rating.contact_due_at = book.clock(CONTACT).deadline(now)
        rating.answer_due_at = book.clock(MEND).deadline(now)
    return rating


def _check_item(session: Session, slip: ServiceSlip, item_id: uuid.UUID | None) -> None:
    if item_id is None:
        return
    item = session.get(ServiceItem, item_id)
    if item is None or item.community_id != slip.community_id:
        raise Invalid("item", "item")


def _is_kept(session: Session, community_id: uuid.UUID, number: str) -> bool:
    statement = select(ServiceRating.id).where(
        ServiceRating.community_id == community_id, ServiceRating.number == number
    )
    return session.scalar(statement) is not None
