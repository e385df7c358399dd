"""Duty reports: handed in by whoever is graded or entered from paper, and checked before the assembly."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.duty_reports import LONGEST_NOTE, LONGEST_TEXT, days_late
from civicforum.appraisals.models import AppraisalSubject, Cycle, DutyReport
from civicforum.appraisals.report_files import ReportFile
from civicforum.appraisals.rules import CycleState, ReportCheck, check_lead
from civicforum.appraisals.services.steps import lock_cycle, record_cycle, require_state
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.rulebook.days import day_ends, day_of

# A report that comes while people grade is late, and still heard.
TAKEN_IN = (CycleState.POSTED, CycleState.RATING)


def submit_report(
    *, subject_id: uuid.UUID, text: str, file: ReportFile | None, actor: Actor, now: datetime
) -> None:
    """Hand in one's own report, or again after it was returned; what came first keeps its day.

    Raises NotFound, NotEligible (somebody else's), TransitionNotAllowed (no longer taken), AlreadyDone
    (accepted already), Invalid ("text", "long").
    """
    with transaction() as session:
        cycle, subject, report = _lock(session, subject_id, actor)
        if subject.person_id != actor.person_id:
            raise NotEligible(actor.person_id)
        _take(cycle, report, text, file, came_at=now, now=now)
        report.entered_by_id = None
        _record(session, cycle, subject, report, "report", actor=actor, now=now)


def enter_report(
    *,
    subject_id: uuid.UUID,
    text: str,
    file: ReportFile | None,
    came_on: date,
    actor: Actor,
    now: datetime,
) -> None:
    """Enter a report that was handed in on paper, on a day between the posting of the plan and today.

    Raises as `submit_report` does, NotEligible for anybody but a clerk who is not graded in the cycle, and
    Invalid ("came_on").
    """
    with transaction() as session:
        cycle, subject, report = _lock(session, subject_id, actor)
        if not may_enter(actor, cycle):
            raise NotEligible(actor.person_id)
        if cycle.posted_at is None or not day_of(cycle.posted_at) <= came_on <= day_of(now):
            raise Invalid("came_on", "came_on")
        came_at = now if came_on == day_of(now) else day_ends(came_on)
        _take(cycle, report, text, file, came_at=came_at, now=now)
        report.entered_by_id = actor.person_id
        _record(session, cycle, subject, report, "enter_report", actor=actor, now=now)


def may_enter(actor: Actor, cycle: Cycle) -> bool:
    """Tell whether the actor enters reports from paper: a clerk, who says when they came, and not graded."""
    return actor.has(Role.CLERK) and actor.person_id not in cycle.people


def check_report(*, subject_id: uuid.UUID, accepts: bool, note: str, actor: Actor, now: datetime) -> None:
    """Accept a report, which publishes it, or return it with what is missing.

    Raises NotFound, NotEligible (does not lead the cycle), TransitionNotAllowed (none handed in, or checked
    already), Invalid ("note").
    """
    with transaction() as session:
        cycle, subject, report = _lock(session, subject_id, actor)
        check_lead(actor, cycle.people)
        require_state(cycle, *TAKEN_IN)
        if report.submitted_at is None or report.check_result is not None:
            raise TransitionNotAllowed(report.check_result, "check")
        written = note.strip()
        if len(written) > LONGEST_NOTE or (not accepts and not written):
            raise Invalid("note", "note")
        report.check_result = ReportCheck.ACCEPTED if accepts else ReportCheck.RETURNED
        report.check_note, report.checked_at, report.checked_by_id = written, now, actor.person_id
        action = "accept_report" if accepts else "return_report"
        _record(session, cycle, subject, report, action, actor=actor, now=now, reason=written)


def _lock(
    session: Session, subject_id: uuid.UUID, actor: Actor
) -> tuple[Cycle, AppraisalSubject, DutyReport]:
    """Return cycle, subject and report; cycle and report are locked. Raises NotFound, also without one."""
    subject = session.get(AppraisalSubject, subject_id)
    if subject is None:
        raise NotFound(subject_id)
    cycle = lock_cycle(session, cycle_id=subject.cycle_id, community_id=actor.community_id)
    report = session.scalars(
        select(DutyReport)
        .where(DutyReport.subject_id == subject_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if report is None:
        raise NotFound(subject_id)
    return cycle, subject, report


def _take(
    cycle: Cycle, report: DutyReport, text: str, file: ReportFile | None, *, came_at: datetime, now: datetime
) -> None:
    """Write what was handed in; a file stays until another takes its place."""
    require_state(cycle, *TAKEN_IN)
    if report.check_result is ReportCheck.ACCEPTED:
        raise AlreadyDone(report.subject_id)
    written = text.strip()
    if not written and file is None and not report.media_type:
        raise Invalid("text", "text")
    if len(written) > LONGEST_TEXT:
        raise Invalid("long", "text")
    report.text = written
    if file is not None:
        report.file_name, report.media_type, report.content = file.name, file.media_type, file.content
    report.first_submitted_at = report.first_submitted_at or came_at
    report.submitted_at = now
    report.check_result, report.check_note = None, ""
    report.checked_at, report.checked_by_id = None, None


def _record(
    session: Session,
    cycle: Cycle,
    subject: AppraisalSubject,
    report: DutyReport,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    payload: dict[str, Any] = {
        "subject_id": str(subject.id),
        "name": subject.name,
        "days_late": days_late(report.due_at, report.first_submitted_at, now),
    }
    record_cycle(session, cycle, action=action, actor=actor, payload=payload, reason=reason, now=now)
