"""What waits for somebody in appraisals: a report to hand in, reports to check, a cycle to take further."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Exists, ScalarSelect, Select, case, exists, func, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.models import AppraisalSubject, Cycle, DutyReport, RaterGroup
from civicforum.appraisals.rules import CycleState, RaterBasis, ReportCheck
from civicforum.appraisals.services.reporting import TAKEN_IN
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import Need, NeedKind
from civicforum.inbox.waiting import HERE, ME, has_rows, values_of
from civicforum.rulebook.days import day_ends, day_of

MOST = 20
ROLL_BEFORE = timedelta(days=4)
LED = (*TAKEN_IN, CycleState.COUNTED, CycleState.CERTIFIED)


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what waits for whoever is graded, and for the supervision committee: at most two statements."""
    values = values_of(actor, now)
    needs = [_of_subject(row) for row in session.execute(_graded(), values)]
    if actor.holds(Role.SUPERVISOR):
        needs += [need for row in session.execute(_led(), values) for need in _of_cycle(row, now)]
    return needs


def may_need(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a cycle waits for such an actor, as graded or as a leader of it."""
    graded: ColumnElement[bool] = has_rows(_graded())
    return graded | has_rows(_led()) if actor.holds(Role.SUPERVISOR) else graded


@cache
def _graded() -> Select[*tuple[Any, ...]]:
    """Select the cycles in which the actor is graded: the report that is due, or that the plan is posted."""
    return (
        select(
            Cycle.id,
            Cycle.title,
            AppraisalSubject.id.label("subject_id"),
            DutyReport.due_at,
            DutyReport.submitted_at,
            DutyReport.check_result,
        )
        .join(AppraisalSubject, AppraisalSubject.cycle_id == Cycle.id)
        .outerjoin(DutyReport, DutyReport.subject_id == AppraisalSubject.id)
        .where(
            AppraisalSubject.person_id == ME,
            AppraisalSubject.community_id == HERE,
            Cycle.state.in_(TAKEN_IN),
        )
        .order_by(Cycle.held_on, Cycle.id)
        .limit(MOST)
    )


def _of_subject(row: Any) -> Need:
    is_returned = row.check_result is ReportCheck.RETURNED
    if row.due_at is None or (row.submitted_at is not None and not is_returned):
        return Need(NeedKind.BE_GRADED, row.title, "appraisals.show", {"cycle_id": row.id})
    arguments = {"subject_id": row.subject_id}
    due_at = None if is_returned else row.due_at
    return Need(NeedKind.HAND_IN_REPORT, row.title, "appraisals.report_submit", arguments, due_at)


@cache
def _led() -> Select[*tuple[Any, ...]]:
    """Select the cycles that wait for who leads them, but none in which the actor is graded."""
    closes_at = select(func.max(RaterGroup.closes_at)).where(RaterGroup.cycle_id == Cycle.id)
    return (
        select(
            Cycle.id,
            Cycle.title,
            Cycle.state,
            Cycle.profile,
            Cycle.held_on,
            Cycle.counted_at,
            Cycle.result_posted_at,
            case((Cycle.state.in_(TAKEN_IN), _waiting_reports()), else_=0).label("to_check"),
            closes_at.scalar_subquery().label("closes_at"),
            _lacks_roll().label("lacks_roll"),
        )
        .where(Cycle.community_id == HERE, Cycle.state.in_(LED), ~is_graded())
        .where((Cycle.state != CycleState.CERTIFIED) | Cycle.result_posted_at.is_(None))
        .order_by(Cycle.held_on, Cycle.id)
        .limit(MOST)
    )


def is_graded() -> Exists:
    """Tell whether the actor is graded in the cycle."""
    return exists().where(AppraisalSubject.cycle_id == Cycle.id, AppraisalSubject.person_id == ME)


def _lacks_roll() -> Exists:
    """Tell whether the roll of a group of the cycle is not posted."""
    return exists().where(
        RaterGroup.cycle_id == Cycle.id,
        RaterGroup.basis == RaterBasis.ROLL,
        RaterGroup.poll_id.is_(None),
    )


def _waiting_reports() -> ScalarSelect[int]:
    """Return how many reports of the cycle were handed in and not checked."""
    return (
        select(func.count(DutyReport.id))
        .join(AppraisalSubject, AppraisalSubject.id == DutyReport.subject_id)
        .where(
            AppraisalSubject.cycle_id == Cycle.id,
            DutyReport.submitted_at.is_not(None),
            DutyReport.check_result.is_(None),
        )
        .scalar_subquery()
    )


def _of_cycle(row: Any, now: datetime) -> list[Need]:
    found = []
    if row.to_check:
        found.append(_need(NeedKind.CHECK_REPORTS, row, "appraisals.reports", day_ends(row.held_on)))
    match row.state:
        case CycleState.POSTED if row.lacks_roll:
            # The day of posting, three days for objections, and the grading begins.
            due_at = day_ends(row.held_on - ROLL_BEFORE)
            found.append(_need(NeedKind.POST_RATERS, row, "appraisals.rating", due_at))
        case CycleState.POSTED if row.held_on <= day_of(now):
            found.append(_need(NeedKind.OPEN_APPRAISAL, row, "appraisals.rating", day_ends(row.held_on)))
        case CycleState.RATING:
            due_at = row.closes_at or day_ends(row.held_on)
            found.append(_need(NeedKind.COUNT_APPRAISAL, row, "appraisals.rating", due_at))
        case CycleState.COUNTED | CycleState.CERTIFIED if row.result_posted_at is None:
            due_at = law.result_due_at(rulebook.load(row.profile), row.counted_at)
            found.append(_need(NeedKind.POST_RESULT, row, "appraisals.results", due_at))
        case CycleState.COUNTED:
            found.append(_need(NeedKind.CERTIFY_APPRAISAL, row, "appraisals.results", None))
    return found


def _need(kind: NeedKind, row: Any, endpoint: str, due_at: datetime | None) -> Need:
    return Need(kind, row.title, endpoint, {"cycle_id": row.id}, due_at)
