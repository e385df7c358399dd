"""A community with those who have to do with its notice board."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.notices.services import found_catalogue
from civicforum.people.models import Community
from tests.factories import TODAY, actor_of, make_community, make_officer, make_person


@dataclass
class Town:
    community: Community
    director: Actor
    clerk: Actor
    supervisor: Actor
    resident: Actor


@pytest.fixture
def town(session: Session) -> Town:
    """The catalogue was entered on 2 March 2026, a Monday."""
    community = make_community()
    town = Town(
        community,
        actor_of(make_officer(community, Role.COMMITTEE, name="林晓燕"), Role.COMMITTEE),
        actor_of(make_officer(community, Role.CLERK, name="李文静"), Role.CLERK),
        actor_of(make_officer(community, Role.SUPERVISOR, name="赵国强"), Role.SUPERVISOR),
        actor_of(make_person(community, name="周敏")),
    )
    found_catalogue(session, community=community, today=TODAY)
    session.commit()
    return town
