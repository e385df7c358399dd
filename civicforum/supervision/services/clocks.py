"""The clocks of the desk: answers and reports that are late are flagged once, and reports fall due."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind
from civicforum.people.models import Community
from civicforum.rulebook.days import day_of
from civicforum.supervision.models import BodyQuestion, Referral, SupervisionReport
from civicforum.supervision.rules import REPORTS_RULE, ReportState, last_period
from civicforum.supervision.services.reports import open_report
from civicforum.supervision.services.steps import about_question, about_referral, about_report, record_act
from civicforum.sweeps import Tally, sweep_each

Swept = TypeVar("Swept", BodyQuestion, Referral, SupervisionReport)


@dataclass(frozen=True)
class SweepResult(Tally):
    """What a sweep did."""

    opened: int = 0
    questions: int = 0
    referrals: int = 0
    reports: int = 0


def sweep_clocks(*, now: datetime) -> SweepResult:
    """Open the reports on periods that are over, and flag what is late, each in a transaction of its own."""
    nothing = SweepResult()
    questions = select(BodyQuestion.id).where(BodyQuestion.due_at < now, BodyQuestion.overdue_at.is_(None))
    referrals = select(Referral.id).where(
        Referral.due_at < now, Referral.overdue_at.is_(None), Referral.answered_at.is_(None)
    )
    reports = select(SupervisionReport.id).where(
        SupervisionReport.due_at < now,
        SupervisionReport.overdue_at.is_(None),
        SupervisionReport.state != ReportState.POSTED,
    )
    supervised = (
        select(Body.community_id.label("id"))
        .where(Body.kind == BodyKind.SUPERVISION_COMMITTEE, Body.dissolved_on.is_(None))
        .distinct()
    )
    return (
        sweep_each(supervised, lambda session, key: _open(session, key, now), nothing=nothing)
        + sweep_each(questions, lambda session, key: _flag_question(session, key, now), nothing=nothing)
        + sweep_each(referrals, lambda session, key: _flag_referral(session, key, now), nothing=nothing)
        + sweep_each(reports, lambda session, key: _flag_report(session, key, now), nothing=nothing)
    )


def _open(session: Session, community_id: uuid.UUID, now: datetime) -> SweepResult:
    community = session.get_one(Community, community_id)
    yearly = rulebook.load(community.profile).count(REPORTS_RULE).least or 1
    period = last_period(day_of(now), yearly)
    known = select(SupervisionReport.id).where(
        SupervisionReport.community_id == community_id, SupervisionReport.period_from == period.first
    )
    # A committee that was founded later has nothing to report on that period.
    founded = select(Body.id).where(
        Body.community_id == community_id,
        Body.kind == BodyKind.SUPERVISION_COMMITTEE,
        Body.dissolved_on.is_(None),
        Body.founded_on <= period.last,
    )
    if session.scalar(known) or not session.scalar(founded.limit(1)):
        return SweepResult()
    report = open_report(session, community=community, period=period, now=now)
    return SweepResult(opened=int(report is not None))


def _flag_question(session: Session, question_id: uuid.UUID, now: datetime) -> SweepResult:
    question = _take(session, BodyQuestion, question_id)
    # Answered or flagged since it was found.
    if question is None or question.due_at is None or question.overdue_at or question.due_at >= now:
        return SweepResult()
    question.overdue_at = now
    payload = {"number": question.number, "due_at": question.due_at.isoformat(), "body": question.body_name}
    record_act(session, about_question(question), action="late_answer", actor=None, payload=payload, now=now)
    return SweepResult(questions=1)


def _flag_referral(session: Session, referral_id: uuid.UUID, now: datetime) -> SweepResult:
    referral = _take(session, Referral, referral_id)
    if referral is None or referral.due_at is None or referral.overdue_at or referral.answered_at:
        return SweepResult()
    referral.overdue_at = now
    payload = {"number": referral.number, "due_at": referral.due_at.isoformat()}
    record_act(
        session, about_referral(referral), action="late_referral", actor=None, payload=payload, now=now
    )
    return SweepResult(referrals=1)


def _flag_report(session: Session, report_id: uuid.UUID, now: datetime) -> SweepResult:
    report = _take(session, SupervisionReport, report_id)
    if report is None or report.overdue_at or report.state is ReportState.POSTED:
        return SweepResult()
    report.overdue_at = now
    payload = {"due_at": report.due_at.isoformat()}
    record_act(session, about_report(report), action="late_report", actor=None, payload=payload, now=now)
    return SweepResult(reports=1)


def _take(session: Session, table: type[Swept], row_id: uuid.UUID) -> Swept | None:
    """Return the row, locked; None while somebody else has it, for the next sweep comes soon."""
    return session.scalars(
        select(table)
        .where(table.id == row_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
