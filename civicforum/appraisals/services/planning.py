"""Planning a cycle, and changing the plan until it is posted."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.errors import TooSoon
from civicforum.appraisals.models import Cycle
from civicforum.appraisals.plans import Plan, check_plan
from civicforum.appraisals.queries.history import list_last_days
from civicforum.appraisals.rules import CycleState, check_lead
from civicforum.appraisals.services.plan_rows import ids_named, write_plan
from civicforum.appraisals.services.steps import lock_to_lead, record_cycle, require_state, rules_of
from civicforum.bodies.models import Body, Term
from civicforum.database import transaction
from civicforum.departments.models import Department
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingForm, MeetingState
from civicforum.people.models import Person
from civicforum.people.services import lock_register
from civicforum.polls.electorates import draw_from_json, fault_of_draw
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of


def plan_cycle(*, cycle_id: uuid.UUID, plan: Plan, actor: Actor, now: datetime) -> None:
    """Plan a cycle under the rules in force today. It stays a draft of the supervision committee.

    Raises NotEligible (not of the supervision committee, or graded in it), AlreadyDone (a second click),
    NotFound (a row of another community), TooSoon, and what plans.check_plan raises.
    """
    with transaction() as session:
        check_lead(actor, [one.person_id for one in plan.subjects])
        # First: of two clicks at once the second finds what the first has planned.
        community = lock_register(session, actor.community_id)
        if session.get(Cycle, cycle_id) is not None:
            raise AlreadyDone(cycle_id)
        book = rulebook.load(community.profile)
        cycle = Cycle(
            id=cycle_id,
            community_id=community.id,
            profile=book.name,
            profile_version=book.version,
            made_by_id=actor.person_id,
            made_at=now,
        )
        check_whole(session, book, cycle, plan, today=day_of(now))
        write_plan(session, cycle, plan, book)
        payload = {"kind": plan.kind.value, "held_on": plan.held_on.isoformat()}
        record_cycle(session, cycle, action="plan", actor=actor, payload=payload, now=now, is_public=False)


def edit_plan(*, cycle_id: uuid.UUID, plan: Plan, actor: Actor, now: datetime) -> None:
    """Change a draft; its kind stays. After the posting nothing of it changes any more.

    Raises as `plan_cycle` does, and TransitionNotAllowed (posted already).
    """
    with transaction() as session:
        cycle = lock_to_lead(session, cycle_id=cycle_id, actor=actor)
        require_state(cycle, CycleState.DRAFT)
        check_lead(actor, [one.person_id for one in plan.subjects])
        if plan.kind is not cycle.kind:
            raise Invalid("kind", "kind")
        book = rules_of(cycle)
        check_whole(session, book, cycle, plan, today=day_of(now))
        write_plan(session, cycle, plan, book)
        record_cycle(session, cycle, action="edit_plan", actor=actor, now=now, is_public=False)


def check_whole(session: Session, book: Rulebook, cycle: Cycle, plan: Plan, *, today: date) -> None:
    """Refuse a plan that is wrong in itself, names what is not here, or comes too soon after another.

    Raises as `plan_cycle` does.
    """
    check_plan(book, plan, today=today)
    _check_draws(book, plan)
    _check_rows(session, cycle.community_id, plan)
    _check_meeting(session, cycle.community_id, plan)
    if plan.keeps_distance:
        check_distance(session, book, cycle, plan)


def check_distance(session: Session, book: Rulebook, cycle: Cycle, plan: Plan) -> None:
    """Raise TooSoon where somebody is graded in another cycle too short a time before or after."""
    days = list_last_days(session, people=ids_named(plan, "person_id"), apart_from=cycle.id)
    for one in plan.subjects:
        for other in days.get(one.person_id, ()) if one.person_id else ():
            first, then = sorted((other, plan.held_on))
            verdict = law.judge_distance(book, first, then)
            if not verdict.holds:
                raise TooSoon(one.name, other, verdict)


def _check_draws(book: Rulebook, plan: Plan) -> None:
    """Refuse a roll that nobody can be drawn for; one that is not described yet is a gap of the draft."""
    for group in plan.groups:
        if group.draw and fault_of_draw(draw_from_json(group.draw), is_statutory=False, book=book):
            raise Invalid("draw", "groups")


def _check_rows(session: Session, community_id: uuid.UUID, plan: Plan) -> None:
    """Raise NotFound where a subject is no row of this community."""
    columns: dict[str, tuple[Any, Any]] = {
        "person_id": (Person.id, Person.community_id),
        "term_id": (Term.id, Term.community_id),
        "body_id": (Body.id, Body.community_id),
        "department_id": (Department.id, Department.community_id),
    }
    for name, (key, community) in columns.items():
        wanted = ids_named(plan, name)
        count = select(func.count(key)).where(key.in_(wanted), community == community_id)
        if wanted and session.scalar(count) != len(wanted):
            raise NotFound(name)


def _check_meeting(session: Session, community_id: uuid.UUID, plan: Plan) -> None:
    """Refuse a meeting that is no planned session of the representative assembly on the plan's day."""
    if plan.meeting_id is None:
        return
    meeting = session.get(Meeting, plan.meeting_id)
    if meeting is None or meeting.community_id != community_id:
        raise NotFound(plan.meeting_id)
    if meeting.form is not MeetingForm.REPRESENTATIVE_ASSEMBLY or meeting.state is not MeetingState.PLANNED:
        raise Invalid("meeting", "meeting")
    if day_of(meeting.starts_at) != plan.held_on:
        raise Invalid("meeting_day", "held_on")
