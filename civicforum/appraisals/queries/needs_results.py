"""What waits for somebody in results: one's own grade to read, and objections to answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.models import AppraisalObjection, AppraisalSubject, Cycle
from civicforum.appraisals.queries.needs import is_graded
from civicforum.appraisals.rules import CycleState
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import Need, NeedKind
from civicforum.inbox.waiting import HERE, ME, has_rows, values_of

MOST = 20


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the results that the actor was told of, and the objections that wait: at most two statements."""
    values = values_of(actor, now)
    needs = _own_grades(session.execute(_told(), values), now)
    if actor.holds(Role.SUPERVISOR):
        needs += [
            Need(NeedKind.ANSWER_OBJECTION, title, "appraisals.objections", {"cycle_id": cycle_id}, due_at)
            for cycle_id, title, due_at in session.execute(_objections(), values)
        ]
    return needs


def may_need(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that such an actor was ever told of a result, or that objections wait."""
    told: ColumnElement[bool] = has_rows(_told())
    return told | has_rows(_objections()) if actor.holds(Role.SUPERVISOR) else told


def _own_grades(rows: Iterable[Any], now: datetime) -> list[Need]:
    found = []
    for row in rows:
        until = law.objections_until(rulebook.load(row.profile), row.result_posted_at)
        if now <= until:
            arguments = {"cycle_id": row.id}
            found.append(Need(NeedKind.READ_GRADE, row.title, "appraisals.results", arguments, until))
    return found


@cache
def _told() -> Select[*tuple[Any, ...]]:
    """Select the cycles of whose result the actor was told."""
    return (
        select(Cycle.id, Cycle.title, Cycle.profile, Cycle.result_posted_at)
        .join(AppraisalSubject, AppraisalSubject.cycle_id == Cycle.id)
        .where(
            AppraisalSubject.person_id == ME,
            AppraisalSubject.community_id == HERE,
            AppraisalSubject.result_told_at.is_not(None),
            Cycle.result_posted_at.is_not(None),
        )
        .order_by(Cycle.result_posted_at.desc(), Cycle.id)
        .limit(MOST)
    )


@cache
def _objections() -> Select[*tuple[Any, ...]]:
    """Select the cycles with objections that the actor may answer, by the first that is due."""
    return (
        select(Cycle.id, Cycle.title, func.min(AppraisalObjection.due_at).label("due_at"))
        .join(AppraisalObjection, AppraisalObjection.cycle_id == Cycle.id)
        .where(
            Cycle.community_id == HERE,
            Cycle.state.in_((CycleState.COUNTED, CycleState.CERTIFIED)),
            AppraisalObjection.answered_at.is_(None),
            AppraisalObjection.filed_by_id != ME,
            ~is_graded(),
        )
        .group_by(Cycle.id, Cycle.title)
        .order_by("due_at", Cycle.id)
        .limit(MOST)
    )
