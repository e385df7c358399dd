"""Support plans: help for somebody with a poor grade, until a re-appraisal has a result."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.follow_documents import trigger_of
from civicforum.appraisals.models import AppraisalSubject, Cycle, SupportPlan
from civicforum.appraisals.rules import CycleState, PlanOutcome
from civicforum.appraisals.services.steps import lock_cycle, record_cycle, require_state
from civicforum.appraisals.support import LONGEST_MEASURES, has_left, may_open, outcome_of
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.people.models import Person
from civicforum.rulebook.days import day_of


@dataclass(frozen=True, kw_only=True)
class Help:
    """Who helps, with what, and until when."""

    helper_id: uuid.UUID
    measures: str
    until_on: date


def open_plan(*, subject_id: uuid.UUID, given: Help, actor: Actor, now: datetime) -> uuid.UUID:
    """Open a plan for a person whose certified grade is poor; return its id.

    Raises NotFound, NotEligible (neither party nor supervision committee, or oneself), TransitionNotAllowed
    (not certified), AlreadyDone, Invalid ("not_poor", "helper", "measures" or "until_on").
    """
    with transaction() as session:
        subject = session.get(AppraisalSubject, subject_id)
        if subject is None or subject.person_id is None:
            raise NotFound(subject_id)
        cycle = lock_cycle(session, cycle_id=subject.cycle_id, community_id=actor.community_id)
        if not may_open(actor, subject.person_id):
            raise NotEligible(actor.person_id)
        require_state(cycle, CycleState.CERTIFIED)
        if subject.result is None or not subject.result.is_poor:
            raise Invalid("not_poor")
        if session.scalar(select(SupportPlan.id).where(SupportPlan.subject_id == subject_id)) is not None:
            raise AlreadyDone(subject_id)
        plan = SupportPlan(
            id=uuid.uuid4(),
            community_id=cycle.community_id,
            subject_id=subject_id,
            person_id=subject.person_id,
            helper_id=_helper(session, given.helper_id, subject.person_id, actor, now),
            trigger=trigger_of(subject),
            measures=_measures(given.measures),
            until_on=_later(given.until_on, now),
            opened_at=now,
            opened_by_id=actor.person_id,
        )
        session.add(plan)
        payload = {"name": subject.name, "until_on": given.until_on.isoformat()}
        record_cycle(session, cycle, action="open_support", actor=actor, payload=payload, now=now)
        return plan.id


def link_again(*, plan_id: uuid.UUID, again_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Say which later appraisal of the same person ends the plan; before a result it can be another.

    Raises NotFound, NotEligible, AlreadyDone (the plan is over), Invalid ("again": not the same person, not
    later, void or certified already).
    """
    with transaction() as session:
        plan, cycle = _lock(session, plan_id, actor)
        link_locked(session, plan, again_id)
        payload = {"name": plan.subject.name}
        record_cycle(session, cycle, action="link_support", actor=actor, payload=payload, now=now)


def link_locked(session: Session, plan: SupportPlan, again_id: uuid.UUID) -> None:
    """Link a plan whose cycle is locked with the subject of its re-appraisal. Raises Invalid ("again")."""
    again = session.get(AppraisalSubject, again_id)
    if again is None or again.person_id != plan.person_id or again.community_id != plan.community_id:
        raise Invalid("again", "again")
    is_later = again.cycle.held_on > plan.subject.cycle.held_on
    if not is_later or again.cycle.state in (CycleState.VOID, CycleState.CERTIFIED):
        raise Invalid("again", "again")
    plan.again_id = again_id


def end_by_result(session: Session, cycle: Cycle, *, now: datetime) -> None:
    """End the plans that wait for this cycle, which is certified in this use case."""
    ids = [one.id for one in cycle.subjects]
    waiting = select(SupportPlan).where(SupportPlan.again_id.in_(ids), SupportPlan.closed_at.is_(None))
    for plan in session.scalars(waiting.with_for_update(of=SupportPlan)):
        result = plan.again.result if plan.again else None
        if result is not None:
            plan.outcome, plan.closed_at = outcome_of(result.grade, is_poor=result.is_poor), now


def end_of_post(session: Session, *, term_id: uuid.UUID, now: datetime) -> None:
    """End the plans of somebody whose post, in which they were graded, has ended in this use case."""
    waiting = (
        select(SupportPlan)
        .join(AppraisalSubject, SupportPlan.subject_id == AppraisalSubject.id)
        .where(AppraisalSubject.term_id == term_id, SupportPlan.closed_at.is_(None))
    )
    for plan in session.scalars(waiting.with_for_update(of=SupportPlan)):
        plan.outcome, plan.closed_at = PlanOutcome.LEFT_POST, now


def end_where_left(session: Session, plan_id: uuid.UUID, *, now: datetime) -> bool:
    """End one plan whose person holds the post no more; return whether it was one."""
    plan = session.scalars(
        select(SupportPlan)
        .where(SupportPlan.id == plan_id, SupportPlan.closed_at.is_(None))
        .with_for_update(skip_locked=True, key_share=True, of=SupportPlan)
    ).one_or_none()
    term = plan.subject.term if plan is not None else None
    if plan is None or term is None or not has_left(term.ended_on, term.until, day_of(now)):
        return False
    plan.outcome, plan.closed_at = PlanOutcome.LEFT_POST, now
    payload = {"name": plan.subject.name, "outcome": PlanOutcome.LEFT_POST.value}
    record_cycle(session, plan.subject.cycle, action="end_support", actor=None, payload=payload, now=now)
    return True


def _lock(session: Session, plan_id: uuid.UUID, actor: Actor) -> tuple[SupportPlan, Cycle]:
    plan = session.get(SupportPlan, plan_id)
    if plan is None:
        raise NotFound(plan_id)
    cycle = lock_cycle(session, cycle_id=plan.subject.cycle_id, community_id=actor.community_id)
    session.refresh(plan)
    if not may_open(actor, plan.person_id):
        raise NotEligible(actor.person_id)
    if plan.closed_at is not None:
        raise AlreadyDone(plan_id)
    return plan, cycle


def _helper(
    session: Session, helper_id: uuid.UUID, person_id: uuid.UUID, actor: Actor, now: datetime
) -> uuid.UUID:
    helper = session.get(Person, helper_id)
    is_here = helper is not None and helper.community_id == actor.community_id
    has_gone = helper is not None and helper.left_on is not None and helper.left_on < day_of(now)
    if not is_here or has_gone or helper_id == person_id:
        raise Invalid("helper", "helper")
    return helper_id


def _measures(text: str) -> str:
    words = text.strip()
    if not words or len(words) > LONGEST_MEASURES:
        raise Invalid("measures", "measures")
    return words


def _later(day: date, now: datetime) -> date:
    if day <= day_of(now):
        raise Invalid("until_on", "until_on")
    return day
