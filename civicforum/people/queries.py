"""Reads of communities and residents."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.people.models import Community


def list_communities(session: Session) -> Sequence[Community]:
    """Return every community with its subdistrict, by name."""
    return session.scalars(
        select(Community).options(joinedload(Community.subdistrict)).order_by(Community.name)
    ).all()
