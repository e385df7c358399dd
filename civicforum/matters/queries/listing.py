"""Lists of matters: search, filters, counts by stage, and what is late."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from civicforum.matters.models import Matter, MatterPhoto, Second
from civicforum.matters.rules import LIVE, PUBLIC, STAGES_OF_GROUP, Category, Stage, StageGroup
from civicforum.matters.text import tokens
from civicforum.paging import Page, paginate, paginate_found
from civicforum.parts import has_part

# Late by somebody's duty: a returned matter waits for its author, a done one for everybody's grade.
OWED = LIVE - {Stage.RETURNED, Stage.DONE}


class Sort(StrEnum):
    NEWEST = "newest"
    DUE = "due"
    SECONDS = "seconds"
    MOVED = "moved"


@dataclass(frozen=True)
class Filters:
    """What a list of matters is narrowed to; the empty value of each means "all"."""

    words: str = ""
    group: StageGroup | None = None
    category: Category | None = None
    grid_id: uuid.UUID | None = None
    is_overdue: bool = False
    is_mine: bool = False
    sort: Sort = Sort.NEWEST


@dataclass(frozen=True)
class MatterLine:
    """A matter of a list, with how many second it and its first photo."""

    matter: Matter
    seconds: int
    photo_id: uuid.UUID | None


def list_matters(
    session: Session,
    *,
    community_id: uuid.UUID,
    filters: Filters,
    person_id: uuid.UUID | None,
    number: int,
    now: datetime,
) -> Page[MatterLine]:
    """Return a page of public matters, in three statements whatever its length."""
    statement = _sorted(narrow(public_matters(community_id), filters, person_id, now), filters.sort)
    if words := filters.words.strip():
        page = paginate_found(session, statement, found=has_words(words), number=number)
    else:
        page = paginate(session, statement, number=number)
    return with_figures(session, page)


def list_overdue(
    session: Session, *, community_id: uuid.UUID, number: int, now: datetime
) -> Page[MatterLine]:
    """Return what a body should have done by now, the longest overdue first."""
    statement = public_matters(community_id).where(Matter.stage.in_(OWED), Matter.due_at < now)
    page = paginate(session, statement.order_by(Matter.due_at, Matter.id), number=number, per_page=20)
    return with_figures(session, page)


def count_overdue(session: Session, *, community_id: uuid.UUID, now: datetime) -> int:
    statement = public_matters(community_id).where(Matter.stage.in_(OWED), Matter.due_at < now)
    return session.scalar(statement.with_only_columns(func.count())) or 0


def count_groups(session: Session, *, community_id: uuid.UUID) -> dict[StageGroup, int]:
    """Return how many public matters stand in each group of stages."""
    # Drafts are counted too: to leave them out would compare the stage of every matter with all others.
    rows = session.execute(
        select(Matter.stage, func.count()).where(Matter.community_id == community_id).group_by(Matter.stage)
    )
    counts = dict(rows.all())
    return {group: sum(counts.get(stage, 0) for stage in stages) for group, stages in STAGES_OF_GROUP.items()}


def count_seconds(session: Session, matter_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """Return how many second each of these matters; a matter that nobody seconds is left out."""
    rows = session.execute(
        select(Second.matter_id, func.count())
        .where(Second.matter_id.in_(matter_ids))
        .group_by(Second.matter_id)
    )
    return dict(rows.all())


def public_matters(community_id: uuid.UUID) -> Select[Matter]:
    """Return what everybody may read: all matters of a community but drafts."""
    return select(Matter).where(Matter.community_id == community_id, Matter.stage.in_(PUBLIC))


def narrow(
    statement: Select[Matter], filters: Filters, person_id: uuid.UUID | None, now: datetime
) -> Select[Matter]:
    """Keep what a list is narrowed to, words aside; `person_id` is whose "mine" is meant."""
    if filters.group:
        statement = statement.where(Matter.stage.in_(STAGES_OF_GROUP[filters.group]))
    if filters.category:
        statement = statement.where(Matter.category == filters.category)
    if filters.grid_id:
        statement = statement.where(Matter.grid_id == filters.grid_id)
    if filters.is_overdue:
        statement = statement.where(Matter.stage.in_(OWED), Matter.due_at < now)
    if filters.is_mine and person_id:
        seconded = select(Second.matter_id).where(Second.person_id == person_id)
        statement = statement.where(or_(Matter.author_id == person_id, Matter.id.in_(seconded)))
    return statement


def has_words(words: str) -> ColumnElement[bool]:
    """Find by the beginning of the number, by part of the title, or by all words in title, place and text."""
    ways = [Matter.number.startswith(words, autoescape=True), has_part(Matter.title, words)]
    wanted = tokens(words)
    if wanted:
        ways.append(Matter.tokens.contains(wanted))
    return or_(*ways)


def _sorted(statement: Select[Matter], sort: Sort) -> Select[Matter]:
    if sort is Sort.SECONDS:
        seconds = select(func.count()).where(Second.matter_id == Matter.id).scalar_subquery()
        return statement.order_by(seconds.desc(), Matter.raised_at.desc(), Matter.id)
    if sort is Sort.DUE:
        return statement.order_by(Matter.due_at.nulls_last(), Matter.raised_at.desc(), Matter.id)
    if sort is Sort.MOVED:
        return statement.order_by(Matter.stage_since.desc(), Matter.id)
    return statement.order_by(Matter.raised_at.desc(), Matter.id)


def with_figures(session: Session, page: Page[Matter]) -> Page[MatterLine]:
    """Add to each matter how many second it and its first photo; one statement."""
    ids = [matter.id for matter in page.items]
    # With the authors, who come into the session, where the lines find them.
    rows = session.execute(
        select(Matter, _SECONDS, _FIRST_PHOTO).where(Matter.id.in_(ids)).options(joinedload(Matter.author))
    ).all()
    figures = {matter.id: (seconds, photo_id) for matter, seconds, photo_id in rows}
    return page.map(lambda matter: MatterLine(matter, *figures[matter.id]))


_SECONDS = select(func.count()).where(Second.matter_id == Matter.id).scalar_subquery()
_FIRST_PHOTO = (
    select(MatterPhoto.photo_id)
    .where(MatterPhoto.matter_id == Matter.id)
    .order_by(MatterPhoto.position)
    .limit(1)
    .scalar_subquery()
)
