"""Reads of matters for pages, each with a bounded number of statements."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.inbox.rules import Need
from civicforum.inbox.waiting import list_parts
from civicforum.matters.queries.needs import own_needs
from civicforum.matters.queries.needs_after import needs_after


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what waits for somebody in the whole path of matters, in one statement."""
    return list_parts(session, own_needs(actor) + needs_after(session, actor, now))
