"""The matters of one person, for the home page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.matters.models import Matter
from civicforum.matters.rules import LIVE, PUBLIC


def list_authored(session: Session, *, person_id: uuid.UUID, limit: int) -> Sequence[Matter]:
    """Return what somebody has raised: what is still under way first, of that what moved last. No drafts."""
    return session.scalars(
        select(Matter)
        .where(Matter.author_id == person_id, Matter.stage.in_(PUBLIC))
        .order_by(Matter.stage.in_(LIVE).desc(), Matter.stage_since.desc(), Matter.id)
        .limit(limit)
    ).all()
