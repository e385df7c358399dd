"""Reads of matters for pages, each with a bounded number of statements."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.inbox.rules import Need
from civicforum.inbox.waiting import Parts, like, list_parts, values_of
from civicforum.matters.queries.needs import own_needs
from civicforum.matters.queries.needs_after import needs_after


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what waits for somebody in the whole path of matters, in one statement."""
    return list_parts(session, parts_of(like(actor)), values_of(actor, now))


@lru_cache
def parts_of(actor: Actor) -> Parts:
    """Return all that may wait for such an actor in the path of matters."""
    return Parts([*own_needs(actor), *needs_after(actor)])
