"""What a meeting can be planned with: matters, bodies, and who may chair."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.models import Body
from civicforum.bodies.queries import list_holders
from civicforum.bodies.rules import BodyKind
from civicforum.matters.models import Matter
from civicforum.meetings.rules import (
    MeetingForm,
    stage_for,
)
from civicforum.people.models import Person
from civicforum.rulebook.days import day_of

# Who may chair: the holders of posts in these bodies.
CHAIRING_BODIES = (
    BodyKind.PARTY_COMMITTEE,
    BodyKind.RESIDENTS_COMMITTEE,
    BodyKind.SUPERVISION_COMMITTEE,
    BodyKind.DELIBERATION_COUNCIL,
    BodyKind.MEDIATION_COMMITTEE,
)
# Who may write the minutes: the same, and whoever works in the station.
WRITING_BODIES = (*CHAIRING_BODIES, BodyKind.SERVICE_STATION)
# An assembly is a form of meeting of its own, and an office has no sessions.
NOT_INVITED = (BodyKind.RESIDENTS_ASSEMBLY, BodyKind.PLATFORM_OFFICE)


def list_matters_for(session: Session, *, community_id: uuid.UUID, form: MeetingForm) -> Sequence[Matter]:
    """Return the matters that can be on the agenda of such a meeting, the longest waiting first."""
    return session.scalars(
        select(Matter)
        .where(Matter.community_id == community_id, Matter.stage == stage_for(form))
        .order_by(Matter.stage_since, Matter.number)
    ).all()


def list_bodies_to_invite(session: Session, *, community_id: uuid.UUID) -> Sequence[Body]:
    """Return the bodies that have sessions: deliberation councils first, the rest by name."""
    return session.scalars(
        select(Body)
        .where(Body.community_id == community_id, Body.dissolved_on.is_(None), Body.kind.not_in(NOT_INVITED))
        .order_by(Body.kind != BodyKind.DELIBERATION_COUNCIL, Body.name)
    ).all()


def list_chairs(session: Session, *, community_id: uuid.UUID, now: datetime) -> list[tuple[Person, str]]:
    """Return who may chair, each once, with the first post as words."""
    return _holders(session, community_id, CHAIRING_BODIES, now)


def list_clerks(session: Session, *, community_id: uuid.UUID, now: datetime) -> list[tuple[Person, str]]:
    """Return who may write the minutes, each once, with the first post as words."""
    return _holders(session, community_id, WRITING_BODIES, now)


def _holders(
    session: Session, community_id: uuid.UUID, kinds: tuple[BodyKind, ...], now: datetime
) -> list[tuple[Person, str]]:
    chairs: dict[uuid.UUID, tuple[Person, str]] = {}
    for body, post, person in list_holders(session, community_id=community_id, kinds=kinds, day=day_of(now)):
        if person is not None and post is not None:
            chairs.setdefault(person.id, (person, f"{body.name}{post.title}"))
    return list(chairs.values())
