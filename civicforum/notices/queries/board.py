"""Reads of the notice board: lists, the archive, one notice, the wall screen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from civicforum.matters.text import tokens
from civicforum.notices.models import DisclosureDue, DisclosureItem, DraftObjection, Notice, NoticeDraft
from civicforum.notices.rules import NoticeCategory, NoticeState
from civicforum.paging import Page, paginate
from civicforum.parts import has_part
from civicforum.rows import get_row
from civicforum.rulebook.days import day_of, day_starts

# A wall screen turns through as many; those posted longer ago hang beside it.
MOST_ON_SCREEN = 40


def list_notices(
    session: Session,
    *,
    community_id: uuid.UUID,
    category: NoticeCategory | None = None,
    state: NoticeState | None = None,
    text: str = "",
    now: datetime,
    number: int,
) -> Page[Notice]:
    """Return a page of notices, newest first; of those found by words, matches in the title come first.

    Words are those of the dictionary; where no notice has them all, any part of title or text counts.
    """
    statement = _newest(community_id)
    if category is not None:
        statement = statement.where(Notice.category == category)
    if state is not None:
        statement = statement.where(is_in(state, now))
    if not text:
        return paginate(session, statement, number=number)
    # What was removed may be so for what it said.
    statement = statement.where(Notice.state != NoticeState.REMOVED)
    found = paginate(session, _by_words(statement, text), number=number)
    return found if found.total else paginate(session, _by_part(statement, text), number=number)


def search_words(text: str) -> list[str]:
    """Return what is marked in what was found: the whole search, and its words."""
    return [text, *tokens(text)] if text else []


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
    """Return a notice with who posted, removed and hung it up. Raises NotFound."""
    people = (Notice.posted_by, Notice.removed_by, Notice.on_board_by, Notice.off_board_by, Notice.repost_of)
    return get_row(
        session, Notice, notice_id, community_id=community_id, options=[joinedload(one) for one in people]
    )


def get_follower(session: Session, *, notice_id: uuid.UUID) -> Notice | None:
    """Return the notice by which a removed one was posted again."""
    return session.scalars(select(Notice).where(Notice.repost_of_id == notice_id)).one_or_none()


@dataclass(frozen=True)
class Way:
    """How a notice came to the board, and what of the catalogue it answers; each None where it did not."""

    draft: NoticeDraft | None
    objections: int
    due: DisclosureDue | None


def get_way(session: Session, *, notice_id: uuid.UUID) -> Way:
    """Return how a notice came to the board. Three statements at most."""
    draft = session.scalars(
        select(NoticeDraft)
        .where(NoticeDraft.notice_id == notice_id)
        .options(joinedload(NoticeDraft.item), joinedload(NoticeDraft.meeting))
    ).one_or_none()
    objections = 0
    if draft is not None:
        statement = select(func.count()).where(DraftObjection.draft_id == draft.id)
        objections = session.scalar(statement) or 0
    due = session.scalars(
        select(DisclosureDue)
        .where(DisclosureDue.notice_id == notice_id)
        .options(joinedload(DisclosureDue.item))
        .order_by(DisclosureDue.due_at.desc())
        .limit(1)
    ).one_or_none()
    return Way(draft, objections, due)


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


def list_years(session: Session, *, community_id: uuid.UUID) -> list[tuple[int, int]]:
    """Return the years in which notices were posted, the latest first, with how many."""
    ends = select(func.min(Notice.posted_at), func.max(Notice.posted_at))
    first, last = session.execute(ends.where(Notice.community_id == community_id)).one()
    if first is None:
        return []
    years = range(day_of(last).year, day_of(first).year - 1, -1)
    # Year by year along the index: to work out the year of every notice takes five times as long.
    counts = [
        select(func.count()).where(Notice.community_id == community_id, _is_of(year)).scalar_subquery()
        for year in years
    ]
    found = zip(years, session.execute(select(*counts)).one(), strict=True)
    return [(year, count) for year, count in found if count]


def list_year(session: Session, *, community_id: uuid.UUID, year: int, number: int) -> Page[Notice]:
    """Return a page of the notices of one year, newest first."""
    return paginate(session, _newest(community_id).where(_is_of(year)), number=number)


def list_running(session: Session, *, community_id: uuid.UUID, now: datetime) -> Sequence[Notice]:
    """Return the notices that hang on the board now, newest first, for the wall screen."""
    return session.scalars(
        _newest(community_id).where(is_in(NoticeState.POSTED, now)).limit(MOST_ON_SCREEN)
    ).all()


def list_to_join(session: Session, *, due: DisclosureDue, limit: int = 50) -> Sequence[Notice]:
    """Return the notices of an item's category that were posted since its period began."""
    category = session.get_one(DisclosureItem, due.item_id).category
    return session.scalars(
        _newest(due.community_id)
        .where(
            Notice.category == category,
            Notice.state != NoticeState.REMOVED,
            Notice.posted_at >= day_starts(due.period_from),
        )
        .limit(limit)
    ).all()


def _newest(community_id: uuid.UUID) -> Select[Notice]:
    return (
        select(Notice).where(Notice.community_id == community_id).order_by(Notice.posted_at.desc(), Notice.id)
    )


def _is_of(year: int) -> ColumnElement[bool]:
    first, after = day_starts(date(year, 1, 1)), day_starts(date(year + 1, 1, 1))
    return and_(Notice.posted_at >= first, Notice.posted_at < after)


def is_in(state: NoticeState, now: datetime) -> ColumnElement[bool]:
    """Tell the state at this instant: the sweep, which writes it down, may be a minute behind."""
    if state is NoticeState.REMOVED:
        return Notice.state == state
    is_over = Notice.until < now if state is NoticeState.EXPIRED else Notice.until >= now
    return (Notice.state != NoticeState.REMOVED) & is_over


def _by_words(statement: Select[Notice], text: str) -> Select[Notice]:
    words = tokens(text)
    in_title = has_part(Notice.title, text)
    ways = [in_title, Notice.tokens.contains(words)] if words else [in_title]
    titles = [case((has_part(Notice.title, word), 1), else_=0) for word in words]
    rank = case((in_title, len(words) + 1), else_=sum(titles, start=case((in_title, 1), else_=0)))
    return (
        statement.where(or_(*ways)).order_by(None).order_by(rank.desc(), Notice.posted_at.desc(), Notice.id)
    )


def _by_part(statement: Select[Notice], text: str) -> Select[Notice]:
    return statement.where(or_(has_part(Notice.title, text), has_part(Notice.text, text)))
