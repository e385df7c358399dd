"""The clock of queries: one without an answer in time is flagged once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.notices.models import NoticeQuery
from civicforum.notices.services.querying import record_query
from civicforum.sweeps import Tally, sweep_each


@dataclass(frozen=True)
class QuerySweep(Tally):
    """What a sweep did."""

    overdue: int = 0


def sweep_queries(*, now: datetime) -> QuerySweep:
    """Flag queries without an answer in time, each in a transaction of its own."""
    due = select(NoticeQuery.id).where(
        NoticeQuery.due_at < now, NoticeQuery.overdue_at.is_(None), NoticeQuery.hidden_at.is_(None)
    )
    return sweep_each(
        due,
        lambda session, query_id: _sweep_query(session, query_id=query_id, now=now),
        nothing=QuerySweep(),
    )


def _sweep_query(session: Session, *, query_id: uuid.UUID, now: datetime) -> QuerySweep:
    query = session.scalars(
        select(NoticeQuery)
        .where(NoticeQuery.id == query_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    # Answered, hidden or flagged since it was found.
    if query is None or query.due_at is None or query.due_at >= now or query.overdue_at or query.hidden_at:
        return QuerySweep()
    query.overdue_at = now
    record_query(
        session, query, "query_overdue", actor=None, payload={"due_at": query.due_at.isoformat()}, now=now
    )
    return QuerySweep(overdue=1)
