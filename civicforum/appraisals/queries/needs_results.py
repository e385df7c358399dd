"""What waits for somebody in results: one's own grade to read, and objections to answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.models import AppraisalObjection, AppraisalSubject, Cycle
from civicforum.appraisals.queries.needs import is_graded
from civicforum.appraisals.rules import CycleState
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import Need, NeedKind

MOST = 20


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the results that the actor was told of, and the objections that wait: at most two statements."""
    needs = _own_grades(session, actor, now)
    if actor.holds(Role.SUPERVISOR):
        needs += _objections(session, actor)
    return needs


def _own_grades(session: Session, actor: Actor, now: datetime) -> list[Need]:
    rows = session.execute(
        select(Cycle.id, Cycle.title, Cycle.profile, Cycle.result_posted_at)
        .join(AppraisalSubject, AppraisalSubject.cycle_id == Cycle.id)
        .where(
            AppraisalSubject.person_id == actor.person_id,
            AppraisalSubject.community_id == actor.community_id,
            AppraisalSubject.result_told_at.is_not(None),
            Cycle.result_posted_at.is_not(None),
        )
        .order_by(Cycle.result_posted_at.desc(), Cycle.id)
        .limit(MOST)
    )
    found = []
    for row in rows:
        until = law.objections_until(rulebook.load(row.profile), row.result_posted_at)
        if now <= until:
            arguments = {"cycle_id": row.id}
            found.append(Need(NeedKind.READ_GRADE, row.title, "appraisals.results", arguments, until))
    return found


def _objections(session: Session, actor: Actor) -> list[Need]:
    """Return the cycles with objections that the actor may answer, by the first that is due."""
    rows = session.execute(
        select(Cycle.id, Cycle.title, func.min(AppraisalObjection.due_at).label("due_at"))
        .join(AppraisalObjection, AppraisalObjection.cycle_id == Cycle.id)
        .where(
            Cycle.community_id == actor.community_id,
            Cycle.state.in_((CycleState.COUNTED, CycleState.CERTIFIED)),
            AppraisalObjection.answered_at.is_(None),
            AppraisalObjection.filed_by_id != actor.person_id,
            ~is_graded(actor),
        )
        .group_by(Cycle.id, Cycle.title)
        .order_by("due_at", Cycle.id)
        .limit(MOST)
    )
    return [
        Need(NeedKind.ANSWER_OBJECTION, row.title, "appraisals.objections", {"cycle_id": row.id}, row.due_at)
        for row in rows
    ]
