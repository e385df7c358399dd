"""Reads of matters for pages, each with a bounded number of statements."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.inbox.rules import Need
from civicforum.matters.queries.needs import list_own_needs
from civicforum.matters.queries.needs_after import list_needs_after


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what waits for somebody in the whole path of matters."""
    return list_own_needs(session, actor, now) + list_needs_after(session, actor, now)
