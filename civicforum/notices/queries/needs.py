"""What the notice board needs of officers, for the home page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.inbox.rules import Need, NeedKind
from civicforum.notices.models import DisclosureDue, DisclosureItem, DraftObjection, Notice, NoticeDraft
from civicforum.notices.rules import OPEN_DRAFTS, DraftState, NoticeState, may_draft, may_review
from civicforum.notices.texts import ITEMS

# An item shows on the home page so many days before it is due.
SHOWN_BEFORE = timedelta(days=10)
MOST_NEEDS = 20
# Kind, id, title and deadline of a need.
Part = Select[Any, Any, Any, Any]
ENDPOINTS = {
    NeedKind.DRAFT_NOTICE: ("notices.new_draft", "due"),
    NeedKind.FINISH_NOTICE: ("notices.draft", "draft_id"),
    NeedKind.ANSWER_REVIEW: ("notices.draft", "draft_id"),
    NeedKind.POST_NOTICE: ("notices.draft", "draft_id"),
    NeedKind.REPOST_NOTICE: ("notices.show", "notice_id"),
    NeedKind.REVIEW_NOTICE: ("notices.draft", "draft_id"),
    NeedKind.NOTICE_MISSING: ("notices.due", ""),
}


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what waits on the notice board for somebody, what is due first, first. One statement at most."""
    parts: list[Part] = []
    if may_draft(actor):
        parts = _of_committee(actor.community_id, now)
    elif may_review(actor):
        parts = _of_supervisors(actor, now)
    if not parts:
        return []
    found = union_all(*parts).subquery()
    rows = session.execute(select(found).order_by(found.c.due_at.nulls_last()).limit(MOST_NEEDS))
    return [_need(NeedKind(row.kind), row.title, row.id, row.due_at) for row in rows]


def _need(kind: NeedKind, title: str, key: uuid.UUID, due_at: datetime | None) -> Need:
    endpoint, argument = ENDPOINTS[kind]
    words = str(ITEMS.get(title, title))
    return Need(kind, words, endpoint, {argument: key} if argument else {}, due_at=due_at)


def _of_committee(community_id: uuid.UUID, now: datetime) -> list[Part]:
    return [
        _dues(NeedKind.DRAFT_NOTICE, community_id, DisclosureDue.due_at < now + SHOWN_BEFORE, ~_is_drafted()),
        _drafts(NeedKind.FINISH_NOTICE, community_id, (DraftState.DRAFT,)),
        _objections(community_id),
        _drafts(NeedKind.POST_NOTICE, community_id, (DraftState.REVIEWED, DraftState.MET)),
        _removed(community_id),
    ]


def _of_supervisors(actor: Actor, now: datetime) -> list[Part]:
    return [
        _drafts(
            NeedKind.REVIEW_NOTICE,
            actor.community_id,
            (DraftState.IN_REVIEW,),
            NoticeDraft.drafted_by_id != actor.person_id,
            due_at=NoticeDraft.review_due_at,
        ),
        _dues(NeedKind.NOTICE_MISSING, actor.community_id, DisclosureDue.due_at < now),
    ]


def _dues(kind: NeedKind, community_id: uuid.UUID, *which: ColumnElement[bool]) -> Part:
    name = func.coalesce(func.nullif(DisclosureItem.name, ""), DisclosureItem.code)
    return (
        select(
            literal(kind.value).label("kind"),
            DisclosureDue.id.label("id"),
            name.label("title"),
            DisclosureDue.due_at.label("due_at"),
        )
        .join(DisclosureItem, DisclosureDue.item_id == DisclosureItem.id)
        .where(DisclosureDue.community_id == community_id, DisclosureDue.notice_id.is_(None), *which)
    )


def _is_drafted() -> ColumnElement[bool]:
    return (
        select(NoticeDraft.id)
        .where(NoticeDraft.due_id == DisclosureDue.id, NoticeDraft.state.in_(OPEN_DRAFTS))
        .exists()
    )


def _drafts(
    kind: NeedKind,
    community_id: uuid.UUID,
    states: Sequence[DraftState],
    *which: ColumnElement[bool],
    due_at: Any = NoticeDraft.due_at,
) -> Part:
    return select(
        literal(kind.value).label("kind"),
        NoticeDraft.id.label("id"),
        NoticeDraft.title.label("title"),
        due_at.label("due_at"),
    ).where(NoticeDraft.community_id == community_id, NoticeDraft.state.in_(states), *which)


def _objections(community_id: uuid.UUID) -> Part:
    return (
        select(
            literal(NeedKind.ANSWER_REVIEW.value), NoticeDraft.id, NoticeDraft.title, DraftObjection.due_at
        )
        .join(DraftObjection, DraftObjection.draft_id == NoticeDraft.id)
        .where(
            NoticeDraft.community_id == community_id,
            NoticeDraft.state == DraftState.OBJECTED,
            DraftObjection.answered_at.is_(None),
        )
    )


def _removed(community_id: uuid.UUID) -> Part:
    follower = Notice.__table__.alias("follower")
    is_followed = select(follower.c.id).where(follower.c.repost_of_id == Notice.id).exists()
    is_drafted = or_(
        select(NoticeDraft.id)
        .where(NoticeDraft.repost_of_id == Notice.id, NoticeDraft.state.in_(OPEN_DRAFTS))
        .exists()
    )
    return select(literal(NeedKind.REPOST_NOTICE.value), Notice.id, Notice.title, null()).where(
        Notice.community_id == community_id,
        Notice.state == NoticeState.REMOVED,
        ~is_followed,
        ~is_drafted,
    )
