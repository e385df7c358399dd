"""What waits for somebody after grades: actions to plan, report or close, and what a cycle leads to."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, or_, select, union_all
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.actions import WORKED_ON
from civicforum.appraisals.models import (
    AppraisalSubject,
    Consequence,
    CorrectiveAction,
    Criticism,
    Cycle,
)
from civicforum.appraisals.queries.actions import is_unanswered
from civicforum.appraisals.rules import ActionState, CycleState
from civicforum.bodies.queries import select_bodies_of_posts
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import Need, NeedKind
from civicforum.inbox.waiting import HERE, ME, TODAY, has_rows, values_of
from civicforum.rulebook.days import day_ends

MOST = 20
KINDS = {
    ActionState.OPEN: (NeedKind.PLAN_ACTION, "appraisals.plan_action"),
    ActionState.PLANNED: (NeedKind.REPORT_ACTION, "appraisals.report_action"),
    ActionState.REPORTED: (NeedKind.CLOSE_ACTION, "appraisals.action"),
}


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what waits for owners of actions, and for the supervision committee; at most two statements."""
    if actor.assisted_by is not None:
        return []
    values, supervises = values_of(actor, now), actor.has(Role.SUPERVISOR)
    needs = [_need(*row) for row in session.execute(_actions(supervises), values)]
    if supervises:
        needs += [
            Need(NeedKind.FOLLOW_UP_GRADES, title, "appraisals.follow", {"cycle_id": cycle_id})
            for cycle_id, title in session.execute(_cycles(), values)
        ]
    return needs


def may_need(actor: Actor) -> ColumnElement[bool] | None:
    """Return the condition that something waits after grades; None where nothing ever does."""
    if actor.assisted_by is not None:
        return None
    supervises = actor.has(Role.SUPERVISOR)
    actions: ColumnElement[bool] = has_rows(_actions(supervises))
    return actions | has_rows(_cycles()) if supervises else actions


@cache
def _actions(supervises: bool) -> Select[uuid.UUID, str, ActionState, date]:
    held = select_bodies_of_posts(ME, TODAY)
    mine = or_(CorrectiveAction.owner_person_id == ME, CorrectiveAction.owner_id.in_(held))
    waits: ColumnElement[bool] = and_(mine, CorrectiveAction.state.in_(WORKED_ON))
    if supervises:
        waits |= and_(
            ~CorrectiveAction.owner_id.in_(held),
            CorrectiveAction.state == ActionState.REPORTED,
            CorrectiveAction.counted_round == CorrectiveAction.round,
        )
    return (
        select(CorrectiveAction.id, CorrectiveAction.title, CorrectiveAction.state, CorrectiveAction.due_on)
        .where(CorrectiveAction.community_id == HERE, waits)
        .order_by(CorrectiveAction.due_on, CorrectiveAction.id)
        .limit(MOST)
    )


def _need(action_id: uuid.UUID, title: str, state: ActionState, due_on: date) -> Need:
    kind, endpoint = KINDS[state]
    due_at = None if state is ActionState.REPORTED else day_ends(due_on)
    return Need(kind, title, endpoint, {"action_id": action_id}, due_at=due_at)


@cache
def _cycles() -> Select[uuid.UUID, str]:
    """Select the certified cycles with something to settle or to answer, but none in which one is graded."""
    waiting = union_all(
        select(AppraisalSubject.cycle_id)
        .join(Consequence, Consequence.subject_id == AppraisalSubject.id)
        .where(Consequence.community_id == HERE, Consequence.settled_at.is_(None)),
        select(Criticism.cycle_id).where(Criticism.community_id == HERE, is_unanswered()),
    )
    own = select(AppraisalSubject.cycle_id).where(AppraisalSubject.person_id == ME)
    return (
        select(Cycle.id, Cycle.title)
        .where(Cycle.id.in_(waiting), Cycle.state == CycleState.CERTIFIED, Cycle.id.not_in(own))
        .order_by(Cycle.held_on, Cycle.id)
        .limit(MOST)
    )
