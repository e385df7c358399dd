"""Reads of reports at the place of residence: counts for everybody, names for the party organisation."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import BodyKind
from civicforum.errors import NotEligible
from civicforum.paging import Page, paginate
from civicforum.people.models import Community
from civicforum.registers.models import ResidenceReport
from civicforum.registers.rules import CONFIRMS
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class ReportCounts:
    """How many reported in during a term, and how many of them are confirmed."""

    term_from: date
    reported: int
    confirmed: int


def term_start(session: Session, *, community_id: uuid.UUID, day: date) -> date:
    """Return the first day of the residents' committee's running term.

    Its earliest running term of office: who joins it later joins its term. Without a committee, the day on
    which the community was founded here.
    """
    first = session.scalar(
        select(func.min(Term.since))
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .where(
            Body.community_id == community_id,
            Body.kind == BodyKind.RESIDENTS_COMMITTEE,
            Body.dissolved_on.is_(None),
            is_running(day),
        )
    )
    return first or day_of(session.get_one(Community, community_id).created_at)


def count_reports(session: Session, *, community_id: uuid.UUID, day: date) -> ReportCounts:
    """Return the counts of the running term."""
    term_from = term_start(session, community_id=community_id, day=day)
    row = session.execute(
        select(func.count(), func.count(ResidenceReport.confirmed_at)).where(
            ResidenceReport.community_id == community_id, ResidenceReport.term_from == term_from
        )
    ).one()
    return ReportCounts(term_from, *row)


def get_own_report(session: Session, *, person_id: uuid.UUID, term_from: date) -> ResidenceReport | None:
    """Return somebody's own report of a term."""
    return session.scalars(
        select(ResidenceReport).where(
            ResidenceReport.person_id == person_id, ResidenceReport.term_from == term_from
        )
    ).one_or_none()


def list_reports(session: Session, *, actor: Actor, term_from: date, number: int) -> Page[ResidenceReport]:
    """Return a page of a term's reports with names, unconfirmed first. Raises NotEligible (not the party)."""
    if not actor.holds(*CONFIRMS):
        raise NotEligible(actor.person_id)
    statement = (
        select(ResidenceReport)
        .where(ResidenceReport.community_id == actor.community_id, ResidenceReport.term_from == term_from)
        .options(joinedload(ResidenceReport.person))
        .order_by(ResidenceReport.confirmed_at.is_not(None), ResidenceReport.reported_at, ResidenceReport.id)
    )
    return paginate(session, statement, number=number)
