"""A community with everybody who carries out, watches and grades, and matters on their way; ids, not rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, Role
from civicforum.database import db
from civicforum.matters import services
from civicforum.matters.models import Matter, Task
from civicforum.matters.rules import GradeLevel, Stage
from civicforum.people.models import Community
from civicforum.rulebook.days import day_of
from tests.factories import NOW, actor_of, make_community, make_officer, make_person

OFFICES = (Role.COMMITTEE, Role.PARTY, Role.STATION_HEAD, Role.SUPERVISOR, Role.CLERK)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """Who is there: an actor for each office, some residents, and the bodies that carry out."""

    community_id: uuid.UUID
    actors: dict[Role, Actor]
    residents: list[Actor]
    station_id: uuid.UUID
    committee_id: uuid.UUID


def make_place(*, residents: int = 3, suffix: str = "") -> Place:
    """Make a community whose people sign in as "committee", ... and "resident0", ..., each with `suffix`."""
    community = make_community()
    actors = {
        role: actor_of(make_officer(community, role, login=role.value + suffix), role) for role in OFFICES
    }
    people = [
        actor_of(make_officer(community, Role.RESIDENT, login=f"resident{index}{suffix}"))
        for index in range(residents)
    ]
    return Place(
        community_id=community.id,
        actors=actors,
        residents=people,
        station_id=_body(community, BodyKind.SERVICE_STATION),
        committee_id=_body(community, BodyKind.RESIDENTS_COMMITTEE),
    )


def make_matter_at(
    place: Place, stage: Stage, *, due_at: datetime | None = None, number: str = ""
) -> uuid.UUID:
    """Make a matter that stands at `stage` since NOW, with nothing hanging on it."""
    community = db.session.get_one(Community, place.community_id)
    matter = Matter(
        community_id=place.community_id,
        number=number or f"2026-{uuid.uuid4().hex[:6]}",
        title="给3号楼加装无障碍坡道",
        body="轮椅和婴儿车进不了单元门。",
        stage=stage,
        stage_since=NOW,
        due_at=due_at,
        author_id=(place.residents or [place.actors[Role.CLERK]])[0].person_id,
        profile=community.profile,
        created_at=NOW - DAY,
        raised_at=NOW - DAY,
    )
    db.session.add(matter)
    db.session.commit()
    return matter.id


def add_task(
    place: Place, matter_id: uuid.UUID, *, due_on: date | None = None, now: datetime = NOW
) -> uuid.UUID:
    """Let the committee give the service station a task."""
    return services.add_task(
        matter_id=matter_id,
        actor=place.actors[Role.COMMITTEE],
        title="确定施工单位",
        body_id=place.station_id,
        owner_id=None,
        standard="合同已公示",
        money_cents=1_200_050,
        money_source="社区服务资金",
        starts_on=day_of(now),
        due_on=due_on or day_of(now) + 10 * DAY,
        now=now,
    )


def finish(place: Place, matter_id: uuid.UUID, *, now: datetime) -> None:
    """Report every task at 100 and the matter done."""
    for task_id in db.session.scalars(select(Task.id).where(Task.matter_id == matter_id)).all():
        services.report_progress(
            task_id=task_id, actor=place.actors[Role.STATION_HEAD], progress=100, text="已完工", now=now
        )
    services.report_done(matter_id=matter_id, actor=place.actors[Role.COMMITTEE], text="坡道已建成", now=now)


def make_done(place: Place, *, now: datetime = NOW) -> uuid.UUID:
    """Make a matter that residents can grade."""
    matter_id = make_matter_at(place, Stage.DECIDED)
    add_task(place, matter_id, now=now)
    finish(place, matter_id, now=now)
    return matter_id


def grade(actors: list[Actor], matter_id: uuid.UUID, level: GradeLevel, *, now: datetime = NOW) -> None:
    for actor in actors:
        services.cast_grade(matter_id=matter_id, actor=actor, level=level, comment="", now=now)


def more_residents(place: Place, number: int) -> list[Actor]:
    community = db.session.get_one(Community, place.community_id)
    return [actor_of(make_person(community)) for _ in range(number)]


def _body(community: Community, kind: BodyKind) -> uuid.UUID:
    return db.session.scalars(
        select(Body.id).where(Body.community_id == community.id, Body.kind == kind)
    ).one()
