"""The review queue: what waits for the party organisation and for the committee."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.matters.models import Matter
from civicforum.matters.queries.listing import MatterLine, with_figures
from civicforum.matters.rules import Stage
from civicforum.paging import Page, paginate


class Tab(StrEnum):
    MINE = "mine"
    OVERDUE = "overdue"
    NOT_STUDIED = "not_studied"
    ALL = "all"


WAITING = (Stage.SECONDED, Stage.IN_REVIEW)


def list_queue(session: Session, *, actor: Actor, tab: Tab, number: int, now: datetime) -> Page[MatterLine]:
    """Return a page of what waits for review, what is due first, first."""
    statement = (
        select(Matter)
        .options(joinedload(Matter.author))
        .where(_waiting(actor), _tab(tab, actor, now))
        .order_by(Matter.due_at.nulls_last(), Matter.raised_at, Matter.id)
    )
    return with_figures(session, paginate(session, statement, number=number))


def count_queue(session: Session, *, actor: Actor, now: datetime) -> dict[Tab, int]:
    """Return how many wait under each tab, in one statement."""
    row = session.execute(
        select(*(func.count().filter(_tab(tab, actor, now)) for tab in Tab))
        .select_from(Matter)
        .where(_waiting(actor))
    ).one()
    return dict(zip(Tab, row, strict=True))


def count_returned(session: Session, *, community_id: uuid.UUID) -> int:
    return (
        session.scalar(
            select(func.count()).where(Matter.community_id == community_id, Matter.stage == Stage.RETURNED)
        )
        or 0
    )


def stages_for(roles: Iterable[Role]) -> list[Stage]:
    """Return at which stages a matter waits for somebody with these roles."""
    held = set(roles)
    mine = {Role.PARTY: Stage.SECONDED, Role.COMMITTEE: Stage.IN_REVIEW}
    return [stage for role, stage in mine.items() if role in held]


def _waiting(actor: Actor) -> ColumnElement[bool]:
    return and_(Matter.community_id == actor.community_id, Matter.stage.in_(WAITING))


def _tab(tab: Tab, actor: Actor, now: datetime) -> ColumnElement[bool]:
    if tab is Tab.MINE:
        return or_(false(), *(Matter.stage == stage for stage in stages_for(actor.roles)))
    if tab is Tab.OVERDUE:
        return Matter.due_at < now
    if tab is Tab.NOT_STUDIED:
        return Matter.stage == Stage.SECONDED
    return Matter.stage.in_(WAITING)
