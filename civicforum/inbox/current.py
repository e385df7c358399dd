"""What waits for whoever asks: read once per request, by which a page is found that is kept, or made."""

from __future__ import annotations

from datetime import datetime

from flask import g
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.inbox.queries_needs import list_needs
from civicforum.inbox.rules import Need


def current_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what waits for the actor, what is due first, first."""
    read: dict[Actor, list[Need]] = g.setdefault("needs", {})
    if actor not in read:
        read[actor] = list_needs(session, actor, now)
    return read[actor]
