"""The public log: how much was reported, hidden and held, why, and how appeals ended. Nobody is in it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from civicforum.moderation.models import ContentReport, HeldText, HideAppeal, HideDecision, ReportCase
from civicforum.moderation.rules import HeldState, Kind, Outcome, Reason

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Month:
    """What happened in a month of Shanghai's calendar, named as in "2026-03".

    `late`: how many of those held were posted because nobody looked in time.
    """

    name: str
    reported: int
    hidden: int
    held: int
    late: int


@dataclass(frozen=True)
class Log:
    """The log of a community.

    `months` from the latest; `reasons`: hidings by reason and kind, the most frequent first. The hours are
    medians of what is settled, whole hours rounded down; None where nothing is.
    """

    months: Sequence[Month]
    reasons: Sequence[tuple[Reason, Kind, int]]
    upheld: int
    overturned: int
    waiting: int
    late_rulings: int
    open_reports: int
    waiting_held: int
    hours_to_settle: int | None
    hours_held: int | None
    hours_to_rule: int | None


def get_log(session: Session, *, community_id: uuid.UUID, now: datetime, months: int = 12) -> Log:
    """Return the log, in a fixed number of statements."""
    here = HideAppeal.community_id == community_id
    ended: dict[Outcome | None, int] = dict(
        session.execute(
            select(HideAppeal.outcome, func.count()).where(here).group_by(HideAppeal.outcome)
        ).all()
    )
    rulings = select(HideAppeal.id).where(here, func.coalesce(HideAppeal.ruled_at, now) > HideAppeal.due_at)
    open_reports = select(ReportCase.id).where(
        ReportCase.community_id == community_id, ReportCase.settled_at.is_(None)
    )
    waiting = select(HeldText.id).where(
        HeldText.community_id == community_id, HeldText.state == HeldState.HELD
    )
    return Log(
        months=_months(session, community_id, months),
        reasons=_reasons(session, community_id),
        upheld=ended.get(Outcome.UPHELD, 0),
        overturned=ended.get(Outcome.OVERTURNED, 0),
        waiting=ended.get(None, 0),
        late_rulings=_count(session, rulings),
        open_reports=_count(session, open_reports),
        waiting_held=_count(session, waiting),
        hours_to_settle=_hours(session, community_id, ReportCase.opened_at, ReportCase.settled_at),
        hours_held=_hours(session, community_id, HeldText.at, HeldText.settled_at),
        hours_to_rule=_hours(session, community_id, HideAppeal.at, HideAppeal.ruled_at),
    )


def _months(session: Session, community_id: uuid.UUID, limit: int) -> list[Month]:
    reported = _by_month(session, ContentReport.at, ContentReport.community_id == community_id)
    hidden = _by_month(
        session,
        HideDecision.since,
        and_(HideDecision.community_id == community_id, HideDecision.since.is_not(None)),
    )
    held = _by_month(session, HeldText.at, HeldText.community_id == community_id)
    late = _by_month(
        session, HeldText.at, and_(HeldText.community_id == community_id, HeldText.by_clock.is_(True))
    )
    names = sorted({*reported, *hidden, *held}, reverse=True)[:limit]
    return [
        Month(name, reported.get(name, 0), hidden.get(name, 0), held.get(name, 0), late.get(name, 0))
        for name in names
    ]


def _by_month(
    session: Session,
    at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    where: ColumnElement[bool],
) -> dict[str, int]:
    month = func.to_char(func.timezone("Asia/Shanghai", at), "YYYY-MM")
    rows = session.execute(select(month.label("month"), func.count()).where(where).group_by("month"))
    return dict(rows.all())


def _reasons(session: Session, community_id: uuid.UUID) -> list[tuple[Reason, Kind, int]]:
    number = func.count()
    rows = session.execute(
        select(HideDecision.reason, HideDecision.kind, number)
        .where(HideDecision.community_id == community_id, HideDecision.since.is_not(None))
        .group_by(HideDecision.reason, HideDecision.kind)
        .order_by(number.desc(), HideDecision.reason, HideDecision.kind)
    )
    return [(reason, kind, count) for reason, kind, count in rows]


def _hours(
    session: Session,
    community_id: uuid.UUID,
    begins: InstrumentedAttribute[datetime],
    ends: InstrumentedAttribute[datetime | None],
) -> int | None:
    """Return the lower median of the times from beginning to end, in whole hours."""
    middle: timedelta | None = session.scalar(
        select(func.percentile_disc(0.5).within_group(ends - begins)).where(
            begins.class_.community_id == community_id, ends.is_not(None)
        )
    )
    return None if middle is None else middle // HOUR


def _count(session: Session, statement: Select[uuid.UUID]) -> int:
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0
