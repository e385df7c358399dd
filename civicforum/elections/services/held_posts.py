"""Elected posts that somebody holds today, and how one ends before its time. The caller commits."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Term
from civicforum.bodies.queries import get_term
from civicforum.bodies.rules import ELECTED_BODIES
from civicforum.bodies.services import close_term
from civicforum.elections.models import Departure
from civicforum.elections.recalls import DepartureState
from civicforum.errors import NotFound
from civicforum.people.services import lock_register
from civicforum.rulebook.days import day_of


def lock_held(session: Session, term_id: uuid.UUID, actor: Actor, now: datetime) -> Term:
    """Return the term of somebody who holds an elected post today, locked. Raises NotFound."""
    session.get(Term, term_id, with_for_update=True, populate_existing=True)
    return get_held(session, term_id, actor, now)


def get_held(session: Session, term_id: uuid.UUID, actor: Actor, now: datetime) -> Term:
    """Return the term of somebody who holds an elected post today. Raises NotFound."""
    term = get_term(session, term_id=term_id, community_id=actor.community_id)
    if term.post.body.kind not in ELECTED_BODIES or not is_held(term, now):
        raise NotFound(term_id)
    return term


def end_post(session: Session, term: Term, *, on: date, reason: str, now: datetime) -> bool:
    """End a term on that day, and with it a resignation that nobody has decided on; False where it is over.

    Raises Invalid ("outside_term") for a day after the term.
    """
    lock_register(session, term.community_id)
    session.get(Term, term.id, with_for_update=True, populate_existing=True)
    if term.ended_on is not None:
        return False
    close_term(term, on=on, reason=reason)
    session.execute(
        update(Departure)
        .where(Departure.term_id == term.id, Departure.state == DepartureState.FILED)
        .values(state=DepartureState.LAPSED, decided_at=now)
    )
    return True


def is_held(term: Term, now: datetime) -> bool:
    return term.ended_on is None and term.since <= day_of(now) <= term.until
