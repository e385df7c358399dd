"""Carrying a matter out: tasks, reports of progress, and the report that ends them."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.bodies.queries import list_bodies_held, post_text
from civicforum.database import transaction
from civicforum.errors import Invalid, NotFound
from civicforum.matters.models import GradeRound, Matter, Task, TaskReport
from civicforum.matters.rules import Act, TaskState, check, check_report
from civicforum.matters.rules_after import check_dates, check_money, check_progress
from civicforum.matters.services.steps import advance, lock_matter, record_matter, rules_of
from civicforum.records.photos import store_photo
from civicforum.rulebook.days import day_ends, day_of


def add_task(
    *,
    matter_id: uuid.UUID,
    actor: Actor,
    title: str,
    body_id: uuid.UUID,
    owner_id: uuid.UUID | None,
    standard: str,
    money_cents: int,
    money_source: str,
    starts_on: date,
    due_on: date,
    now: datetime,
) -> uuid.UUID:
    """Give a body something to do; the first task moves a decided matter on to being carried out.

    Raises NotFound, NotEligible, TransitionNotAllowed, and Invalid (dates, money, an owner from elsewhere).
    """
    check_dates(starts_on, due_on, day_of(now))
    check_money(money_cents, money_source)
    with transaction() as session:
        matter = lock_matter(session, matter_id=matter_id, community_id=actor.community_id)
        check(Act.ADD_TASK, matter.stage, actor.roles)
        body = _body_of(session, actor=actor, body_id=body_id)
        if owner_id is not None and body_id not in list_bodies_held(
            session, person_id=owner_id, day=day_of(now)
        ):
            raise Invalid("owner", "responsible")
        step = advance(session, matter=matter, act=Act.ADD_TASK, now=now)
        task = append_task(
            session,
            matter=matter,
            task=Task(
                title=title,
                body_id=body_id,
                owner_id=owner_id,
                standard=standard,
                money_cents=money_cents,
                money_source=money_source,
                starts_on=starts_on,
                due_on=due_on,
            ),
        )
        record_matter(
            session,
            matter,
            actor=actor,
            action="matter.add_task",
            payload={
                **step,
                "task_id": str(task.id),
                "task": title,
                "body": body.name,
                "due_on": due_on.isoformat(),
                "money_cents": money_cents,
            },
            now=now,
        )
        return task.id


def append_task(session: Session, *, matter: Matter, task: Task) -> Task:
    """Put a task at the end of a locked matter's list; the matter is then due when its last task is."""
    last, latest = session.execute(
        select(func.max(Task.position), func.max(Task.due_on)).where(Task.matter_id == matter.id)
    ).one()
    task.community_id = matter.community_id
    task.matter_id = matter.id
    task.position = (last or 0) + 1
    session.add(task)
    matter.due_at = day_ends(max(task.due_on, latest or task.due_on))
    matter.overdue_at = None
    session.flush()
    return task


def report_progress(
    *,
    task_id: uuid.UUID,
    actor: Actor,
    progress: int,
    text: str,
    photo: bytes | None = None,
    photo_description: str = "",
    now: datetime,
) -> uuid.UUID:
    """Say how far a task is; 100 per cent marks it done, and less opens a done task again.

    Returns the matter's id. Raises NotFound, NotEligible (neither the committee nor the task's body),
    TransitionNotAllowed, Invalid.
    """
    with transaction() as session:
        found = session.get(Task, task_id)
        if found is None:
            raise NotFound(task_id)
        matter = lock_matter(session, matter_id=found.matter_id, community_id=actor.community_id)
        task = session.get_one(Task, task_id, with_for_update=True, populate_existing=True)
        held = list_bodies_held(session, person_id=actor.person_id, day=day_of(now))
        check_report(matter.stage, actor.roles, holds_post=task.body_id in held)
        before = task.progress
        check_progress(before, progress, text)
        photo_id = _keep_photo(
            session, matter, actor=actor, photo=photo, description=photo_description, now=now
        )
        session.add(
            TaskReport(
                community_id=matter.community_id,
                task_id=task.id,
                progress=progress,
                text=text,
                photo_id=photo_id,
                person_id=actor.person_id,
                post=post_text(session, person_id=actor.person_id, day=day_of(now)),
                at=now,
            )
        )
        set_progress(task, progress, now=now)
        record_matter(
            session,
            matter,
            actor=actor,
            action="matter.report_progress",
            # Words are given for every report; those for going back belong in the public register.
            reason=text if progress < before else "",
            payload={
                **advance(session, matter=matter, act=Act.REPORT_PROGRESS, now=now),
                "task_id": str(task.id),
                "task": task.title,
                "before": before,
                "after": progress,
            },
            now=now,
        )
        return matter.id


def set_progress(task: Task, progress: int, *, now: datetime) -> None:
    """Set the percentage and the state that goes with it."""
    task.progress = progress
    task.state = TaskState.DONE if progress == 100 else TaskState.DOING
    task.done_at = now if progress == 100 else None


def report_done(
    *,
    matter_id: uuid.UUID,
    actor: Actor,
    text: str,
    photo: bytes | None = None,
    photo_description: str = "",
    now: datetime,
) -> None:
    """Report a matter done, once all its tasks are; residents then grade it until the clock runs out.

    Raises NotFound, NotEligible, TransitionNotAllowed, and Invalid while a task is open or there is none.
    """
    with transaction() as session:
        matter = lock_matter(session, matter_id=matter_id, community_id=actor.community_id)
        check(Act.REPORT_DONE, matter.stage, actor.roles)
        tasks = session.scalars(select(Task).where(Task.matter_id == matter.id)).all()
        if not tasks:
            raise Invalid("no_tasks")
        if any(task.state is not TaskState.DONE for task in tasks):
            raise Invalid("tasks_open")
        step = advance(session, matter=matter, act=Act.REPORT_DONE, now=now)
        photo_id = _keep_photo(
            session, matter, actor=actor, photo=photo, description=photo_description, now=now
        )
        grading = open_round(session, matter=matter, report=text, photo_id=photo_id, now=now)
        record_matter(
            session,
            matter,
            actor=actor,
            action="matter.report_done",
            reason=text,
            payload={**step, "round": grading.number, "tasks": len(tasks)},
            now=now,
        )


def open_round(
    session: Session, *, matter: Matter, report: str, photo_id: uuid.UUID | None, now: datetime
) -> GradeRound:
    """Open the next round of grades of a locked matter."""
    held = session.scalar(select(func.count()).where(GradeRound.matter_id == matter.id)) or 0
    grading = GradeRound(
        community_id=matter.community_id,
        matter_id=matter.id,
        number=held + 1,
        opened_at=now,
        closes_at=rules_of(matter).clock("matter.appraise").deadline(now),
        report=report,
        photo_id=photo_id,
    )
    session.add(grading)
    session.flush()
    return grading


def _body_of(session: Session, *, actor: Actor, body_id: uuid.UUID) -> Body:
    body = session.get(Body, body_id)
    if body is None or body.community_id != actor.community_id or body.dissolved_on is not None:
        raise Invalid("body", "responsible")
    return body


def _keep_photo(
    session: Session,
    matter: Matter,
    *,
    actor: Actor,
    photo: bytes | None,
    description: str,
    now: datetime,
) -> uuid.UUID | None:
    if not photo:
        return None
    return store_photo(
        session,
        community_id=matter.community_id,
        data=photo,
        description=description,
        uploaded_by=actor.person_id,
        now=now,
    ).id
