"""Reads of duty reports."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, undefer

from civicforum.accounts.rules import Actor
from civicforum.appraisals.duty_reports import ReportState, days_late, state_of
from civicforum.appraisals.models import AppraisalSubject, Cycle, DutyReport
from civicforum.appraisals.rules import ReportCheck, may_lead
from civicforum.appraisals.services.reporting import TAKEN_IN, may_enter
from civicforum.errors import NotFound


@dataclass(frozen=True)
class ReportLine:
    """A report as somebody sees it: `is_readable` once it is accepted, or for those who work on it."""

    subject: AppraisalSubject
    report: DutyReport
    state: ReportState
    late: int
    is_readable: bool
    may_submit: bool
    may_enter: bool
    may_check: bool


def list_reports(cycle: Cycle, actor: Actor | None, now: datetime) -> list[ReportLine]:
    """Return the reports of a cycle as the actor sees them, in the order of the form."""
    return [line_of(cycle, one, one.report, actor, now) for one in cycle.subjects if one.report is not None]


def line_of(
    cycle: Cycle, subject: AppraisalSubject, report: DutyReport, actor: Actor | None, now: datetime
) -> ReportLine:
    """Return one report as the actor sees it, with what the actor may do about it."""
    is_open = cycle.state in TAKEN_IN and report.check_result is not ReportCheck.ACCEPTED
    is_own = actor is not None and actor.person_id == subject.person_id
    leads = actor is not None and may_lead(actor, cycle.people)
    enters = actor is not None and may_enter(actor, cycle)
    waits = report.submitted_at is not None and report.check_result is None
    return ReportLine(
        subject=subject,
        report=report,
        state=state_of(
            due_at=report.due_at, submitted_at=report.submitted_at, check=report.check_result, now=now
        ),
        late=days_late(report.due_at, report.first_submitted_at, now),
        is_readable=report.check_result is ReportCheck.ACCEPTED or is_own or leads or enters,
        may_submit=is_open and is_own,
        may_enter=is_open and enters,
        may_check=is_open and leads and waits,
    )


def get_report(
    session: Session,
    *,
    subject_id: uuid.UUID,
    community_id: uuid.UUID,
    actor: Actor | None,
    now: datetime,
    with_file: bool = False,
) -> ReportLine:
    """Return one report as the actor sees it. Raises NotFound."""
    report = session.scalars(
        select(DutyReport)
        .options(
            joinedload(DutyReport.subject).joinedload(AppraisalSubject.cycle).selectinload(Cycle.subjects),
            *([undefer(DutyReport.content)] if with_file else []),
        )
        .where(DutyReport.subject_id == subject_id, DutyReport.community_id == community_id)
    ).one_or_none()
    if report is None:
        raise NotFound(subject_id)
    return line_of(report.subject.cycle, report.subject, report, actor, now)
