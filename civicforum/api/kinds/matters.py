"""Matters, comments, tasks, findings and queries."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, TypeVar

from flask import url_for
from pydantic import Field
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from civicforum.api.filters import Id, ListFilters, Since, Words
from civicforum.api.kinds.kind import Kind, Scope
from civicforum.api.shapes.common import Named
from civicforum.api.shapes.matters import (
    CommentShape,
    FindingShape,
    MatterLine,
    QueryShape,
    TaskReportShape,
    TaskShape,
)
from civicforum.fields import strip
from civicforum.matters.models import Comment, Finding, Matter, Query, Task, TaskReport
from civicforum.matters.queries.listing import Filters as MatterNarrowing
from civicforum.matters.queries.listing import count_seconds, has_words, narrow, public_matters
from civicforum.matters.rules import PUBLIC, Category, FindingKind, Stage, TaskState
from civicforum.matters.rules_after import is_late
from civicforum.moderation.rules import Reason
from civicforum.records.models import JournalEntry
from civicforum.rulebook.days import day_of

T = TypeVar("T", Comment, Task, Finding, Query)


class MatterFilters(ListFilters):
    """Which matters."""

    stage: Stage | None = None
    category: Category | None = None
    updated_since: Since | None = Field(
        default=None, description="Only matters about which the public register has an entry since then."
    )
    q: Words | None = Field(
        default=None, description="Beginning of the number, part of the title, or words of the text."
    )


class OfMatter(ListFilters):
    """Of which matter."""

    matter: Id | None = None


class FindingFilters(OfMatter):
    """Which findings."""

    kind: FindingKind | None = None


def select_matters(scope: Scope, filters: MatterFilters) -> Select[Any]:
    """Return the public matters, with authors and grids."""
    narrowing = MatterNarrowing(category=filters.category)
    statement = narrow(public_matters(scope.community_id), narrowing, None, scope.now).options(
        joinedload(Matter.author), joinedload(Matter.grid)
    )
    if words := strip(filters.q or ""):
        statement = statement.where(has_words(words))
    if filters.stage is not None:
        statement = statement.where(Matter.stage == filters.stage)
    if filters.updated_since is not None:
        statement = statement.where(Matter.id.in_(_touched(scope, filters.updated_since)))
    return statement


def write_matters(scope: Scope, matters: Sequence[Matter]) -> list[MatterLine]:
    """Bring matters into shape, in two statements."""
    ids = [matter.id for matter in matters]
    seconds, comments = count_seconds(scope.session, ids), _count_comments(scope, ids)
    return [
        MatterLine(
            **matter_fields(matter, seconds=seconds.get(matter.id, 0), comments=comments.get(matter.id, 0))
        )
        for matter in matters
    ]


def matter_fields(matter: Matter, *, seconds: int, comments: int) -> dict[str, Any]:
    """Return what a line and the whole of a matter have in common; author and grid are loaded."""
    return {
        "id": matter.id,
        "number": matter.number,
        "title": matter.title,
        "text": matter.body,
        "category": matter.category,
        "place": matter.place,
        "grid": matter.grid.name if matter.grid else None,
        "stage": matter.stage,
        "stage_since": matter.stage_since,
        "due_at": matter.due_at,
        "overdue_at": matter.overdue_at,
        "raised_by": matter.author.name,
        "channel": matter.channel,
        "raised_at": matter.raised_at,
        "seconded_at": matter.seconded_at,
        "closed_at": matter.closed_at,
        "merged_into": matter.merged_into_id,
        "seconds": seconds,
        "comments": comments,
        "path": url_for("matters.show", matter_id=matter.id),
    }


def write_comment(comment: Comment) -> CommentShape:
    """Bring a comment into shape; author and who hid it are loaded."""
    is_hidden = comment.hidden_at is not None
    return CommentShape(
        id=comment.id,
        matter=comment.matter_id,
        reply_to=comment.parent_id,
        by=comment.author.name,
        at=comment.at,
        text=None if is_hidden else comment.text,
        hidden_at=comment.hidden_at,
        hidden_by=comment.hidden_by.name if comment.hidden_by else None,
        hidden_reason=Reason(comment.hidden_reason) if is_hidden else None,
    )


def write_task(scope: Scope, task: Task) -> TaskShape:
    """Bring a task into shape; body, owner, reports and who reported are loaded."""
    return TaskShape(
        id=task.id,
        matter=task.matter_id,
        position=task.position,
        title=task.title,
        body=Named(id=task.body_id, name=task.body.name),
        owner=task.owner.name if task.owner else None,
        money_cents=task.money_cents,
        money_source=task.money_source,
        standard=task.standard,
        starts_on=task.starts_on,
        due_on=task.due_on,
        state=task.state,
        progress=task.progress,
        done_at=task.done_at,
        is_late=is_late(task.due_on, is_done=task.state is TaskState.DONE, today=day_of(scope.now)),
        is_rework=task.is_rework,
        reports=[
            TaskReportShape(
                at=report.at,
                by=report.person.name,
                post=report.post,
                progress=report.progress,
                text=report.text,
            )
            for report in task.reports
        ],
    )


def write_finding(finding: Finding) -> FindingShape:
    """Bring a finding into shape; who found it is loaded."""
    return FindingShape(
        id=finding.id,
        matter=finding.matter_id,
        task=finding.task_id,
        kind=finding.kind,
        text=finding.text,
        by=finding.person.name,
        post=finding.post,
        at=finding.at,
    )


def write_query(scope: Scope, query: Query) -> QueryShape:
    """Bring a query into shape; who asked and who answered are loaded."""
    return QueryShape(
        id=query.id,
        matter=query.matter_id,
        text=query.text,
        by=query.author.name,
        at=query.at,
        due_at=query.due_at,
        is_overdue=query.answered_at is None and scope.now > query.due_at,
        answer=query.answer or None,
        answered_at=query.answered_at,
        answered_by=query.answered_by.name if query.answered_by else None,
        answered_post=query.answered_post,
    )


def _of_public(model: type[T], scope: Scope, filters: OfMatter) -> Select[Any]:
    statement = (
        select(model)
        .join(Matter, Matter.id == model.matter_id)
        .where(model.community_id == scope.community_id, Matter.stage.in_(PUBLIC))
    )
    return statement if filters.matter is None else statement.where(model.matter_id == filters.matter)


def _select_comments(scope: Scope, filters: OfMatter) -> Select[Any]:
    return _of_public(Comment, scope, filters).options(
        joinedload(Comment.author), joinedload(Comment.hidden_by)
    )


def _select_tasks(scope: Scope, filters: OfMatter) -> Select[Any]:
    return _of_public(Task, scope, filters).options(
        joinedload(Task.body),
        joinedload(Task.owner),
        selectinload(Task.reports).joinedload(TaskReport.person),
    )


def _select_findings(scope: Scope, filters: FindingFilters) -> Select[Any]:
    statement = _of_public(Finding, scope, filters).options(joinedload(Finding.person))
    return statement if filters.kind is None else statement.where(Finding.kind == filters.kind)


def _select_queries(scope: Scope, filters: OfMatter) -> Select[Any]:
    return _of_public(Query, scope, filters).options(joinedload(Query.author), joinedload(Query.answered_by))


def _count_comments(scope: Scope, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    rows = scope.session.execute(
        select(Comment.matter_id, func.count()).where(Comment.matter_id.in_(ids)).group_by(Comment.matter_id)
    )
    return dict(rows.all())


def _touched(scope: Scope, since: Any) -> Select[Any]:
    return select(JournalEntry.subject_id).where(
        JournalEntry.community_id == scope.community_id,
        JournalEntry.subject_kind == "matter",
        JournalEntry.is_public,
        JournalEntry.at >= since,
    )


MATTERS = Kind(
    name="matters",
    summary="Matters, the last raised first",
    shape=MatterLine,
    filters=MatterFilters,
    select=select_matters,
    key=(Matter.raised_at, Matter.id),
    write=write_matters,
)
COMMENTS = Kind(
    name="comments",
    summary="Comments on matters, oldest first",
    shape=CommentShape,
    filters=OfMatter,
    select=_select_comments,
    key=(Comment.at, Comment.id),
    write=lambda scope, rows: [write_comment(row) for row in rows],
    is_descending=False,
)
TASKS = Kind(
    name="tasks",
    summary="Tasks that carry decisions out, the last due first",
    shape=TaskShape,
    filters=OfMatter,
    select=_select_tasks,
    key=(Task.due_on, Task.id),
    write=lambda scope, rows: [write_task(scope, row) for row in rows],
)
FINDINGS = Kind(
    name="findings",
    summary="Findings of the supervision committee about matters, newest first",
    shape=FindingShape,
    filters=FindingFilters,
    select=_select_findings,
    key=(Finding.at, Finding.id),
    write=lambda scope, rows: [write_finding(row) for row in rows],
)
QUERIES = Kind(
    name="queries",
    summary="Queries about matters and their answers, newest first",
    shape=QueryShape,
    filters=OfMatter,
    select=_select_queries,
    key=(Query.at, Query.id),
    write=lambda scope, rows: [write_query(scope, row) for row in rows],
)
