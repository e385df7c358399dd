"""The clocks of what follows from grades: late owners, rounds of rechecks that are over, posts that ended."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select, union
from sqlalchemy.orm import Session

from civicforum.appraisals.actions import WORKED_ON
from civicforum.appraisals.models import AppraisalSubject, CorrectiveAction, SupportPlan
from civicforum.appraisals.rules import ActionState
from civicforum.appraisals.services.action_steps import record_action
from civicforum.appraisals.services.rechecks import end_round
from civicforum.appraisals.services.support import end_where_left
from civicforum.bodies.models import Term
from civicforum.rulebook.days import day_of
from civicforum.sweeps import Tally, sweep_each


@dataclass(frozen=True)
class SweepResult(Tally):
    """What a sweep did."""

    overdue: int = 0
    rounds_ended: int = 0
    reopened: int = 0
    plans_ended: int = 0


def sweep_actions(*, now: datetime) -> SweepResult:
    """Flag what owners are late with, count the rounds that are over, and end plans of those who left.

    Each row has its own transaction; what was done once is not due again, so several workers may sweep.
    """
    actions = sweep_each(
        _due(now), lambda session, action_id: _sweep(session, action_id, now), nothing=SweepResult()
    )
    plans = sweep_each(
        _left(now),
        lambda session, plan_id: SweepResult(plans_ended=int(end_where_left(session, plan_id, now=now))),
        nothing=SweepResult(),
    )
    return actions + plans


def _due(now: datetime) -> CompoundSelect[uuid.UUID]:
    return union(
        select(CorrectiveAction.id).where(_is_late(now)),
        select(CorrectiveAction.id).where(_round_is_over(now)),
    )


def _sweep(session: Session, action_id: uuid.UUID, now: datetime) -> SweepResult:
    """Do what is due at one action, unless somebody else holds its lock."""
    action = session.scalars(
        select(CorrectiveAction)
        .where(CorrectiveAction.id == action_id, or_(_is_late(now), _round_is_over(now)))
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if action is None:
        return SweepResult()
    if action.state is ActionState.REPORTED:
        return SweepResult(rounds_ended=1, reopened=int(end_round(session, action, now=now)))
    action.overdue_at = now
    payload = {"state": action.state.value, "due_on": action.due_on.isoformat()}
    record_action(session, action, verb="overdue", actor=None, payload=payload, now=now)
    return SweepResult(overdue=1)


def _is_late(now: datetime) -> ColumnElement[bool]:
    return and_(
        CorrectiveAction.state.in_(WORKED_ON),
        CorrectiveAction.due_on < day_of(now),
        CorrectiveAction.overdue_at.is_(None),
    )


def _round_is_over(now: datetime) -> ColumnElement[bool]:
    return and_(
        CorrectiveAction.state == ActionState.REPORTED,
        CorrectiveAction.recheck_until < now,
        CorrectiveAction.counted_round < CorrectiveAction.round,
    )


def _left(now: datetime) -> Select[uuid.UUID]:
    return (
        select(SupportPlan.id)
        .join(AppraisalSubject, SupportPlan.subject_id == AppraisalSubject.id)
        .join(Term, AppraisalSubject.term_id == Term.id)
        .where(
            SupportPlan.closed_at.is_(None),
            or_(Term.ended_on < day_of(now), Term.until < day_of(now)),
        )
    )
