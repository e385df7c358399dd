"""Reads of the notice board."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from civicforum.errors import NotFound
from civicforum.notices.models import Notice
from civicforum.notices.rules import NoticeCategory
from civicforum.paging import Page, paginate


def list_notices(
    session: Session,
    *,
    community_id: uuid.UUID,
    category: NoticeCategory | None = None,
    text: str = "",
    posted_at: datetime | None = None,
    number: int,
) -> Page[Notice]:
    """Return a page of notices, newest first; `posted_at` keeps those whose posting runs at that instant."""
    statement = _newest(community_id)
    if category is not None:
        statement = statement.where(Notice.category == category)
    if text:
        statement = statement.where(
            or_(Notice.title.icontains(text, autoescape=True), Notice.text.icontains(text, autoescape=True))
        )
    if posted_at is not None:
        statement = statement.where(Notice.until >= posted_at)
    return paginate(session, statement, number=number)


def count_by_category(session: Session, *, community_id: uuid.UUID) -> dict[NoticeCategory, int]:
    """Return the number of notices in every category, in the order of the categories; 0 for an empty one."""
    rows = session.execute(
        select(Notice.category, func.count().label("number"))
        .where(Notice.community_id == community_id)
        .group_by(Notice.category)
    ).all()
    found = {row.category: row.number for row in rows}
    return {category: found.get(category, 0) for category in NoticeCategory}


def get_notice(session: Session, *, notice_id: uuid.UUID, community_id: uuid.UUID) -> Notice:
    """Return a notice with who posted it. Raises NotFound."""
    notice = session.get(Notice, notice_id, options=[joinedload(Notice.posted_by)])
    if notice is None or notice.community_id != community_id:
        raise NotFound(notice_id)
    return notice


def latest(session: Session, *, community_id: uuid.UUID, limit: int = 5) -> Sequence[Notice]:
    """Return the notices posted last, for the home page."""
    return session.scalars(_newest(community_id).limit(limit)).all()


def list_of_subject(session: Session, *, subject_kind: str, subject_id: uuid.UUID) -> Sequence[Notice]:
    """Return the notices about one subject, oldest first."""
    return session.scalars(
        select(Notice)
        .where(Notice.subject_kind == subject_kind, Notice.subject_id == subject_id)
        .order_by(Notice.posted_at, Notice.id)
    ).all()


def _newest(community_id: uuid.UUID) -> Select[Notice]:
    return (
        select(Notice).where(Notice.community_id == community_id).order_by(Notice.posted_at.desc(), Notice.id)
    )
