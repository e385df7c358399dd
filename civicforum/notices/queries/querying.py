"""Reads of queries about notices: of one notice, and of all that wait."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.errors import NotFound
from civicforum.notices.models import NoticeQuery, NoticeQueryEntry
from civicforum.notices.rules_asking import QueryState, is_late, state_of
from civicforum.paging import PER_PAGE, Page, paginate

# How many queries the page of a notice shows before it points to the page with all of them.
QUERIES_SHOWN = 5


@dataclass(frozen=True)
class Thread:
    """A query with its entries; `is_overdue`: no answer, and its time is over."""

    query: NoticeQuery
    state: QueryState
    is_overdue: bool
    is_own: bool


@dataclass(frozen=True)
class Waiting:
    """How many queries wait for an answer, and how many of those are late."""

    waiting: int
    late: int


def list_queries(
    session: Session,
    *,
    community_id: uuid.UUID,
    notice_id: uuid.UUID | None = None,
    only_waiting: bool = False,
    person_id: uuid.UUID | None,
    number: int,
    per_page: int = PER_PAGE,
    now: datetime,
) -> Page[Thread]:
    """Return a page of queries: those that wait come first, by deadline, then the newest. Four statements."""
    statement = (
        _with_thread()
        .where(NoticeQuery.community_id == community_id)
        .order_by(
            (NoticeQuery.due_at.is_(None) | NoticeQuery.hidden_at.is_not(None)),
            NoticeQuery.due_at,
            NoticeQuery.at.desc(),
            NoticeQuery.id,
        )
    )
    if notice_id is not None:
        statement = statement.where(NoticeQuery.notice_id == notice_id)
    if only_waiting:
        statement = statement.where(NoticeQuery.due_at.is_not(None), NoticeQuery.hidden_at.is_(None))
    page = paginate(session, statement, number=number, per_page=per_page)
    return page.map(lambda query: _thread(query, person_id, now))


def count_waiting(session: Session, *, community_id: uuid.UUID, now: datetime) -> Waiting:
    """Return how many queries of the community wait, and how many are late."""
    row = session.execute(
        select(func.count(), func.count().filter(NoticeQuery.due_at < now)).where(
            NoticeQuery.community_id == community_id,
            NoticeQuery.due_at.is_not(None),
            NoticeQuery.hidden_at.is_(None),
        )
    ).one()
    return Waiting(*row)


def get_query(
    session: Session,
    *,
    query_id: uuid.UUID,
    community_id: uuid.UUID,
    person_id: uuid.UUID | None,
    now: datetime,
) -> Thread:
    """Return one query with its thread. Raises NotFound, also for another community's."""
    query = session.scalars(
        _with_thread().where(NoticeQuery.id == query_id, NoticeQuery.community_id == community_id)
    ).one_or_none()
    if query is None:
        raise NotFound(query_id)
    return _thread(query, person_id, now)


def _with_thread() -> Select[NoticeQuery]:
    return select(NoticeQuery).options(
        joinedload(NoticeQuery.author),
        joinedload(NoticeQuery.notice),
        selectinload(NoticeQuery.entries).joinedload(NoticeQueryEntry.person),
    )


def _thread(query: NoticeQuery, person_id: uuid.UUID | None, now: datetime) -> Thread:
    state = state_of(due_at=query.due_at, hidden_at=query.hidden_at)
    return Thread(
        query=query,
        state=state,
        is_overdue=state is QueryState.WAITING and is_late(query.due_at, now),
        is_own=query.author_id == person_id,
    )
