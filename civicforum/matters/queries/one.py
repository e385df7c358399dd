"""One matter: whether the viewer may see it, and its whole story."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.errors import NotFound
from civicforum.matters.models import Comment, Demand, Matter, MatterPhoto, Review, Second
from civicforum.matters.queries.comments import list_comments
from civicforum.matters.queries.demands import DemandFigures, count_demands
from civicforum.matters.rules import Act, Stage, allowed_acts
from civicforum.paging import Page
from civicforum.people.models import Person
from civicforum.records.models import JournalEntry, Photo
from civicforum.records.queries import list_steps_of

NAMES_SHOWN = 100


@dataclass(frozen=True)
class Seconds:
    """Who seconds a matter: how many, how many it needs, the first names, and whether the viewer does."""

    count: int
    needed: int
    names: Sequence[str]
    has_seconded: bool


@dataclass(frozen=True)
class Story:
    """All that the page of a matter tells, up to the decision; what comes after it is in queries.after."""

    matter: Matter
    acts: frozenset[Act]
    entries: Sequence[JournalEntry]
    photos: Sequence[Photo]
    reviews: Sequence[Review]
    seconds: Seconds
    demands: DemandFigures | None
    has_demanded: bool
    merged_here: Sequence[Matter]
    comments: Page[Comment]


def get_matter(
    session: Session, *, matter_id: uuid.UUID, community_id: uuid.UUID, person_id: uuid.UUID | None
) -> Matter:
    """Return a matter with its author, grid and the matter it was merged into.

    Raises NotFound, also for another community's matter, and for a draft of somebody else.
    """
    matter = session.scalar(
        select(Matter)
        .options(joinedload(Matter.author), joinedload(Matter.grid), joinedload(Matter.merged_into))
        .where(Matter.id == matter_id, Matter.community_id == community_id)
    )
    if matter is None or (matter.stage is Stage.DRAFT and matter.author_id != person_id):
        raise NotFound(matter_id)
    return matter


def find_number(session: Session, *, community_id: uuid.UUID, number: str) -> Matter | None:
    """Return the matter of this number, if the community has one."""
    return session.scalar(
        select(Matter).where(Matter.community_id == community_id, Matter.number == number.strip())
    )


def get_story(
    session: Session, *, matter: Matter, actor: Actor | None, comments: int, now: datetime
) -> Story:
    """Return the story of a matter, in a number of statements that does not grow with it."""
    person_id = actor.person_id if actor else None
    figures = _figures(session, matter, person_id)
    # The page shows the demand while the matter is declined, and ever after if one was made.
    may_be_demanded = matter.stage is Stage.DECLINED or figures.is_demanded
    return Story(
        matter=matter,
        acts=acts_of(matter, actor),
        entries=list_steps_of(session, subject_kind="matter", subject_id=matter.id),
        photos=list_photos(session, matter_id=matter.id),
        reviews=list_reviews(session, matter_id=matter.id),
        seconds=_seconds(session, matter, figures),
        demands=count_demands(session, matter=matter, now=now) if may_be_demanded else None,
        has_demanded=figures.has_demanded,
        merged_here=session.scalars(
            select(Matter).where(Matter.merged_into_id == matter.id).order_by(Matter.number)
        ).all(),
        comments=list_comments(session, matter_id=matter.id, number=comments),
    )


def acts_of(matter: Matter, actor: Actor | None) -> frozenset[Act]:
    """Return what the viewer may do with a matter now; nothing for a visitor."""
    if actor is None or actor.community_id != matter.community_id:
        return frozenset()
    return allowed_acts(matter.stage, actor.roles, is_author=matter.author_id == actor.person_id)


def list_photos(session: Session, *, matter_id: uuid.UUID) -> Sequence[Photo]:
    return session.scalars(
        select(Photo)
        .join(MatterPhoto, MatterPhoto.photo_id == Photo.id)
        .where(MatterPhoto.matter_id == matter_id)
        .order_by(MatterPhoto.position)
    ).all()


def list_reviews(session: Session, *, matter_id: uuid.UUID) -> Sequence[Review]:
    """Return the steps of the review, oldest first, with who took them and for which body."""
    return session.scalars(
        select(Review)
        .options(joinedload(Review.person), joinedload(Review.body))
        .where(Review.matter_id == matter_id)
        .order_by(Review.at, Review.round, Review.kind.desc())
    ).all()


def get_seconds(session: Session, *, matter: Matter, person_id: uuid.UUID | None) -> Seconds:
    return _seconds(session, matter, _figures(session, matter, person_id))


@dataclass(frozen=True)
class _Figures:
    seconds: int
    has_seconded: bool
    is_demanded: bool
    has_demanded: bool


def _figures(session: Session, matter: Matter, person_id: uuid.UUID | None) -> _Figures:
    """Count who seconds and demands, and tell whether the viewer does. One statement."""
    seconded, demanded = Second.matter_id == matter.id, Demand.matter_id == matter.id
    row = session.execute(
        select(
            select(func.count()).where(seconded).scalar_subquery(),
            exists().where(seconded, Second.person_id == person_id),
            exists().where(demanded),
            exists().where(demanded, Demand.person_id == person_id),
        )
    ).one()
    return _Figures(*row)


def _seconds(session: Session, matter: Matter, figures: _Figures) -> Seconds:
    names = session.scalars(
        select(Person.name)
        .join(Second, Second.person_id == Person.id)
        .where(Second.matter_id == matter.id)
        .order_by(Second.at, Second.id)
        .limit(NAMES_SHOWN)
    ).all()
    needed = rulebook.load(matter.profile).count("matter.seconds").least or 0
    return Seconds(figures.seconds, needed, names, figures.has_seconded)
