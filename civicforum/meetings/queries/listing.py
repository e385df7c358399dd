"""The meetings that are coming and those that are over."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import (
    MeetingState,
)
from civicforum.paging import Page, paginate
from civicforum.rulebook.days import day_of, day_starts

LIVE = (MeetingState.PLANNED, MeetingState.OPEN)


def list_coming(session: Session, *, community_id: uuid.UUID) -> Sequence[Meeting]:
    """Return what is in session and what is planned, the next first."""
    return session.scalars(
        _listed(community_id).where(Meeting.state.in_(LIVE)).order_by(Meeting.starts_at, Meeting.id)
    ).all()


def list_past(session: Session, *, community_id: uuid.UUID, number: int) -> Page[Meeting]:
    """Return one page of the meetings that are over or called off, the latest first."""
    statement = _listed(community_id).where(Meeting.state.not_in(LIVE))
    return paginate(session, statement.order_by(Meeting.starts_at.desc(), Meeting.id), number=number)


def coming(session: Session, *, community_id: uuid.UUID, now: datetime, limit: int = 3) -> Sequence[Meeting]:
    """Return the next meetings, for the home page; what is planned and long past is not among them."""
    return session.scalars(
        _listed(community_id)
        .where(
            or_(
                Meeting.state == MeetingState.OPEN,
                (Meeting.state == MeetingState.PLANNED) & (Meeting.starts_at >= day_starts(day_of(now))),
            )
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    ).all()


def _listed(community_id: uuid.UUID) -> Select[Meeting]:
    return (
        select(Meeting)
        .options(joinedload(Meeting.chair), selectinload(Meeting.agenda))
        .where(Meeting.community_id == community_id)
    )
