"""The clocks of bad grades: those nobody called or answered in time are flagged, each once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.ratings.models import ServiceRating
from civicforum.ratings.queries.grades import is_late
from civicforum.ratings.services.steps import record_rating
from civicforum.sweeps import Tally, sweep_each


@dataclass(frozen=True)
class SweepResult(Tally):
    """What a sweep did."""

    overdue: int = 0


def sweep_clocks(*, now: datetime) -> SweepResult:
    """Flag bad grades that were not called or answered in time. Several may sweep at once."""
    due = select(ServiceRating.id).where(is_late(now), ServiceRating.overdue_at.is_(None))
    return sweep_each(due, lambda session, rating_id: _flag(session, rating_id, now), nothing=SweepResult())


def _flag(session: Session, rating_id: uuid.UUID, now: datetime) -> SweepResult:
    rating = session.scalars(
        select(ServiceRating)
        .where(ServiceRating.id == rating_id, is_late(now), ServiceRating.overdue_at.is_(None))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if rating is None:
        return SweepResult()
    rating.overdue_at = now
    record_rating(session, rating, action="overdue", actor=None, now=now)
    return SweepResult(overdue=1)
