"""The clock of an opinion: one without a reply in time is flagged once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.departments.models import DepartmentOpinion
from civicforum.departments.services.steps import record_department
from civicforum.sweeps import Tally, sweep_each


@dataclass(frozen=True)
class SweepResult(Tally):
    """What a sweep did."""

    overdue: int = 0


def sweep_clocks(*, now: datetime) -> SweepResult:
    """Flag opinions without a reply in time, each in a transaction of its own."""
    due = select(DepartmentOpinion.id).where(
        DepartmentOpinion.replied_at.is_(None),
        DepartmentOpinion.hidden_at.is_(None),
        DepartmentOpinion.overdue_at.is_(None),
        DepartmentOpinion.due_at < now,
    )
    return sweep_each(
        due,
        lambda session, opinion_id: _sweep_opinion(session, opinion_id=opinion_id, now=now),
        nothing=SweepResult(),
    )


def _sweep_opinion(session: Session, *, opinion_id: uuid.UUID, now: datetime) -> SweepResult:
    opinion = session.scalars(
        select(DepartmentOpinion)
        .where(DepartmentOpinion.id == opinion_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    # Replied, hidden or flagged since it was found.
    if opinion is None or opinion.replied_at or opinion.hidden_at or opinion.overdue_at:
        return SweepResult()
    opinion.overdue_at = now
    payload = {"number": opinion.number, "due_at": opinion.due_at.isoformat()}
    record_department(session, opinion.department, actor=None, action="overdue", payload=payload, now=now)
    return SweepResult(overdue=1)
