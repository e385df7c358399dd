"""Reads of the catalogue: what has to be posted, what was, and what is missing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from civicforum.bodies.models import Body
from civicforum.notices.calendar import due_at, period_around
from civicforum.notices.models import DisclosureDue, DisclosureItem, Notice
from civicforum.notices.rules import ItemSource, NoticeCategory, NoticeState, Rhythm
from civicforum.notices.standard import BY_CODE
from civicforum.rows import get_row
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of, day_starts

# What the picture shows: a year behind, and the next quarter's days ahead.
BEHIND, AHEAD = timedelta(days=365), timedelta(days=110)


class DueState(StrEnum):
    """What became of something that was due."""

    MET = "met"
    LATE = "late"
    WAITING = "waiting"
    MISSING = "missing"


@dataclass(frozen=True)
class DueLine:
    """One time that an item is due; `share` is where its last day lies in the picture, in percent."""

    due: DisclosureDue
    state: DueState
    share: float


@dataclass(frozen=True)
class ItemLine:
    """An item with its latest notice, what is open or missing, and when it is due next.

    `next_due_at` is None for what comes ad hoc, and for an item that has ended.
    """

    item: DisclosureItem
    articles: tuple[int, ...]
    last: Notice | None
    dues: Sequence[DueLine]
    next_due_at: datetime | None

    @property
    def missing(self) -> list[DueLine]:
        return [line for line in self.dues if line.state is DueState.MISSING]

    @property
    def open(self) -> list[DueLine]:
        return [line for line in self.dues if line.state in (DueState.MISSING, DueState.WAITING)]

    @property
    def drawn(self) -> list[DueLine]:
        return [line for line in self.dues if 0 <= line.share <= 100]


def list_catalogue(
    session: Session, *, community_id: uuid.UUID, book: Rulebook, now: datetime
) -> list[ItemLine]:
    """Return the items that hold, and ended ones with something open, by category. Three statements."""
    items = session.scalars(
        select(DisclosureItem)
        .where(DisclosureItem.community_id == community_id)
        .options(joinedload(DisclosureItem.body))
        .order_by(DisclosureItem.since, DisclosureItem.code)
    ).all()
    dues = _dues(session, community_id, now)
    standing = _last_by_kind(session, community_id)
    lines = [_line(item, dues[item.id], standing, book, now) for item in items]
    order = {category: place for place, category in enumerate(NoticeCategory)}
    places = {code: place for place, code in enumerate(BY_CODE)}
    kept = [line for line in lines if line.item.ended_on is None or line.open]
    return sorted(kept, key=lambda line: (order[line.item.category], places.get(line.item.code, len(places))))


def list_missing(session: Session, *, community_id: uuid.UUID, now: datetime) -> Sequence[DisclosureDue]:
    """Return what is missing now, the longest first: not posted in time, or removed and not posted again."""
    return session.scalars(
        select(DisclosureDue)
        .outerjoin(Notice, DisclosureDue.notice_id == Notice.id)
        .where(DisclosureDue.community_id == community_id, DisclosureDue.due_at < now, _is_unmet())
        .options(joinedload(DisclosureDue.item))
        .order_by(DisclosureDue.due_at, DisclosureDue.id)
    ).all()


def list_open(session: Session, *, community_id: uuid.UUID) -> Sequence[DisclosureDue]:
    """Return what is due or missing and has no notice, what was due first, first."""
    return session.scalars(
        select(DisclosureDue)
        .where(DisclosureDue.community_id == community_id, DisclosureDue.notice_id.is_(None))
        .options(joinedload(DisclosureDue.item))
        .order_by(DisclosureDue.due_at, DisclosureDue.id)
    ).all()


def list_ad_hoc(session: Session, *, community_id: uuid.UUID) -> Sequence[DisclosureItem]:
    """Return the items posted whenever they come about."""
    return session.scalars(
        select(DisclosureItem)
        .where(
            DisclosureItem.community_id == community_id,
            DisclosureItem.rhythm == Rhythm.AD_HOC,
            DisclosureItem.ended_on.is_(None),
        )
        .order_by(DisclosureItem.category, DisclosureItem.code)
    ).all()


def list_to_repost(session: Session, *, community_id: uuid.UUID) -> Sequence[Notice]:
    """Return the removed notices that were not posted again, the longest gone first."""
    return session.scalars(
        select(Notice)
        .where(Notice.community_id == community_id, Notice.state == NoticeState.REMOVED, ~_has_follower())
        .order_by(Notice.removed_at)
    ).all()


def get_item(session: Session, *, item_id: uuid.UUID, community_id: uuid.UUID) -> DisclosureItem:
    """Return an item. Raises NotFound."""
    return get_row(session, DisclosureItem, item_id, community_id=community_id)


def get_due(session: Session, *, due_id: uuid.UUID, community_id: uuid.UUID) -> DisclosureDue:
    """Return something that is or was due, with its item. Raises NotFound."""
    return get_row(
        session, DisclosureDue, due_id, community_id=community_id, options=[joinedload(DisclosureDue.item)]
    )


def list_bodies(session: Session, *, community_id: uuid.UUID) -> Sequence[Body]:
    """Return the bodies that may answer for an item."""
    return session.scalars(
        select(Body).where(Body.community_id == community_id, Body.dissolved_on.is_(None)).order_by(Body.name)
    ).all()


def _has_follower() -> ColumnElement[bool]:
    follower = Notice.__table__.alias("follower")
    return select(follower.c.id).where(follower.c.repost_of_id == Notice.id).exists()


def _is_unmet() -> ColumnElement[bool]:
    return or_(DisclosureDue.notice_id.is_(None), Notice.state == NoticeState.REMOVED)


def _dues(session: Session, community_id: uuid.UUID, now: datetime) -> dict[uuid.UUID, list[DisclosureDue]]:
    """Return what fell due in the last year, or is still open from before, by item and day."""
    rows = session.scalars(
        select(DisclosureDue)
        .outerjoin(Notice, DisclosureDue.notice_id == Notice.id)
        .where(
            DisclosureDue.community_id == community_id,
            or_(DisclosureDue.due_at >= now - BEHIND, _is_unmet()),
        )
        .options(joinedload(DisclosureDue.notice))
        .order_by(DisclosureDue.due_at, DisclosureDue.id)
    )
    found: dict[uuid.UUID, list[DisclosureDue]] = defaultdict(list)
    for due in rows:
        found[due.item_id].append(due)
    return found


def _last_by_kind(session: Session, community_id: uuid.UUID) -> dict[str, Notice]:
    """Return the latest notice of each kind of subject whose notices answer an item of the law."""
    # Kind by kind, by index: looking for all kinds at once would read every notice.
    newest = [
        select(Notice.id)
        .where(Notice.community_id == community_id, Notice.subject_kind == kind)
        .order_by(Notice.posted_at.desc(), Notice.id)
        .limit(1)
        .scalar_subquery()
        for kind in sorted({kind for item in BY_CODE.values() for kind in item.posted_for})
    ]
    rows = session.scalars(select(Notice).where(Notice.id.in_(newest)))
    return {notice.subject_kind: notice for notice in rows}


def _line(
    item: DisclosureItem,
    dues: list[DisclosureDue],
    standing: dict[str, Notice],
    book: Rulebook,
    now: datetime,
) -> ItemLine:
    standard = BY_CODE.get(item.code) if item.source is ItemSource.LAW else None
    kinds = standard.posted_for if standard else ()
    posted = [due.notice for due in dues if due.notice is not None]
    posted += [standing[kind] for kind in kinds if kind in standing]
    return ItemLine(
        item=item,
        articles=standard.articles if standard else (),
        last=max(posted, key=lambda notice: notice.posted_at, default=None),
        dues=[DueLine(due, due_state(due, now), _share(due.due_at, now)) for due in dues],
        next_due_at=_next_due(item, day_of(now), book),
    )


def due_state(due: DisclosureDue, now: datetime) -> DueState:
    """Return what became of it by `now`; its notice is loaded."""
    if due.notice is None or due.notice.state is NoticeState.REMOVED:
        return DueState.MISSING if due.due_at < now else DueState.WAITING
    return DueState.LATE if due.notice.posted_at > due.due_at else DueState.MET


def _share(at: datetime, now: datetime) -> float:
    first = day_starts(day_of(now - BEHIND))
    return 100 * (at - first) / (BEHIND + AHEAD)


def _next_due(item: DisclosureItem, today: date, book: Rulebook) -> datetime | None:
    if item.rhythm is Rhythm.AD_HOC or item.ended_on is not None:
        return None
    return due_at(item.rhythm, period_around(item.rhythm, today).last, book)
