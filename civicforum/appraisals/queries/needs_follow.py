"""What waits for somebody after grades: actions to plan, report or close, and what a cycle leads to."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select, union_all
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
from civicforum.bodies.models import Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import Need, NeedKind
from civicforum.rulebook.days import day_ends, day_of

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
    needs = _of_actions(session, actor, now)
    if actor.has(Role.SUPERVISOR):
        needs += _of_cycles(session, actor)
    return needs


def _of_actions(session: Session, actor: Actor, now: datetime) -> list[Need]:
    held = (
        select(Post.body_id)
        .join(Term, Term.post_id == Post.id)
        .where(Term.person_id == actor.person_id, is_running(day_of(now)))
    )
    mine = or_(CorrectiveAction.owner_person_id == actor.person_id, CorrectiveAction.owner_id.in_(held))
    waits: ColumnElement[bool] = and_(mine, CorrectiveAction.state.in_(WORKED_ON))
    if actor.has(Role.SUPERVISOR):
        waits |= and_(
            ~CorrectiveAction.owner_id.in_(held),
            CorrectiveAction.state == ActionState.REPORTED,
            CorrectiveAction.counted_round == CorrectiveAction.round,
        )
    rows = session.execute(
        select(CorrectiveAction.id, CorrectiveAction.title, CorrectiveAction.state, CorrectiveAction.due_on)
        .where(CorrectiveAction.community_id == actor.community_id, waits)
        .order_by(CorrectiveAction.due_on, CorrectiveAction.id)
        .limit(MOST)
    )
    return [_need(*row) for row in rows]


def _need(action_id: uuid.UUID, title: str, state: ActionState, due_on: date) -> Need:
    kind, endpoint = KINDS[state]
    due_at = None if state is ActionState.REPORTED else day_ends(due_on)
    return Need(kind, title, endpoint, {"action_id": action_id}, due_at=due_at)


def _of_cycles(session: Session, actor: Actor) -> list[Need]:
    """Return the certified cycles with something to settle or to answer, but none in which one is graded."""
    waiting = union_all(
        select(AppraisalSubject.cycle_id)
        .join(Consequence, Consequence.subject_id == AppraisalSubject.id)
        .where(Consequence.community_id == actor.community_id, Consequence.settled_at.is_(None)),
        select(Criticism.cycle_id).where(Criticism.community_id == actor.community_id, is_unanswered()),
    )
    own = select(AppraisalSubject.cycle_id).where(AppraisalSubject.person_id == actor.person_id)
    rows = session.execute(
        select(Cycle.id, Cycle.title)
        .where(Cycle.id.in_(waiting), Cycle.state == CycleState.CERTIFIED, Cycle.id.not_in(own))
        .order_by(Cycle.held_on, Cycle.id)
        .limit(MOST)
    )
    return [
        Need(NeedKind.FOLLOW_UP_GRADES, title, "appraisals.follow", {"cycle_id": cycle_id})
        for cycle_id, title in rows
    ]
