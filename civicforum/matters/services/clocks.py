"""The clocks of matters: what is over ends and what is late is flagged, without anybody pressing a button."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, and_, select, union
from sqlalchemy.orm import Session

from civicforum.matters.models import GradeRound, Matter, Query, Task
from civicforum.matters.rules import LIVE, Stage, TaskState
from civicforum.matters.services.appraising import end_round
from civicforum.matters.services.steps import record_matter
from civicforum.rulebook.days import day_of
from civicforum.sweeps import Tally, sweep_each

# A matter that residents grade is never late: its clock ends the round instead.
FLAGGED = LIVE - {Stage.DONE}


@dataclass(frozen=True)
class SweepResult(Tally):
    """What a sweep did."""

    rounds_ended: int = 0
    matters_overdue: int = 0
    tasks_overdue: int = 0
    queries_overdue: int = 0


def sweep_clocks(*, now: datetime) -> SweepResult:
    """End the rounds of grades that are over, and flag matters, tasks and queries that are late.

    Each matter has its own transaction: a crash loses at most the one at hand, which the next sweep takes up.
    What was done once is not due again, and a matter on which somebody else works is left for the next sweep,
    so several workers may sweep at once.
    """
    return sweep_each(
        _select_due(now),
        lambda session, matter_id: _sweep_matter(session, matter_id=matter_id, now=now),
        nothing=SweepResult(),
    )


def _select_due(now: datetime) -> CompoundSelect[uuid.UUID]:
    return union(
        select(Matter.id).join(GradeRound, GradeRound.matter_id == Matter.id).where(_round_is_over(now)),
        select(Matter.id).where(_matter_is_late(now)),
        select(Matter.id).join(Task, Task.matter_id == Matter.id).where(_task_is_late(now)),
        select(Query.matter_id.label("id")).where(_query_is_late(now)),
    )


def _sweep_matter(session: Session, *, matter_id: uuid.UUID, now: datetime) -> SweepResult:
    """Do what is due at one matter, unless somebody else holds its lock."""
    matter = session.scalars(
        select(Matter)
        .where(Matter.id == matter_id)
        # Weaker than FOR UPDATE: comments that refer to the matter do not hold it up.
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if matter is None:
        return SweepResult()
    return SweepResult(
        rounds_ended=_end_round(session, matter, now),
        matters_overdue=_flag_matter(session, matter, now),
        tasks_overdue=_flag_tasks(session, matter, now),
        queries_overdue=_flag_queries(session, matter, now),
    )


def _end_round(session: Session, matter: Matter, now: datetime) -> int:
    over = session.scalar(
        select(GradeRound.id)
        .join(Matter, GradeRound.matter_id == Matter.id)
        .where(Matter.id == matter.id, _round_is_over(now))
    )
    if over is None:
        return 0
    end_round(session, matter=matter, now=now)
    return 1


def _flag_matter(session: Session, matter: Matter, now: datetime) -> int:
    if session.scalar(select(Matter.id).where(Matter.id == matter.id, _matter_is_late(now))) is None:
        return 0
    matter.overdue_at = now
    record_matter(
        session, matter, actor=None, action="matter.overdue", payload={"stage": matter.stage.value}, now=now
    )
    return 1


def _flag_tasks(session: Session, matter: Matter, now: datetime) -> int:
    tasks = session.scalars(
        select(Task)
        .join(Matter, Task.matter_id == Matter.id)
        .where(Matter.id == matter.id, _task_is_late(now))
        .order_by(Task.position)
    ).all()
    for task in tasks:
        task.overdue_at = now
        details = {"task_id": str(task.id), "task": task.title, "due_on": task.due_on.isoformat()}
        record_matter(session, matter, actor=None, action="matter.task_overdue", payload=details, now=now)
    return len(tasks)


def _flag_queries(session: Session, matter: Matter, now: datetime) -> int:
    queries = session.scalars(
        select(Query).where(Query.matter_id == matter.id, _query_is_late(now)).order_by(Query.at, Query.id)
    ).all()
    for query in queries:
        query.overdue_at = now
        details = {"query_id": str(query.id), "due_at": query.due_at.isoformat()}
        record_matter(session, matter, actor=None, action="matter.query_overdue", payload=details, now=now)
    return len(queries)


def _round_is_over(now: datetime) -> ColumnElement[bool]:
    return and_(Matter.stage == Stage.DONE, GradeRound.closed_at.is_(None), GradeRound.closes_at < now)


def _matter_is_late(now: datetime) -> ColumnElement[bool]:
    return and_(Matter.stage.in_(FLAGGED), Matter.due_at < now, Matter.overdue_at.is_(None))


def _task_is_late(now: datetime) -> ColumnElement[bool]:
    return and_(
        Matter.stage == Stage.CARRYING_OUT,
        Task.state != TaskState.DONE,
        Task.due_on < day_of(now),
        Task.overdue_at.is_(None),
    )


def _query_is_late(now: datetime) -> ColumnElement[bool]:
    return and_(Query.answered_at.is_(None), Query.due_at < now, Query.overdue_at.is_(None))
