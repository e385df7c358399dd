"""What waits for somebody from the decision on: plan, report, answer, grade, watch, close, read an answer."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import select_bodies_held
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import NeedKind
from civicforum.inbox.waiting import HERE, ME, NOW, TODAY, Part, is_adult
from civicforum.matters.models import Finding, Grade, GradeRound, Matter, Query, Task
from civicforum.matters.queries.watching import late_task
from civicforum.matters.rules import Act, Stage, TaskState, may

# An answer stays on the home page of who asked for so long.
ANSWER_SHOWN = timedelta(days=14)
# The home page is no archive: of each kind the most urgent.
MOST = 20


def needs_after(actor: Actor) -> list[Part]:
    """Return what waits for the actor from the decision on."""
    found: list[Part] = []
    if may(Act.ADD_TASK, actor.roles):
        found += [_to_plan(), _to_report_done(), _to_close()]
    if may(Act.ANSWER, actor.roles):
        found.append(_to_answer())
    if actor.has(Role.SUPERVISOR):
        found.append(_to_watch())
    found.append(_to_report())
    if may(Act.GRADE, actor.roles):
        found.append(_to_grade())
    found.append(_to_read())
    return found


def _to_plan() -> Part:
    has_no_task = and_(Matter.stage == Stage.CARRYING_OUT, ~_task().exists())
    rows = _matters().where(or_(Matter.stage == Stage.DECIDED, has_no_task))
    return Part(NeedKind.PLAN_TASKS, "matters.add_task", "matter_id", rows)


def _to_report_done() -> Part:
    rows = _matters().where(
        Matter.stage == Stage.CARRYING_OUT,
        _task().exists(),
        ~_task().where(Task.state != TaskState.DONE).exists(),
    )
    return Part(NeedKind.REPORT, "matters.report_done", "matter_id", rows)


def _to_close() -> Part:
    rows = _matters().where(Matter.stage == Stage.APPRAISED)
    return Part(NeedKind.CLOSE, "matters.close", "matter_id", rows)


def _to_watch() -> Part:
    """Matters with a late task about which the committee has filed nothing since it is late."""
    seen = select(Finding.id).where(
        Finding.matter_id == Matter.id,
        Finding.at
        > select(func.max(Task.overdue_at))
        .where(Task.matter_id == Matter.id, Task.state != TaskState.DONE)
        .scalar_subquery(),
    )
    rows = _matters().where(late_task(TODAY), ~seen.exists())
    return Part(NeedKind.WATCH, "matters.file_finding", "matter_id", rows)


def _to_answer() -> Part:
    rows = (
        select(Query.id, Matter.title, Query.due_at)
        .join(Matter, Query.matter_id == Matter.id)
        .where(Query.community_id == HERE, Query.answered_at.is_(None))
        .order_by(Query.due_at, Query.id)
        .limit(MOST)
    )
    return Part(NeedKind.ANSWER, "matters.answer", "query_id", rows)


def _to_report() -> Part:
    """Open tasks that have begun: the actor's own, and those that name only a body of the actor's."""
    of_body = Task.body_id.in_(select_bodies_held(ME, TODAY))
    mine = or_(Task.owner_id == ME, and_(Task.owner_id.is_(None), of_body))
    rows = (
        select(Task.id, Task.title, Task.due_on)
        .join(Matter, Task.matter_id == Matter.id)
        .where(
            Task.community_id == HERE,
            Matter.stage == Stage.CARRYING_OUT,
            Task.state != TaskState.DONE,
            Task.starts_on <= TODAY,
            mine,
        )
        .order_by(Task.due_on, Task.id)
        .limit(MOST)
    )
    return Part(NeedKind.REPORT, "matters.report_progress", "task_id", rows)


def _to_grade() -> Part:
    graded = select(Grade.id).where(Grade.round_id == GradeRound.id, Grade.person_id == ME)
    rows = (
        select(Matter.id, Matter.title, GradeRound.closes_at.label("due_at"))
        .join(GradeRound, GradeRound.matter_id == Matter.id)
        .where(
            Matter.community_id == HERE,
            Matter.stage == Stage.DONE,
            GradeRound.closed_at.is_(None),
            GradeRound.closes_at >= NOW,
            ~graded.exists(),
            is_adult(),
        )
        .order_by(GradeRound.closes_at, Matter.id)
        .limit(MOST)
    )
    return Part(NeedKind.GRADE, "matters.grade", "matter_id", rows)


def _to_read() -> Part:
    rows = (
        select(Matter.id, Matter.title)
        .join(Query, Query.matter_id == Matter.id)
        .where(Query.author_id == ME, Query.answered_at > NOW - ANSWER_SHOWN)
        .group_by(Matter.id)
        .order_by(func.max(Query.answered_at).desc(), Matter.id)
        .limit(MOST)
    )
    return Part(NeedKind.READ_ANSWER, "matters.show", "matter_id", rows, {"_anchor": "queries"})


def _task() -> Select[uuid.UUID]:
    return select(Task.id).where(Task.matter_id == Matter.id)


def _matters() -> Select[uuid.UUID, str, datetime | None]:
    return (
        select(Matter.id, Matter.title, Matter.due_at)
        .where(Matter.community_id == HERE)
        .order_by(Matter.due_at, Matter.id)
        .limit(MOST)
    )
