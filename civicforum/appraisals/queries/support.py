"""Reads of support plans: the list, one of them, who can help, and which appraisal can end one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.appraisals.models import AppraisalSubject, Cycle, SupportPlan
from civicforum.appraisals.rules import CycleState
from civicforum.bodies.queries import list_members
from civicforum.bodies.rules import BodyKind
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.people.models import Person

# Somebody who knows the work: of the two committees, the station and the supervision committee.
HELPERS = (
    BodyKind.PARTY_COMMITTEE,
    BodyKind.RESIDENTS_COMMITTEE,
    BodyKind.SERVICE_STATION,
    BodyKind.SUPERVISION_COMMITTEE,
)


def list_plans(session: Session, *, community_id: uuid.UUID, number: int) -> Page[SupportPlan]:
    """Return a page of plans: those under way first, then the latest."""
    statement = (
        select(SupportPlan)
        .options(joinedload(SupportPlan.subject).joinedload(AppraisalSubject.cycle))
        .where(SupportPlan.community_id == community_id)
        .order_by(SupportPlan.closed_at.is_not(None), SupportPlan.opened_at.desc(), SupportPlan.id)
    )
    return paginate(session, statement, number=number)


def get_plan(session: Session, *, plan_id: uuid.UUID, community_id: uuid.UUID) -> SupportPlan:
    """Return a plan with its people, its result, and the appraisal that ends it. Raises NotFound."""
    plan = session.scalars(
        select(SupportPlan)
        .options(
            joinedload(SupportPlan.person),
            joinedload(SupportPlan.helper),
            joinedload(SupportPlan.subject).joinedload(AppraisalSubject.cycle),
            joinedload(SupportPlan.again).options(
                joinedload(AppraisalSubject.cycle), joinedload(AppraisalSubject.result)
            ),
        )
        .where(SupportPlan.id == plan_id, SupportPlan.community_id == community_id)
    ).one_or_none()
    if plan is None:
        raise NotFound(plan_id)
    return plan


def list_helpers(
    session: Session, *, community_id: uuid.UUID, person_id: uuid.UUID, day: date
) -> list[Person]:
    """Return who can help this person: those who hold a post on `day`."""
    people = list_members(session, community_id=community_id, kinds=HELPERS, day=day)
    return [person for person in people if person.id != person_id]


def list_again(session: Session, plan: SupportPlan) -> Sequence[AppraisalSubject]:
    """Return the later appraisals of the same person that have no result yet, the next first."""
    return session.scalars(
        select(AppraisalSubject)
        .join(Cycle, AppraisalSubject.cycle_id == Cycle.id)
        .options(joinedload(AppraisalSubject.cycle))
        .where(
            AppraisalSubject.person_id == plan.person_id,
            AppraisalSubject.community_id == plan.community_id,
            Cycle.held_on > plan.subject.cycle.held_on,
            Cycle.state.not_in((CycleState.VOID, CycleState.CERTIFIED)),
        )
        .order_by(Cycle.held_on, Cycle.id)
    ).all()
