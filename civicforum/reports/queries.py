"""Reading keys, counts and sealed reports. Nothing here opens anything."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, undefer

from civicforum import rulebook
from civicforum.errors import NotEligible, NotFound
from civicforum.paging import Page, paginate
from civicforum.people.models import Community
from civicforum.reports.models import Report, ReportKey, ReportVisit
from civicforum.reports.rules import ANSWER_CLOCK, Came, Counts, count_up
from civicforum.rows import get_row
from civicforum.rulebook import Clock

AT_ONCE = 20


def find_live_key(session: Session, community_id: uuid.UUID) -> ReportKey | None:
    """Return the key that is in force, proved or not."""
    return session.scalars(
        select(ReportKey).where(ReportKey.community_id == community_id, ReportKey.retired_at.is_(None))
    ).one_or_none()


def find_key_by_public(session: Session, community_id: uuid.UUID, public: bytes) -> ReportKey | None:
    return session.scalars(
        select(ReportKey).where(ReportKey.community_id == community_id, ReportKey.public == public)
    ).one_or_none()


def list_keys(session: Session, community_id: uuid.UUID) -> Sequence[ReportKey]:
    """Return all keys there were, the newest first."""
    return session.scalars(
        select(ReportKey)
        .where(ReportKey.community_id == community_id)
        .options(joinedload(ReportKey.entered_by))
        .order_by(ReportKey.entered_at.desc(), ReportKey.id)
    ).all()


def get_key(session: Session, *, key_id: uuid.UUID, community_id: uuid.UUID) -> ReportKey:
    """Return a key of the community. Raises NotFound."""
    return get_row(session, ReportKey, key_id, community_id=community_id)


def clock_of(community: Community) -> Clock:
    """Return how long an answer may take."""
    return rulebook.load(community.profile).clock(ANSWER_CLOCK)


def count_reports(session: Session, community: Community, today: date) -> Counts:
    """Return what everybody may know of the reports that came before today."""
    rows = session.execute(
        select(Report.received_on, Report.answered_on, func.count())
        .where(Report.community_id == community.id, Report.received_on < today)
        .group_by(Report.received_on, Report.answered_on)
    )
    return count_up(clock_of(community), (Came(*row) for row in rows), today)


def count_of_day(session: Session, community_id: uuid.UUID, day: date) -> int:
    """Return how many reports came on a day."""
    statement = select(func.count()).where(Report.community_id == community_id, Report.received_on == day)
    return session.scalar(statement) or 0


def list_uncounted(session: Session, today: date) -> list[tuple[uuid.UUID, uuid.UUID, date]]:
    """Return community, key and day of the reports that came before today and stand in no entry yet."""
    statement = (
        select(Report.community_id, Report.key_id, Report.received_on)
        .where(~Report.is_counted, Report.received_on < today)
        .distinct()
        .order_by(Report.community_id, Report.key_id, Report.received_on)
    )
    return [(community, key, day) for community, key, day in session.execute(statement)]


def find_report(session: Session, *, number: str, community_id: uuid.UUID) -> Report | None:
    """Return the report with this number, its answer and its key loaded."""
    return session.scalars(
        select(Report)
        .where(Report.community_id == community_id, Report.number == number)
        .options(joinedload(Report.key), undefer(Report.answer))
    ).one_or_none()


def get_visit(session: Session, visit_id: uuid.UUID, now: datetime) -> ReportVisit:
    """Return a visit that is not over. Raises NotEligible."""
    visit = session.get(ReportVisit, visit_id)
    if visit is None or visit.ends_at <= now:
        raise NotEligible(visit_id)
    return visit


def list_reports(session: Session, *, key_id: uuid.UUID, number: int) -> Page[Report]:
    """Return the reports sealed for a key: those without an answer first, the oldest of them on top."""
    statement = (
        select(Report)
        .where(Report.key_id == key_id)
        .order_by(Report.answered_on.is_not(None), Report.received_on, Report.id)
    )
    return paginate(session, statement, number=number)


def get_sealed(session: Session, *, key_id: uuid.UUID, number: str) -> Report:
    """Return a report of a key with its sealed bytes. Raises NotFound."""
    report = session.scalars(
        select(Report)
        .where(Report.key_id == key_id, Report.number == number)
        .options(undefer(Report.sealed), joinedload(Report.key))
    ).one_or_none()
    if report is None:
        raise NotFound(number)
    return report


def iterate_sealed(session: Session, *, key_id: uuid.UUID) -> Iterator[Report]:
    """Yield all reports of a key with their sealed bytes, a few at a time in memory."""
    last = uuid.UUID(int=0)
    while True:
        batch = session.scalars(
            select(Report)
            .where(Report.key_id == key_id, Report.id > last)
            .options(undefer(Report.sealed))
            .order_by(Report.id)
            .limit(AT_ONCE)
        ).all()
        yield from batch
        if len(batch) < AT_ONCE:
            return
        last = batch[-1].id
        for report in batch:
            session.expunge(report)
