"""Reads of drafts of notices: for officers alone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.errors import NotFound
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingState
from civicforum.notices.models import DraftObjection, NoticeDraft
from civicforum.notices.rules import OPEN_DRAFTS
from civicforum.paging import Page, paginate

# A joint meeting about a draft was held lately, if at all.
MEETINGS_SINCE = timedelta(days=60)


def list_drafts(session: Session, *, community_id: uuid.UUID, number: int) -> Page[NoticeDraft]:
    """Return a page of drafts: those under way by what is due first, then the others, newest first."""
    is_open = case((NoticeDraft.state.in_(OPEN_DRAFTS), 0), else_=1)
    statement = (
        select(NoticeDraft)
        .where(NoticeDraft.community_id == community_id)
        .options(joinedload(NoticeDraft.item), joinedload(NoticeDraft.drafted_by))
        .order_by(is_open, NoticeDraft.changed_at.desc(), NoticeDraft.id)
    )
    return paginate(session, statement, number=number)


def get_draft(session: Session, *, draft_id: uuid.UUID, community_id: uuid.UUID) -> NoticeDraft:
    """Return a draft with its objections and who did what. Raises NotFound."""
    draft = session.scalars(
        select(NoticeDraft)
        .where(NoticeDraft.id == draft_id, NoticeDraft.community_id == community_id)
        .options(
            joinedload(NoticeDraft.item),
            joinedload(NoticeDraft.due),
            joinedload(NoticeDraft.drafted_by),
            joinedload(NoticeDraft.reviewed_by),
            joinedload(NoticeDraft.met_by),
            joinedload(NoticeDraft.meeting),
            joinedload(NoticeDraft.repost_of),
            selectinload(NoticeDraft.objections).joinedload(DraftObjection.person),
            selectinload(NoticeDraft.objections).joinedload(DraftObjection.answered_by),
        )
    ).one_or_none()
    if draft is None:
        raise NotFound(draft_id)
    return draft


def list_meetings_held(session: Session, *, community_id: uuid.UUID, now: datetime) -> Sequence[Meeting]:
    """Return the meetings held lately, the last first: one of them may have been about a draft."""
    return session.scalars(
        select(Meeting)
        .where(
            Meeting.community_id == community_id,
            Meeting.state == MeetingState.CLOSED,
            Meeting.starts_at >= now - MEETINGS_SINCE,
        )
        .order_by(Meeting.starts_at.desc())
        .limit(20)
    ).all()
