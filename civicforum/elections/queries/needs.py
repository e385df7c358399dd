"""What waits for somebody in elections: to say that they take part, or to run one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Post, Term
from civicforum.bodies.queries import is_running as term_runs
from civicforum.bodies.rules import Role
from civicforum.elections.calendar import Milestone
from civicforum.elections.models import Election, Registration, Step
from civicforum.elections.rules import Stage, Way, may_plan
from civicforum.inbox.rules import Need, NeedKind
from civicforum.people.models import Person
from civicforum.people.rules import latest_birth_of_adult
from civicforum.rulebook.days import day_ends, day_of

MOST = 20
OVER = (Stage.CLOSED, Stage.VOID)


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the elections that wait for the actor to state that they take part, or to be run."""
    return [*_to_register(session, actor, now), *(_to_run(session, actor, now) if may_plan(actor) else [])]


def _to_register(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return where registration runs that an adult has said nothing to yet."""
    stated = exists().where(
        Registration.election_id == Election.id, Registration.person_id == actor.person_id
    )
    is_adult = exists().where(
        Person.id == actor.person_id, Person.born_on <= latest_birth_of_adult(day_of(now))
    )
    rows = session.execute(
        select(Election.id, Election.title, Step.planned_on)
        .join(Step, and_(Step.election_id == Election.id, Step.milestone == Milestone.REGISTRATION_CLOSES))
        .where(
            Election.community_id == actor.community_id,
            Election.stage == Stage.REGISTRATION,
            Election.way != Way.REPRESENTATIVES,
            ~stated,
            is_adult,
        )
        .order_by(Step.planned_on, Election.id)
        .limit(MOST)
    )
    return [
        Need(
            NeedKind.REGISTER,
            row.title,
            "elections.register",
            {"election_id": row.id},
            day_ends(row.planned_on),
        )
        for row in rows
    ]


def _to_run(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the elections that the actor plans or presides over, with their next date."""
    presides = exists().where(
        Post.body_id == Election.presiding_id,
        Term.post_id == Post.id,
        Term.person_id == actor.person_id,
        term_runs(day_of(now)),
    )
    due = (
        select(func.min(Step.planned_on))
        .where(Step.election_id == Election.id, Step.done_at.is_(None))
        .scalar_subquery()
    )
    mine = or_(presides, Election.presiding_id.is_(None)) if actor.has(Role.COMMITTEE) else presides
    rows = session.execute(
        select(Election.id, Election.title, due.label("due"))
        .where(Election.community_id == actor.community_id, Election.stage.not_in(OVER), mine)
        .order_by(Election.opens_at, Election.id)
        .limit(MOST)
    )
    return [
        Need(
            NeedKind.RUN_ELECTION,
            row.title,
            "elections.manage",
            {"election_id": row.id},
            day_ends(row.due) if row.due else None,
        )
        for row in rows
    ]
