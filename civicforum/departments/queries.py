"""Reads of departments and opinions on them, for pages and for those who plan an appraisal."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.departments.models import Department


def list_working_here(
    session: Session, *, community_id: uuid.UUID, period_from: date, period_until: date
) -> Sequence[Department]:
    """Return who worked here on at least one day of a period: only they are appraised for it (row 2-15).

    By kind and name; firms have the kind PROVIDER.
    """
    return session.scalars(
        select(Department)
        .where(
            Department.community_id == community_id,
            Department.since <= period_until,
            Department.until.is_(None) | (Department.until >= period_from),
        )
        .order_by(Department.kind, Department.name)
    ).all()
