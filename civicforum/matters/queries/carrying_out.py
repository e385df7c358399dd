"""Reads of tasks and of who could carry one out."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body, Post
from civicforum.bodies.queries import list_bodies_held, list_holders
from civicforum.bodies.rules import BodyKind
from civicforum.errors import NotFound
from civicforum.matters.models import Finding, Matter, Task, TaskReport
from civicforum.matters.rules import PUBLIC, Act, TaskState, may
from civicforum.matters.rules_after import is_late
from civicforum.people.models import Person
from civicforum.rulebook.days import day_ends

# Bodies that carry something out; assemblies and elections decide and do not.
CARRYING_BODIES = (
    BodyKind.RESIDENTS_COMMITTEE,
    BodyKind.SERVICE_STATION,
    BodyKind.PARTY_COMMITTEE,
    BodyKind.SUBCOMMITTEE,
    BodyKind.MEDIATION_COMMITTEE,
    BodyKind.DELIBERATION_COUNCIL,
    BodyKind.RESIDENTS_GROUP,
    BodyKind.OWNERS_COMMITTEE,
    BodyKind.ECONOMIC_COOPERATIVE,
)


@dataclass(frozen=True)
class ReportLine:
    """A report, newest first, and the percentage that stood before it."""

    report: TaskReport
    before: int

    @property
    def goes_back(self) -> bool:
        return self.report.progress < self.before


@dataclass(frozen=True)
class TaskLine:
    task: Task
    is_late: bool
    may_report: bool
    reports: Sequence[ReportLine]
    findings: Sequence[Finding]

    @property
    def due_at(self) -> datetime:
        return day_ends(self.task.due_on)


@dataclass(frozen=True)
class Responsible:
    """A body, with the holders of its posts, each named once with the posts held in it."""

    body: Body
    holders: Sequence[tuple[Person, str]]


def list_tasks(
    session: Session, *, matter: Matter, findings: Sequence[Finding], actor: Actor | None, today: date
) -> list[TaskLine]:
    """Return a matter's tasks in order, with their reports and the findings about them."""
    tasks = session.scalars(
        select(Task)
        .where(Task.matter_id == matter.id)
        .options(
            joinedload(Task.body),
            joinedload(Task.owner),
            selectinload(Task.reports).options(joinedload(TaskReport.person), joinedload(TaskReport.photo)),
        )
        .order_by(Task.position)
    ).all()
    about: dict[uuid.UUID | None, list[Finding]] = defaultdict(list)
    for finding in findings:
        about[finding.task_id].append(finding)
    held = list_bodies_held(session, person_id=actor.person_id, day=today) if actor and tasks else frozenset()
    return [
        TaskLine(
            task=task,
            is_late=is_late(task.due_on, is_done=task.state is TaskState.DONE, today=today),
            may_report=actor is not None and (task.body_id in held or may(Act.REPORT_PROGRESS, actor.roles)),
            reports=_with_before(task.reports),
            findings=about[task.id],
        )
        for task in tasks
    ]


def get_task(session: Session, *, task_id: uuid.UUID, community_id: uuid.UUID) -> Task:
    """Return a task with its matter, body and reports. Raises NotFound."""
    task = session.scalars(
        select(Task)
        .where(
            Task.id == task_id,
            Task.community_id == community_id,
            Task.matter.has(Matter.stage.in_(PUBLIC)),
        )
        .options(joinedload(Task.matter), joinedload(Task.body), selectinload(Task.reports))
    ).one_or_none()
    if task is None:
        raise NotFound(task_id)
    return task


def list_responsible(session: Session, *, community_id: uuid.UUID, day: date) -> list[Responsible]:
    """Return the bodies that can carry out a task, by name, with the holders of their posts."""
    bodies: dict[uuid.UUID, Body] = {}
    posts: dict[uuid.UUID, dict[uuid.UUID, list[Post]]] = defaultdict(lambda: defaultdict(list))
    people: dict[uuid.UUID, Person] = {}
    for body, post, person in list_holders(
        session, community_id=community_id, kinds=CARRYING_BODIES, day=day
    ):
        bodies[body.id] = body
        if post is not None and person is not None:
            people[person.id] = person
            posts[body.id][person.id].append(post)
    return [
        Responsible(
            body,
            [(people[key], "、".join(post.title for post in held)) for key, held in posts[body.id].items()],
        )
        for body in bodies.values()
    ]


def _with_before(reports: Sequence[TaskReport]) -> list[ReportLine]:
    before = 0
    lines = []
    for report in reports:
        lines.append(ReportLine(report, before))
        before = report.progress
    return lines[::-1]
