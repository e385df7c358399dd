"""A community with notices and those who ask about them, made through services."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import post_notice
from tests.factories import NOW, actor_of, make_community, make_officer, make_person


@dataclass
class Town:
    community_id: uuid.UUID
    director: Actor
    clerk: Actor
    supervisor: Actor
    resident: Actor
    neighbour: Actor


def make_town() -> Town:
    """Make a community with a director, a clerk, a supervisor and two residents who can sign in."""
    community = make_community()
    officers = {
        role: actor_of(make_officer(community, role, login=role.value, name=name), role)
        for role, name in (
            (Role.COMMITTEE, "林晓燕"),
            (Role.CLERK, "周敏"),
            (Role.SUPERVISOR, "何建国"),
        )
    }
    return Town(
        community.id,
        officers[Role.COMMITTEE],
        officers[Role.CLERK],
        officers[Role.SUPERVISOR],
        actor_of(make_officer(community, Role.RESIDENT, login="resident", name="王秀兰")),
        actor_of(make_person(community, name="陈志强")),
    )


def make_notice(town: Town, *, title: str = "第一季度公益金收支", now: datetime = NOW) -> uuid.UUID:
    """Post a notice of the committee's and return its id."""
    with transaction() as session:
        notice = post_notice(
            session,
            community_id=town.community_id,
            category=NoticeCategory.MONEY_AND_DONATIONS,
            title=title,
            text="收入12000元，支出9000元，结余3000元。",
            posted_by=town.director.person_id,
            now=now,
        )
        return notice.id
