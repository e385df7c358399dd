"""What waits for somebody from the decision on: plan, report, answer, grade, watch, close, read an answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import list_bodies_held
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import Need, NeedKind
from civicforum.matters.models import Finding, Grade, GradeRound, Matter, Query, Task
from civicforum.matters.queries.watching import late_task
from civicforum.matters.rules import Act, Stage, TaskState, may
from civicforum.people.models import Person
from civicforum.people.rules import is_adult
from civicforum.rulebook.days import day_ends, day_of

# An answer stays on the home page of who asked for so long.
ANSWER_SHOWN = timedelta(days=14)
# The home page is no archive: of each kind the most urgent.
MOST = 20


def list_needs_after(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what waits for the actor, in at most eight statements."""
    found: list[Need] = []
    if may(Act.ADD_TASK, actor.roles):
        found += _to_plan(session, actor)
        found += _to_report_done(session, actor)
        found += _to_close(session, actor)
    if may(Act.ANSWER, actor.roles):
        found += _to_answer(session, actor)
    if actor.has(Role.SUPERVISOR):
        found += _to_watch(session, actor, now)
    found += _to_report(session, actor, now)
    found += _to_grade(session, actor, now)
    found += _to_read(session, actor, now)
    return found


def _to_plan(session: Session, actor: Actor) -> Iterator[Need]:
    has_no_task = and_(Matter.stage == Stage.CARRYING_OUT, ~_task().exists())
    statement = _matters(actor).where(or_(Matter.stage == Stage.DECIDED, has_no_task))
    return _needs(session, statement, NeedKind.PLAN_TASKS, "matters.add_task")


def _to_report_done(session: Session, actor: Actor) -> Iterator[Need]:
    statement = _matters(actor).where(
        Matter.stage == Stage.CARRYING_OUT,
        _task().exists(),
        ~_task().where(Task.state != TaskState.DONE).exists(),
    )
    return _needs(session, statement, NeedKind.REPORT, "matters.report_done")


def _to_close(session: Session, actor: Actor) -> Iterator[Need]:
    statement = _matters(actor).where(Matter.stage == Stage.APPRAISED)
    return _needs(session, statement, NeedKind.CLOSE, "matters.close")


def _to_watch(session: Session, actor: Actor, now: datetime) -> Iterator[Need]:
    """Yield matters with a late task about which the committee has filed nothing since it is late."""
    seen = select(Finding.id).where(
        Finding.matter_id == Matter.id,
        Finding.at
        > select(func.max(Task.overdue_at))
        .where(Task.matter_id == Matter.id, Task.state != TaskState.DONE)
        .scalar_subquery(),
    )
    statement = _matters(actor).where(late_task(now), ~seen.exists())
    return _needs(session, statement, NeedKind.WATCH, "matters.file_finding")


def _to_answer(session: Session, actor: Actor) -> Iterator[Need]:
    rows = session.execute(
        select(Query.id, Query.due_at, Matter.title)
        .join(Matter, Query.matter_id == Matter.id)
        .where(Query.community_id == actor.community_id, Query.answered_at.is_(None))
        .order_by(Query.due_at, Query.id)
        .limit(MOST)
    )
    for query_id, due_at, title in rows:
        yield Need(NeedKind.ANSWER, title, "matters.answer", {"query_id": query_id}, due_at)


def _to_report(session: Session, actor: Actor, now: datetime) -> Iterator[Need]:
    """Yield open tasks that have begun: the actor's own, and those that name only a body of the actor's."""
    held = list_bodies_held(session, person_id=actor.person_id, day=day_of(now))
    mine = or_(Task.owner_id == actor.person_id, and_(Task.owner_id.is_(None), Task.body_id.in_(held)))
    rows = session.execute(
        select(Task.id, Task.title, Task.due_on)
        .join(Matter, Task.matter_id == Matter.id)
        .where(
            Task.community_id == actor.community_id,
            Matter.stage == Stage.CARRYING_OUT,
            Task.state != TaskState.DONE,
            Task.starts_on <= day_of(now),
            mine,
        )
        .order_by(Task.due_on, Task.id)
        .limit(MOST)
    )
    for task_id, title, due_on in rows:
        yield Need(NeedKind.REPORT, title, "matters.report_progress", {"task_id": task_id}, day_ends(due_on))


def _to_grade(session: Session, actor: Actor, now: datetime) -> Iterator[Need]:
    person = session.get_one(Person, actor.person_id)
    if not may(Act.GRADE, actor.roles) or not is_adult(person.born_on, day_of(now)):
        return
    graded = select(Grade.id).where(Grade.round_id == GradeRound.id, Grade.person_id == actor.person_id)
    rows = session.execute(
        select(Matter.id, Matter.title, GradeRound.closes_at)
        .join(GradeRound, GradeRound.matter_id == Matter.id)
        .where(
            Matter.community_id == actor.community_id,
            Matter.stage == Stage.DONE,
            GradeRound.closed_at.is_(None),
            GradeRound.closes_at >= now,
            ~graded.exists(),
        )
        .order_by(GradeRound.closes_at, Matter.id)
        .limit(MOST)
    )
    for matter_id, title, closes_at in rows:
        yield Need(NeedKind.GRADE, title, "matters.grade", {"matter_id": matter_id}, closes_at)


def _to_read(session: Session, actor: Actor, now: datetime) -> Iterator[Need]:
    rows = session.execute(
        select(Matter.id, Matter.title)
        .join(Query, Query.matter_id == Matter.id)
        .where(Query.author_id == actor.person_id, Query.answered_at > now - ANSWER_SHOWN)
        .group_by(Matter.id)
        .order_by(func.max(Query.answered_at).desc(), Matter.id)
        .limit(MOST)
    )
    for matter_id, title in rows:
        yield Need(
            NeedKind.READ_ANSWER, title, "matters.show", {"matter_id": matter_id, "_anchor": "queries"}
        )


def _task() -> Select[uuid.UUID]:
    return select(Task.id).where(Task.matter_id == Matter.id)


def _matters(actor: Actor) -> Select[uuid.UUID, str, datetime | None]:
    return (
        select(Matter.id, Matter.title, Matter.due_at)
        .where(Matter.community_id == actor.community_id)
        .order_by(Matter.due_at, Matter.id)
        .limit(MOST)
    )


def _needs(
    session: Session, statement: Select[uuid.UUID, str, datetime | None], kind: NeedKind, endpoint: str
) -> Iterator[Need]:
    for matter_id, title, due_at in session.execute(statement):
        yield Need(kind, title, endpoint, {"matter_id": matter_id}, due_at)
