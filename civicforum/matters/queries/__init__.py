"""Reads of matters for pages, each with a bounded number of statements."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.inbox.rules import Need
from civicforum.inbox.waiting import Parts, like, list_parts, values_of
from civicforum.matters.queries.needs import own_needs
from civicforum.matters.queries.needs_after import needs_after
from civicforum.people.models import Person
from civicforum.people.rules import is_adult
from civicforum.rulebook.days import day_of


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what waits for somebody in the whole path of matters, in one statement."""
    # Whoever is signed in is in the session already: this asks the database nothing.
    born_on = session.get_one(Person, actor.person_id).born_on
    parts = _parts(like(actor), is_adult=is_adult(born_on, day_of(now)))
    return list_parts(session, parts, values_of(actor, now))


def may_need(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that something in the path of matters may wait for such an actor."""
    return _parts(actor, is_adult=True).wait()


@lru_cache
def _parts(actor: Actor, *, is_adult: bool) -> Parts:
    return Parts([*own_needs(actor), *needs_after(actor, is_adult=is_adult)])
