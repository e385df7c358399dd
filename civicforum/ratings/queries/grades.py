"""Reads of bad grades, for those who answer for them, and of what is told of them to everybody."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import CorrectiveAction
from civicforum.appraisals.rules import ActionSource
from civicforum.bodies.models import Post, Term
from civicforum.bodies.rules import PostKind, Role
from civicforum.errors import NotEligible, NotFound
from civicforum.inbox.rules import Need, NeedKind
from civicforum.paging import Page, paginate
from civicforum.ratings.models import ServiceRating
from civicforum.ratings.rules import ReviewRuling, may_handle


def is_live() -> ColumnElement[bool]:
    """Return the condition that a bad grade is there for those who answer for it, and not set aside."""
    return and_(
        ServiceRating.clock_from.is_not(None),
        ServiceRating.ruling.is_distinct_from(ReviewRuling.SET_ASIDE),
    )


def is_late(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a bad grade waits longer for its call or its answer than it may."""
    not_called = and_(ServiceRating.contact_due_at < now, ServiceRating.contacted_at.is_(None))
    not_answered = and_(ServiceRating.answer_due_at < now, ServiceRating.answered_at.is_(None))
    return and_(is_live(), or_(not_called, not_answered))


def is_waiting() -> ColumnElement[bool]:
    """Return the condition that something is to be done: a call, an answer, a call afterwards, a ruling."""
    to_answer = and_(ServiceRating.answer_due_at.is_not(None), ServiceRating.answered_at.is_(None))
    to_call_back = and_(
        ServiceRating.is_named_bad,
        ServiceRating.answered_at.is_not(None),
        ServiceRating.called_back_at.is_(None),
    )
    to_rule = and_(ServiceRating.disputed_at.is_not(None), ServiceRating.ruling.is_(None))
    return and_(is_live(), or_(to_answer, to_call_back, to_rule))


def count_overdue(session: Session, community_id: uuid.UUID, now: datetime) -> int:
    """Return how many bad grades wait too long: everybody is told."""
    statement = select(func.count()).where(ServiceRating.community_id == community_id, is_late(now))
    return session.scalar(statement) or 0


def list_grades(session: Session, *, actor: Actor, number: int) -> Page[ServiceRating]:
    """Return the bad grades the actor answers for, those that wait first. Never one about themselves."""
    statement = (
        select(ServiceRating)
        .join(Term, ServiceRating.term_id == Term.id)
        .where(
            ServiceRating.community_id == actor.community_id,
            ServiceRating.clock_from.is_not(None),
            Term.person_id != actor.person_id,
        )
        .options(joinedload(ServiceRating.item))
        .order_by(
            is_waiting().desc(),
            ServiceRating.contacted_at.is_not(None),
            ServiceRating.answer_due_at.nulls_last(),
            ServiceRating.month.desc(),
            ServiceRating.id,
        )
    )
    return paginate(session, statement, number=number)


def get_grade(session: Session, *, rating_id: uuid.UUID, actor: Actor) -> ServiceRating:
    """Return a bad grade for those who answer for it. Raises NotFound, NotEligible."""
    rating = session.scalar(
        select(ServiceRating)
        .where(
            ServiceRating.id == rating_id,
            ServiceRating.community_id == actor.community_id,
            ServiceRating.clock_from.is_not(None),
        )
        .options(
            joinedload(ServiceRating.item),
            joinedload(ServiceRating.term).joinedload(Term.post).joinedload(Post.body),
            joinedload(ServiceRating.term).joinedload(Term.person),
        )
    )
    if rating is None:
        raise NotFound(rating_id)
    if not may_handle(actor, rating.term.person_id):
        raise NotEligible(actor.person_id)
    return rating


def find_by_number(session: Session, *, community_id: uuid.UUID, number: str) -> ServiceRating | None:
    """Return the rating with this number, for whoever was told it."""
    return session.scalar(
        select(ServiceRating).where(
            ServiceRating.community_id == community_id, ServiceRating.number == number
        )
    )


def find_action_id(session: Session, rating_id: uuid.UUID) -> uuid.UUID | None:
    """Return the corrective action that a bad grade opened."""
    return session.scalar(
        select(CorrectiveAction.id).where(
            CorrectiveAction.source == ActionSource.SERVICE_RATING, CorrectiveAction.source_id == rating_id
        )
    )


def list_answers(session: Session, *, community_id: uuid.UUID, number: int) -> Page[ServiceRating]:
    """Return the published bad grades that were answered, latest first."""
    statement = (
        select(ServiceRating)
        .where(
            ServiceRating.community_id == community_id,
            ServiceRating.published_in.is_not(None),
            ServiceRating.answered_at.is_not(None),
            is_live(),
        )
        .order_by(ServiceRating.published_in.desc(), ServiceRating.id)
    )
    return paginate(session, statement, number=number, per_page=10, argument="answers")


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the bad grades to call, to answer and to rule on, in one statement.

    They are the station head's; the supervision committee has those about the head, those that wait too long
    and the disputes.
    """
    if not actor.has(Role.STATION_HEAD, Role.SUPERVISOR) or actor.assisted_by is not None:
        return []
    statement = (
        select(ServiceRating)
        .join(Term, ServiceRating.term_id == Term.id)
        .join(Post, Term.post_id == Post.id)
        .where(
            ServiceRating.community_id == actor.community_id,
            Term.person_id != actor.person_id,
            is_waiting(),
        )
        .order_by(ServiceRating.answer_due_at.nulls_last(), ServiceRating.id)
    )
    if not actor.has(Role.STATION_HEAD):
        disputed = and_(ServiceRating.disputed_at.is_not(None), ServiceRating.ruling.is_(None))
        statement = statement.where(or_(disputed, is_late(now), Post.kind == PostKind.STATION_HEAD))
    return [_need(rating) for rating in session.scalars(statement)]


def _need(rating: ServiceRating) -> Need:
    is_called = rating.contacted_at is not None or not rating.is_named_bad
    due_at = rating.answer_due_at if is_called else rating.contact_due_at
    kind = NeedKind.HANDLE_GRADE if is_called else NeedKind.CALL_RATER
    title = rating.counter
    return Need(
        kind, title, "ratings.grade", {"rating_id": rating.id}, None if rating.answered_at else due_at
    )
