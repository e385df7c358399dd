"""Conversations of the tests: a convenor, residents, and statements to answer."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.people.models import Community
from civicforum.statements import services
from civicforum.statements.models import Conversation, Statement
from civicforum.statements.rules import VALUES, Answer
from civicforum.statements.services import Plan
from civicforum.statements.services.taking_over import PastVote, take_over_votes
from tests.factories import (
    NOW,
    actor_of,
    make_account,
    make_community,
    make_household,
    make_officer,
    make_person,
)

SEEDS = [
    "晚上九点以后不再跳广场舞",
    "给舞队划一块固定的场地",
    "音响不外放，改用耳机",
    "广场白天留给孩子玩",
    "时间由大家投票定",
    "噪声超标三次就停用场地",
    "请物业装一个分贝显示牌",
    "社区活动室晚上开放给舞队",
]


@dataclass
class Scene:
    community_id: uuid.UUID
    director: Actor
    clerk: Actor
    residents: list[Actor]
    conversation_id: uuid.UUID
    statements: list[uuid.UUID] = field(default_factory=list)


def plan_of(**changes: object) -> Plan:
    values: dict[str, object] = {
        "topic": "广场舞和安静怎么两全",
        "opens_at": NOW,
        "closes_at": NOW + timedelta(days=7),
        "seeds": SEEDS,
    }
    return Plan(**(values | changes))  # type: ignore[arg-type]


def make_scene(
    *, residents: int = 3, plan: Plan | None = None, now: datetime = NOW, logins: bool = False
) -> Scene:
    """Make a community with an open conversation of the committee's on eight statements."""
    community = make_community()
    director = actor_of(make_officer(community, Role.COMMITTEE, login="director"), Role.COMMITTEE)
    clerk = actor_of(make_officer(community, Role.CLERK, login="clerk"), Role.CLERK)
    household = make_household(community)
    people = [make_person(community, household=household) for _ in range(residents)]
    if logins:
        for number, person in enumerate(people):
            make_account(person, login=f"resident{number}")
    conversation_id = services.plan_conversation(plan=plan or plan_of(), actor=director, now=now)
    return Scene(
        community.id,
        director,
        clerk,
        [actor_of(person, Role.RESIDENT) for person in people],
        conversation_id,
        list_ids(conversation_id),
    )


def list_ids(conversation_id: uuid.UUID) -> list[uuid.UUID]:
    return list(
        db.session.scalars(
            select(Statement.id)
            .where(Statement.conversation_id == conversation_id)
            .order_by(Statement.number)
        )
    )


def answer_all(
    scene: Scene, actors: Sequence[Actor], values: Sequence[Answer | None], *, now: datetime = NOW
) -> None:
    """Let each of these people, who answered nothing yet, answer so; None leaves a statement out."""
    with transaction() as session:
        take_over_votes(
            session,
            session.get_one(Conversation, scene.conversation_id),
            [
                PastVote(number, actor.person_id, VALUES[value], now)
                for actor in actors
                for number, value in enumerate(values, start=1)
                if value is not None
            ],
            ids=dict(enumerate(scene.statements, start=1)),
        )


def community_of(scene: Scene) -> Community:
    return db.session.get_one(Community, scene.community_id)
