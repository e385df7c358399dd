"""Reads of deputies, their liaison days and the opinions for them.

No query loads who wrote an opinion: a page learns at most that it is the reader's own. The words of one
that is not forwarded are for its author and for those who forward it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.paging import Page, paginate
from civicforum.registers.models_deputies import Deputy, DeputyOpinion, LiaisonDay
from civicforum.registers.rules_deputies import Forwarded, check_keep, is_late
from civicforum.rows import get_row
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class DeputyLine:
    """A deputy with the next liaison day, and what became of the opinions."""

    deputy: Deputy
    next_day: date | None
    counts: Forwarded


@dataclass(frozen=True)
class OpinionLine:
    """An opinion as everybody reads it: `text` is empty until it is forwarded."""

    opinion: DeputyOpinion
    text: str
    is_late: bool


def list_deputies(
    session: Session, *, community_id: uuid.UUID, now: datetime, number: int
) -> Page[DeputyLine]:
    """Return a page of deputies, those in office first. Four statements."""
    today = day_of(now)
    has_ended = Deputy.until.is_not(None) & (Deputy.until < today)
    page = paginate(
        session,
        select(Deputy)
        .where(Deputy.community_id == community_id)
        .order_by(has_ended, Deputy.kind, Deputy.name, Deputy.id),
        number=number,
    )
    keys = [one.id for one in page.items]
    counts = count_forwarded(session, deputy_ids=keys, now=now)
    next_days = _next_days(session, keys, today)
    return page.map(lambda one: DeputyLine(one, next_days.get(one.id), counts.get(one.id, Forwarded())))


def get_deputy(session: Session, *, deputy_id: uuid.UUID, community_id: uuid.UUID) -> Deputy:
    """Return one deputy. Raises NotFound, also for another community's."""
    return get_row(session, Deputy, deputy_id, community_id=community_id)


def get_liaison_day(session: Session, *, day_id: uuid.UUID, community_id: uuid.UUID) -> LiaisonDay:
    """Return one liaison day with its deputy. Raises NotFound, also for another community's."""
    return get_row(
        session, LiaisonDay, day_id, community_id=community_id, options=[joinedload(LiaisonDay.deputy)]
    )


def get_opinion(session: Session, *, opinion_id: uuid.UUID, actor: Actor) -> DeputyOpinion:
    """Return an opinion to forward or to answer. Raises NotEligible, NotFound."""
    check_keep(actor)
    return get_row(
        session,
        DeputyOpinion,
        opinion_id,
        community_id=actor.community_id,
        options=[joinedload(DeputyOpinion.deputy)],
    )


def list_coming_days(session: Session, *, deputy_id: uuid.UUID, today: date) -> Sequence[LiaisonDay]:
    """Return the liaison days from today on, the next first."""
    return session.scalars(
        select(LiaisonDay)
        .where(LiaisonDay.deputy_id == deputy_id, LiaisonDay.day >= today)
        .order_by(LiaisonDay.day, LiaisonDay.begins)
    ).all()


def list_opinions(session: Session, *, deputy_id: uuid.UUID, now: datetime, number: int) -> Page[OpinionLine]:
    """Return a page of the opinions for a deputy, the latest first. Two statements."""
    statement = (
        select(DeputyOpinion)
        .where(DeputyOpinion.deputy_id == deputy_id)
        .order_by(DeputyOpinion.number.desc())
    )
    return paginate(session, statement, number=number).map(lambda one: _line(one, now, is_own=False))


def list_own_opinions(
    session: Session, *, deputy_id: uuid.UUID, person_id: uuid.UUID, now: datetime
) -> list[OpinionLine]:
    """Return what somebody left for a deputy, the latest first, forwarded or not."""
    rows = session.scalars(
        select(DeputyOpinion)
        .where(DeputyOpinion.deputy_id == deputy_id, DeputyOpinion.author_id == person_id)
        .order_by(DeputyOpinion.number.desc())
    )
    return [_line(one, now, is_own=True) for one in rows]


def count_forwarded(
    session: Session, *, deputy_ids: Sequence[uuid.UUID], now: datetime
) -> dict[uuid.UUID, Forwarded]:
    """Return what became of the opinions, by deputy; one without any is left out. One statement."""
    opinion = DeputyOpinion
    is_open = opinion.forwarded_at.is_(None)
    rows = session.execute(
        select(
            opinion.deputy_id,
            func.count(opinion.answered_at),
            func.count().filter(and_(~is_open, opinion.answered_at.is_(None))),
            func.count().filter(and_(is_open, opinion.due_at >= now)),
            func.count().filter(and_(is_open, opinion.due_at < now)),
        )
        .where(opinion.deputy_id.in_(deputy_ids))
        .group_by(opinion.deputy_id)
    )
    return {
        key: Forwarded(answered=answered, unanswered=unanswered, waiting=waiting, late=late)
        for key, answered, unanswered, waiting, late in rows
    }


def _next_days(session: Session, deputy_ids: Sequence[uuid.UUID], today: date) -> dict[uuid.UUID, date]:
    rows = session.execute(
        select(LiaisonDay.deputy_id, func.min(LiaisonDay.day))
        .where(LiaisonDay.deputy_id.in_(deputy_ids), LiaisonDay.day >= today)
        .group_by(LiaisonDay.deputy_id)
    )
    return {row[0]: row[1] for row in rows}


def _line(opinion: DeputyOpinion, now: datetime, *, is_own: bool) -> OpinionLine:
    shown = opinion.text if is_own or opinion.forwarded_at is not None else ""
    late = is_late(day_of(opinion.due_at), forwarded_on=opinion.forwarded_on, due_at=opinion.due_at, now=now)
    return OpinionLine(opinion, shown, late)
