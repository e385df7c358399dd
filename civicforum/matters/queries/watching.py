"""Reads of findings and queries, and the page of the supervision committee."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, any_, case, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from civicforum.errors import NotFound
from civicforum.matters.models import Finding, Matter, Query, Task
from civicforum.matters.rules import PUBLIC, FindingKind, Stage, TaskState
from civicforum.matters.rules_after import Overall
from civicforum.paging import Page, paginate
from civicforum.rulebook.days import day_of

WATCHED = (Stage.DECIDED, Stage.CARRYING_OUT, Stage.DONE, Stage.APPRAISED)
# How many queries a matter's page shows before it points to the page with all of them.
QUERIES_SHOWN = 5


class Watch(StrEnum):
    """What the supervision committee can look at."""

    ALL = "all"
    LATE = "late"
    UNANSWERED = "unanswered"
    PROBLEMS = "problems"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class QueryLine:
    query: Query
    is_overdue: bool


@dataclass(frozen=True)
class WatchedLine:
    """A matter with what the supervision committee asks first."""

    matter: Matter
    is_overdue: bool
    overall: Overall
    unanswered: int
    queries_overdue: int
    findings: int
    problems: int


def list_findings(session: Session, *, matter_id: uuid.UUID) -> Sequence[Finding]:
    """Return the findings about a matter and its tasks, newest first."""
    return session.scalars(
        select(Finding)
        .where(Finding.matter_id == matter_id)
        .options(joinedload(Finding.person), joinedload(Finding.task))
        .order_by(Finding.at.desc(), Finding.id)
    ).all()


def list_queries(
    session: Session, *, matter_id: uuid.UUID, number: int, per_page: int, now: datetime
) -> Page[QueryLine]:
    """Return a page of a matter's queries: those that wait come first, by deadline, then the newest."""
    statement = (
        select(Query)
        .where(Query.matter_id == matter_id)
        .options(joinedload(Query.author), joinedload(Query.answered_by))
        .order_by(
            Query.answered_at.is_not(None),
            case((Query.answered_at.is_(None), Query.due_at)),
            Query.at.desc(),
            Query.id,
        )
    )
    page = paginate(session, statement, number=number, per_page=per_page)
    return page.map(lambda query: QueryLine(query, query.answered_at is None and now > query.due_at))


def get_query(session: Session, *, query_id: uuid.UUID, community_id: uuid.UUID) -> Query:
    """Return a query with its matter and who asked. Raises NotFound."""
    query = session.scalars(
        select(Query)
        .where(
            Query.id == query_id,
            Query.community_id == community_id,
            Query.matter.has(Matter.stage.in_(PUBLIC)),
        )
        .options(joinedload(Query.matter), joinedload(Query.author))
    ).one_or_none()
    if query is None:
        raise NotFound(query_id)
    return query


def count_watched(session: Session, *, community_id: uuid.UUID, now: datetime) -> dict[Watch, int]:
    """Return how many matters each filter of the page shows."""
    columns = [
        select(func.count())
        .where(Matter.community_id == community_id, _shows(watch, community_id, now))
        .scalar_subquery()
        for watch in Watch
    ]
    return dict(zip(Watch, session.execute(select(*columns)).one(), strict=True))


def list_watched(
    session: Session,
    *,
    community_id: uuid.UUID,
    watch: Watch,
    number: int,
    now: datetime,
    total: int | None = None,
) -> Page[WatchedLine]:
    """Return a page of matters to watch, the one due first on top; `total` where it is counted already."""
    statement = (
        select(Matter)
        .where(Matter.community_id == community_id, _shows(watch, community_id, now))
        .order_by(Matter.due_at.is_(None), Matter.due_at, Matter.id)
    )
    counted = None if total is None else select(literal(total))
    page: Page[Matter] = paginate(session, statement, number=number, counted=counted)
    ids = [matter.id for matter in page.items]
    tasks = _task_figures(session, ids, day_of(now))
    queries = _pairs(session, Query.matter_id, Query.due_at < now, ids, Query.answered_at.is_(None))
    findings = _pairs(session, Finding.matter_id, Finding.kind == FindingKind.PROBLEM, ids)
    nothing = Overall(done=0, total=0, mean=0, late=0)
    return page.map(
        lambda matter: WatchedLine(
            matter=matter,
            is_overdue=matter.stage is not Stage.DONE and matter.due_at is not None and now > matter.due_at,
            overall=tasks.get(matter.id, nothing),
            unanswered=queries.get(matter.id, (0, 0))[0],
            queries_overdue=queries.get(matter.id, (0, 0))[1],
            findings=findings.get(matter.id, (0, 0))[0],
            problems=findings.get(matter.id, (0, 0))[1],
        )
    )


def late_task(today: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Return the condition that a matter has a task that is late."""
    return select(Task.id).where(
        Task.matter_id == Matter.id, Task.state != TaskState.DONE, Task.due_on < today
    ).exists() & (Matter.stage == Stage.CARRYING_OUT)


def _shows(watch: Watch, community_id: uuid.UUID, now: datetime) -> ColumnElement[bool]:
    unanswered = select(Query.matter_id).where(
        Query.community_id == community_id, Query.answered_at.is_(None)
    )
    # As an array, which PostgreSQL looks up in the index beside that of the stages; joined by "or" to a
    # subquery, it would look at every matter there ever was.
    waits = Matter.id == any_(func.array(unanswered.scalar_subquery()))
    finding = select(Finding.id).where(Finding.matter_id == Matter.id)
    problem = finding.where(Finding.kind == FindingKind.PROBLEM).exists()
    in_work = Matter.stage.in_(WATCHED)
    conditions: dict[Watch, ColumnElement[bool]] = {
        Watch.ALL: or_(in_work, waits),
        Watch.LATE: late_task(day_of(now)),
        Watch.UNANSWERED: waits,
        Watch.PROBLEMS: in_work & problem,
        Watch.UNCHECKED: in_work & ~finding.exists(),
    }
    return conditions[watch]


def _task_figures(session: Session, ids: list[uuid.UUID], today: date) -> dict[uuid.UUID, Overall]:
    is_done = Task.state == TaskState.DONE
    rows = session.execute(
        select(
            Task.matter_id,
            func.count().filter(is_done),
            func.count(),
            func.sum(Task.progress),
            func.count().filter(~is_done, Task.due_on < today),
        )
        .where(Task.matter_id.in_(ids))
        .group_by(Task.matter_id)
    )
    return {
        matter_id: Overall(done=done, total=total, mean=progress // total, late=late)
        for matter_id, done, total, progress, late in rows
    }


def _pairs(
    session: Session,
    column: InstrumentedAttribute[uuid.UUID],
    special: ColumnElement[bool],
    ids: list[uuid.UUID],
    *conditions: ColumnElement[bool],
) -> dict[uuid.UUID, tuple[int, int]]:
    """Count rows by matter: all of them, and those that are special."""
    rows = session.execute(
        select(column, func.count(), func.count().filter(special))
        .where(column.in_(ids), *conditions)
        .group_by(column)
    )
    return {matter_id: (every, some) for matter_id, every, some in rows}
