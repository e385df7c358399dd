"""Meetings of the tests: an assembly of so many members, with so many of them present."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.matters.models import Matter
from civicforum.matters.rules import Stage
from civicforum.meetings import services
from civicforum.meetings.models import AgendaItem, Meeting
from civicforum.meetings.rules import MeetingForm, Seat
from civicforum.meetings.services import Plan, PlannedItem
from civicforum.people.models import Community
from tests.factories import (
    NOW,
    actor_of,
    make_body,
    make_community,
    make_household,
    make_officer,
    make_person,
    make_post,
    make_term,
)

TEXT = "在3号楼西侧建设集中充电棚一处，费用不超过8.6万元。"


@dataclass
class Scene:
    """A community with its officers and the members of its assembly; the director is one of the members."""

    community_id: uuid.UUID
    director: Actor
    clerk: Actor
    members: list[Actor] = field(default_factory=list)
    now: datetime = NOW

    @property
    def member_ids(self) -> list[uuid.UUID]:
        return [member.person_id for member in self.members]


@dataclass
class Sitting:
    """A meeting with one item."""

    meeting_id: uuid.UUID
    item_id: uuid.UUID
    matter_id: uuid.UUID | None


def make_scene(*, members: int = 6, now: datetime = NOW, logins: bool = False) -> Scene:
    """Make an assembly of `members`: the director, and representatives for the rest."""
    community = make_community()
    director = make_officer(community, Role.COMMITTEE, login="director", name="林国栋")
    clerk = make_officer(community, Role.CLERK, login="clerk", name="何小雨")
    scene = Scene(community.id, actor_of(director, Role.COMMITTEE), actor_of(clerk, Role.CLERK), now=now)
    scene.members.append(scene.director)
    post = make_post(
        make_body(community, BodyKind.REPRESENTATIVE_ASSEMBLY, name="居民代表会议"), PostKind.REPRESENTATIVE
    )
    household = make_household(community)
    for number in range(members - 1):
        if logins:
            person = make_officer(community, Role.RESIDENT, login=f"rep{number}")
        else:
            person = make_person(community, household=household)
        make_term(person, post)
        scene.members.append(actor_of(person, Role.REPRESENTATIVE))
    return scene


def make_matter(scene: Scene, stage: Stage, *, number: str = "2026-001") -> uuid.UUID:
    matter = Matter(
        community_id=scene.community_id,
        number=number,
        title="加装集中充电棚",
        body="楼道里飞线充电太危险。",
        resolution=TEXT if stage is Stage.TO_DECIDE else "",
        stage=stage,
        stage_since=scene.now - timedelta(days=9),
        author_id=scene.members[-1].person_id,
        profile="national-2026",
        created_at=scene.now - timedelta(days=30),
        raised_at=scene.now - timedelta(days=29),
    )
    db.session.add(matter)
    db.session.commit()
    return matter.id


def plan(scene: Scene, form: MeetingForm, *items: PlannedItem, starts_at: datetime | None = None) -> Sitting:
    """Plan a meeting that starts at the scene's now, announced in time."""
    starts_at = starts_at or scene.now
    meeting_id = services.plan_meeting(
        form=form,
        plan=Plan("居民代表会议", "社区大礼堂", starts_at, items),
        actor=scene.director,
        now=starts_at - timedelta(days=12),
    )
    item = db.session.scalars(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting_id).order_by(AgendaItem.position)
    ).first()
    assert item is not None
    return Sitting(meeting_id, item.id, item.matter_id)


def open_sitting(scene: Scene, form: MeetingForm, *items: PlannedItem, present: int = 0) -> Sitting:
    """Plan and open a meeting with the first `present` members in the room."""
    sitting = plan(scene, form, *items)
    services.open_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=scene.now)
    if present:
        services.tick_present(
            meeting_id=sitting.meeting_id,
            person_ids=scene.member_ids[:present],
            actor=scene.clerk,
            now=scene.now,
        )
    return sitting


def open_assembly(scene: Scene, *, present: int) -> Sitting:
    """Open a representative assembly on a matter that waits for its decision."""
    matter_id = make_matter(scene, Stage.TO_DECIDE)
    return open_sitting(
        scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, PlannedItem(matter_id=matter_id), present=present
    )


def come(sitting: Sitting, actor: Actor, *, now: datetime = NOW) -> Seat:
    """Let somebody type the code that is shown in the room."""
    code = db.session.get_one(Meeting, sitting.meeting_id, populate_existing=True).check_in_code
    return services.check_in(meeting_id=sitting.meeting_id, actor=actor, code=code, now=now)


def community_of(scene: Scene) -> Community:
    return db.session.get_one(Community, scene.community_id)
