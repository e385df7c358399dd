"""Reads of departments and opinions on them, for pages and for those who plan an appraisal.

No query loads who wrote an opinion: a page learns at most that it is the reader's own.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import AppraisalSubject, Cycle
from civicforum.appraisals.rules import CycleState
from civicforum.departments.models import Department, DepartmentOpinion
from civicforum.departments.rules import KEPT_BY, DepartmentKind, Replies
from civicforum.inbox.rules import Need, NeedKind
from civicforum.paging import Page, paginate
from civicforum.rows import get_row

MOST_NEEDS = 20
OUTCOMES = ("in_time", "late", "missing", "waiting", "hidden")


@dataclass(frozen=True)
class DepartmentLine:
    """A department with what became of the opinions on it."""

    department: Department
    replies: Replies


def list_working_here(
    session: Session, *, community_id: uuid.UUID, period_from: date, period_until: date
) -> Sequence[Department]:
    """Return who worked here on at least one day of a period: only they are appraised for it (row 2-15).

    By kind and name; firms have the kind PROVIDER.
    """
    return session.scalars(
        select(Department)
        .where(
            Department.community_id == community_id,
            Department.since <= period_until,
            Department.until.is_(None) | (Department.until >= period_from),
        )
        .order_by(_by_kind(), Department.name)
    ).all()


def list_departments(
    session: Session, *, community_id: uuid.UUID, today: date, now: datetime, number: int
) -> Page[DepartmentLine]:
    """Return a page of all departments, those that work here first. Three statements."""
    has_ended = Department.until.is_not(None) & (Department.until < today)
    statement = (
        select(Department)
        .where(Department.community_id == community_id)
        .order_by(has_ended, _by_kind(), Department.name)
    )
    page = paginate(session, statement, number=number)
    replies = count_replies(session, department_ids=[one.id for one in page.items], now=now)
    return page.map(lambda one: DepartmentLine(one, replies.get(one.id, Replies())))


def get_department(session: Session, *, department_id: uuid.UUID, community_id: uuid.UUID) -> Department:
    """Return one department. Raises NotFound, also for another community's."""
    return get_row(session, Department, department_id, community_id=community_id)


def get_opinion(session: Session, *, opinion_id: uuid.UUID, community_id: uuid.UUID) -> DepartmentOpinion:
    """Return one opinion with its department. Raises NotFound, also for another community's."""
    return get_row(
        session,
        DepartmentOpinion,
        opinion_id,
        community_id=community_id,
        options=[joinedload(DepartmentOpinion.department)],
    )


def count_replies(
    session: Session, *, department_ids: Sequence[uuid.UUID], now: datetime
) -> dict[uuid.UUID, Replies]:
    """Return what became of the opinions, by department; one without any is left out. One statement."""
    rows = session.execute(
        select(DepartmentOpinion.department_id, *_counts(now))
        .where(DepartmentOpinion.department_id.in_(department_ids))
        .group_by(DepartmentOpinion.department_id)
    )
    return {key: Replies(**dict(zip(OUTCOMES, counts, strict=True))) for key, *counts in rows}


def list_opinions(session: Session, *, department_id: uuid.UUID, number: int) -> Page[DepartmentOpinion]:
    """Return a page of the opinions on a department, the latest first."""
    statement = (
        select(DepartmentOpinion)
        .where(DepartmentOpinion.department_id == department_id)
        .order_by(DepartmentOpinion.number.desc())
    )
    return paginate(session, statement, number=number)


def list_own_opinions(
    session: Session, *, department_id: uuid.UUID, person_id: uuid.UUID
) -> Sequence[DepartmentOpinion]:
    """Return what somebody wrote about a department, the latest first; a hidden one too."""
    return session.scalars(
        select(DepartmentOpinion)
        .where(DepartmentOpinion.department_id == department_id, DepartmentOpinion.author_id == person_id)
        .order_by(DepartmentOpinion.number.desc())
    ).all()


def list_appraisals(session: Session, *, department_id: uuid.UUID) -> Sequence[AppraisalSubject]:
    """Return a department's part in every appraisal that was posted, the latest first, with its result."""
    return session.scalars(
        select(AppraisalSubject)
        .join(AppraisalSubject.cycle)
        .options(contains_eager(AppraisalSubject.cycle), joinedload(AppraisalSubject.result))
        .where(
            AppraisalSubject.department_id == department_id,
            Cycle.state.not_in([CycleState.DRAFT, CycleState.VOID]),
        )
        .order_by(Cycle.held_on.desc(), Cycle.id)
    ).all()


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the departments whose opinions wait for a reply, for the committee. One statement at most."""
    if not actor.holds(*KEPT_BY):
        return []
    first_due = func.min(DepartmentOpinion.due_at)
    rows = session.execute(
        select(Department.id, Department.name, first_due)
        .join(DepartmentOpinion, DepartmentOpinion.department_id == Department.id)
        .where(
            DepartmentOpinion.community_id == actor.community_id,
            DepartmentOpinion.replied_at.is_(None),
            DepartmentOpinion.hidden_at.is_(None),
        )
        .group_by(Department.id)
        .order_by(first_due, Department.name)
        .limit(MOST_NEEDS)
    )
    return [
        Need(NeedKind.PASS_ON_OPINIONS, name, "departments.show", {"department_id": key}, due_at=due_at)
        for key, name, due_at in rows
    ]


def _by_kind() -> ColumnElement[int]:
    return case({kind.value: place for place, kind in enumerate(DepartmentKind)}, value=Department.kind)


def _counts(now: datetime) -> list[ColumnElement[int]]:
    """Return columns that count opinions by what became of them, in the order of OUTCOMES."""
    opinion = DepartmentOpinion
    # What was hidden later than it was settled still counts: nobody mends a rate by hiding.
    is_hidden = and_(
        opinion.hidden_at.is_not(None), opinion.hidden_at <= func.least(opinion.replied_at, opinion.due_at)
    )
    is_open = and_(opinion.replied_at.is_(None), ~is_hidden)
    is_what = {
        "in_time": and_(~is_hidden, opinion.replied_at <= opinion.due_at),
        "late": and_(~is_hidden, opinion.replied_at > opinion.due_at),
        "missing": and_(is_open, opinion.due_at < now),
        "waiting": and_(is_open, opinion.due_at >= now),
        "hidden": is_hidden,
    }
    return [func.count().filter(is_what[outcome]) for outcome in OUTCOMES]
