"""What waits for somebody in elections: to say that they take part, or to run one."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Post, Term
from civicforum.bodies.queries import is_running as term_runs
from civicforum.bodies.rules import Role
from civicforum.elections.calendar import Milestone
from civicforum.elections.models import Election, Registration, Step
from civicforum.elections.rules import Stage, Way, may_plan
from civicforum.inbox.rules import Need, NeedKind
from civicforum.inbox.waiting import HERE, ME, TODAY, has_rows, is_adult, values_of
from civicforum.rulebook.days import day_ends

MOST = 20
OVER = (Stage.CLOSED, Stage.VOID)


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the elections that wait for the actor to state that they take part, or to be run."""
    values = values_of(actor, now)
    needs = [
        _need(NeedKind.REGISTER, "elections.register", *row)
        for row in session.execute(_to_register(), values)
    ]
    if may_plan(actor):
        rows = session.execute(_to_run(actor.has(Role.COMMITTEE)), values)
        needs += [_need(NeedKind.RUN_ELECTION, "elections.manage", *row) for row in rows]
    return needs


def may_need(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that an election waits for such an actor."""
    found: ColumnElement[bool] = has_rows(_to_register())
    return found | has_rows(_to_run(actor.has(Role.COMMITTEE))) if may_plan(actor) else found


def _need(kind: NeedKind, endpoint: str, election_id: uuid.UUID, title: str, due_on: date | None) -> Need:
    return Need(kind, title, endpoint, {"election_id": election_id}, day_ends(due_on) if due_on else None)


@cache
def _to_register() -> Select[uuid.UUID, str, date]:
    """Select where registration runs that an adult has said nothing to yet."""
    stated = exists().where(Registration.election_id == Election.id, Registration.person_id == ME)
    return (
        select(Election.id, Election.title, Step.planned_on)
        .join(Step, and_(Step.election_id == Election.id, Step.milestone == Milestone.REGISTRATION_CLOSES))
        .where(
            Election.community_id == HERE,
            Election.stage == Stage.REGISTRATION,
            Election.way != Way.REPRESENTATIVES,
            ~stated,
            is_adult(),
        )
        .order_by(Step.planned_on, Election.id)
        .limit(MOST)
    )


@cache
def _to_run(is_committee: bool) -> Select[uuid.UUID, str, date | None]:
    """Select the elections that the actor plans or presides over, with their next date."""
    presides = exists().where(
        Post.body_id == Election.presiding_id,
        Term.post_id == Post.id,
        Term.person_id == ME,
        term_runs(TODAY),
    )
    due = (
        select(func.min(Step.planned_on))
        .where(Step.election_id == Election.id, Step.done_at.is_(None))
        .scalar_subquery()
    )
    mine = or_(presides, Election.presiding_id.is_(None)) if is_committee else presides
    return (
        select(Election.id, Election.title, due.label("due"))
        .where(Election.community_id == HERE, Election.stage.not_in(OVER), mine)
        .order_by(Election.opens_at, Election.id)
        .limit(MOST)
    )
