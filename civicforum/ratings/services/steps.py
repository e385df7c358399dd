"""Steps that the use cases of service ratings share. They take the session and commit nothing.

Rows are locked in one order: community, slip or rating, and last the journal.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import BodyKind
from civicforum.errors import NotEligible, NotFound
from civicforum.ratings.models import ServiceRating
from civicforum.ratings.rules import may_handle, may_manage
from civicforum.records.services import Entry, Subject, record_about
from civicforum.rulebook.days import day_of


def check_manage(actor: Actor) -> None:
    """Raise NotEligible unless the actor keeps the station's pages."""
    if not may_manage(actor):
        raise NotEligible(actor.person_id)


def get_term_at_station(session: Session, *, term_id: uuid.UUID, actor: Actor, now: datetime) -> Term:
    """Return a term at a service station that runs now. Raises NotFound."""
    term = session.scalar(
        select(Term)
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .where(
            Term.id == term_id,
            Body.community_id == actor.community_id,
            Body.kind == BodyKind.SERVICE_STATION,
            is_running(day_of(now)),
        )
    )
    if term is None:
        raise NotFound(term_id)
    return term


def lock_rating(session: Session, *, rating_id: uuid.UUID, actor: Actor) -> ServiceRating:
    """Return a bad grade, locked, for whoever answers for it.

    Raises NotFound, also for grades that are not bad, and NotEligible, also for the person who served.
    """
    rating = session.scalar(
        select(ServiceRating)
        .where(
            ServiceRating.id == rating_id,
            ServiceRating.community_id == actor.community_id,
            ServiceRating.clock_from.is_not(None),
        )
        .options(joinedload(ServiceRating.term))
        .with_for_update(of=ServiceRating)
        .execution_options(populate_existing=True)
    )
    if rating is None:
        raise NotFound(rating_id)
    if not may_handle(actor, rating.term.person_id):
        raise NotEligible(actor.person_id)
    return rating


def record_rating(session: Session, rating: ServiceRating, *, action: str, **entry: Unpack[Entry]) -> None:
    """Write the journal entry about a bad grade. Not public: whoever served is not to learn of it by it."""
    entry["is_public"] = False
    _record(session, rating.community_id, rating.id, "", action, entry)


def record_station(
    session: Session, community_id: uuid.UUID, title: str, *, action: str, **entry: Unpack[Entry]
) -> None:
    """Write a journal entry about the station's items, slips or publications."""
    _record(session, community_id, community_id, title, action, entry)


def _record(
    session: Session, community_id: uuid.UUID, subject_id: uuid.UUID, title: str, action: str, entry: Entry
) -> None:
    subject = Subject(community_id, "service", subject_id, title)
    record_about(session, subject, action=f"service.{action}", **entry)
