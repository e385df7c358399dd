"""The clocks of appraisals: a report that is missing and a result not posted are flagged, each once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, union
from sqlalchemy.orm import Session

from civicforum.appraisals import law
from civicforum.appraisals.models import AppraisalSubject, Cycle, DutyReport
from civicforum.appraisals.rules import CycleState
from civicforum.appraisals.services.steps import record_cycle, rules_of
from civicforum.sweeps import Tally, sweep_each

WAITS_FOR_REPORTS = (CycleState.POSTED, CycleState.RATING)
WAITS_FOR_POSTING = (CycleState.COUNTED, CycleState.CERTIFIED)


@dataclass(frozen=True)
class SweepResult(Tally):
    """What a sweep flagged."""

    reports_overdue: int = 0
    results_overdue: int = 0


def sweep_clocks(*, now: datetime) -> SweepResult:
    """Flag reports whose day is over, and results not posted in time. Several may sweep at once."""
    due = union(
        select(AppraisalSubject.cycle_id.label("id"))
        .join(DutyReport, DutyReport.subject_id == AppraisalSubject.id)
        .join(Cycle, Cycle.id == AppraisalSubject.cycle_id)
        .where(_is_missing(now), Cycle.state.in_(WAITS_FOR_REPORTS)),
        select(Cycle.id).where(_waits_for_posting()),
    )
    return sweep_each(due, lambda session, cycle_id: _sweep(session, cycle_id, now), nothing=SweepResult())


def _sweep(session: Session, cycle_id: uuid.UUID, now: datetime) -> SweepResult:
    cycle = session.scalars(
        select(Cycle)
        .where(Cycle.id == cycle_id)
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if cycle is None:
        return SweepResult()
    return SweepResult(
        reports_overdue=_flag_reports(session, cycle, now),
        results_overdue=_flag_result(session, cycle, now),
    )


def _flag_reports(session: Session, cycle: Cycle, now: datetime) -> int:
    if cycle.state not in WAITS_FOR_REPORTS:
        return 0
    missing = session.execute(
        select(DutyReport, AppraisalSubject.name)
        .join(AppraisalSubject, AppraisalSubject.id == DutyReport.subject_id)
        .where(AppraisalSubject.cycle_id == cycle.id, _is_missing(now))
        .order_by(AppraisalSubject.position)
        .with_for_update(of=DutyReport)
    ).all()
    for report, name in missing:
        report.overdue_at = now
        payload = {"subject_id": str(report.subject_id), "name": name, "due_at": report.due_at.isoformat()}
        record_cycle(session, cycle, action="report_overdue", actor=None, payload=payload, now=now)
    return len(missing)


def _flag_result(session: Session, cycle: Cycle, now: datetime) -> int:
    is_posted_or_flagged = cycle.result_posted_at is not None or cycle.overdue_at is not None
    if cycle.state not in WAITS_FOR_POSTING or is_posted_or_flagged or cycle.counted_at is None:
        return 0
    if now <= law.result_due_at(rules_of(cycle), cycle.counted_at):
        return 0
    cycle.overdue_at = now
    record_cycle(session, cycle, action="result_overdue", actor=None, now=now)
    return 1


def _is_missing(now: datetime) -> ColumnElement[bool]:
    return and_(DutyReport.submitted_at.is_(None), DutyReport.overdue_at.is_(None), DutyReport.due_at < now)


def _waits_for_posting() -> ColumnElement[bool]:
    return and_(
        Cycle.state.in_(WAITS_FOR_POSTING), Cycle.result_posted_at.is_(None), Cycle.overdue_at.is_(None)
    )
