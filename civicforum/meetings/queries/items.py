"""Items of agendas, each by itself: of a matter, of a vote."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.errors import NotFound
from civicforum.meetings.models import AgendaItem, Meeting, Motion
from civicforum.polls.models import Poll
from civicforum.polls.queries.named import (
    ShownVerdict,
    show_verdicts,
)


@dataclass(frozen=True)
class ItemOfMatter:
    """A time that a matter was on an agenda, for the matter's page."""

    item: AgendaItem
    meeting: Meeting
    verdicts: list[ShownVerdict]


def list_items_of_matter(session: Session, *, matter_id: uuid.UUID) -> list[ItemOfMatter]:
    """Return every meeting that had the matter on its agenda, oldest first. One statement."""
    items = session.scalars(
        select(AgendaItem)
        .join(Meeting, AgendaItem.meeting_id == Meeting.id)
        .options(joinedload(AgendaItem.meeting), joinedload(AgendaItem.poll).joinedload(Poll.result))
        .where(AgendaItem.matter_id == matter_id)
        .order_by(Meeting.starts_at, Meeting.id, AgendaItem.position)
    ).all()
    return [ItemOfMatter(item, item.meeting, show_verdicts(item.poll) if item.poll else []) for item in items]


def get_item(session: Session, *, item_id: uuid.UUID, community_id: uuid.UUID) -> AgendaItem:
    """Return an item of an agenda with its meeting, matter and vote. Raises NotFound."""
    item = session.get(
        AgendaItem,
        item_id,
        options=[
            joinedload(AgendaItem.meeting),
            joinedload(AgendaItem.matter),
            joinedload(AgendaItem.poll).joinedload(Poll.result),
        ],
    )
    if item is None or item.community_id != community_id:
        raise NotFound(item_id)
    return item


def find_item_of_poll(session: Session, *, poll_id: uuid.UUID) -> AgendaItem | None:
    """Return the item of an agenda that a poll's vote is on, or was before it was declared void."""
    item_id = (
        select(func.coalesce(Motion.item_id, Poll.subject_id))
        .select_from(Poll)
        .outerjoin(Motion, Motion.id == Poll.subject_id)
        .where(Poll.id == poll_id)
    )
    return session.scalars(
        select(AgendaItem)
        .options(joinedload(AgendaItem.meeting), joinedload(AgendaItem.matter))
        .where(AgendaItem.id == item_id.scalar_subquery())
    ).one_or_none()


def find_motion_of_poll(session: Session, *, poll_id: uuid.UUID) -> Motion | None:
    """Return the motion that a poll's vote is on; None where it is on an item, or is no meeting's."""
    return session.scalars(
        select(Motion).join(Poll, Poll.subject_id == Motion.id).where(Poll.id == poll_id)
    ).one_or_none()
