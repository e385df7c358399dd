"""Posting a plan, after which nothing of it changes; and declaring a cycle void."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.documents import notice_of_plan, notice_of_void
from civicforum.appraisals.errors import PlanIncomplete
from civicforum.appraisals.models import Cycle, DutyReport, RaterGroup
from civicforum.appraisals.plans import gaps_of
from civicforum.appraisals.queries.showing import names_of_rolls
from civicforum.appraisals.rules import CycleState, move
from civicforum.appraisals.services.plan_rows import read_plan
from civicforum.appraisals.services.planning import check_whole
from civicforum.appraisals.services.steps import lock_to_lead, post_document, record_cycle, rules_of
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.rules import Appointed, BodyKind
from civicforum.database import transaction
from civicforum.elections.law import require
from civicforum.errors import Invalid
from civicforum.meetings.services.agendas import append_topic
from civicforum.meetings.services.steps import lock_meeting
from civicforum.people.models import Community
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState
from civicforum.polls.services.states import make_void
from civicforum.rulebook.days import day_ends, day_of, day_starts

LONGEST_GROUND = 300
AGENDA_TITLE = "听取述职并进行民主评议：{title}"
# What a report with its questions takes on the agenda, as a first guess.
MINUTES_EACH = 10


def post_plan(*, cycle_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Post the plan on the notice board and tell everybody who is graded; reports are due from now on.

    Raises NotFound, NotEligible, TransitionNotAllowed, PlanIncomplete, RuleRefused (posted too late), and
    what planning.check_whole raises.
    """
    with transaction() as session:
        cycle = lock_to_lead(session, cycle_id=cycle_id, actor=actor)
        state = move(cycle.state, CycleState.POSTED)
        plan, book = read_plan(cycle), rules_of(cycle)
        if gaps := gaps_of(plan):
            raise PlanIncomplete(gaps)
        check_whole(session, book, cycle, plan, today=day_of(now))
        require(law.judge_plan_notice(book, now, day_starts(plan.held_on)))
        cycle.state, cycle.posted_at = state, now
        _tell(session, cycle, now)
        _put_on_agenda(session, cycle, actor)
        session.add_all(
            DutyReport(community_id=cycle.community_id, subject_id=one.id, due_at=report_due_at(cycle))
            for one in cycle.subjects
            if one.needs_report
        )
        community = session.get_one(Community, cycle.community_id)
        post_document(
            session,
            cycle,
            notice_of_plan(cycle, book, community.name, names_of_rolls(session, cycle)),
            actor=actor,
            now=now,
        )
        payload = {"held_on": cycle.held_on.isoformat(), "subjects": len(cycle.subjects)}
        record_cycle(session, cycle, action="post", actor=actor, payload=payload, now=now)


def report_due_at(cycle: Cycle) -> datetime:
    """Return the last instant for the reports of a cycle: the rule's, or an earlier day of the plan."""
    latest = law.report_due_at(rules_of(cycle), cycle.held_on)
    return min(latest, day_ends(cycle.reports_due_on)) if cycle.reports_due_on else latest


def void_cycle(*, cycle_id: uuid.UUID, ground: str, actor: Actor, now: datetime) -> None:
    """Declare that a cycle does not count, before its result is certified; its boxes fall with it.

    What was posted stays visible, with the ground. Raises NotFound, NotEligible, TransitionNotAllowed
    (certified, or void already), Invalid ("ground").
    """
    with transaction() as session:
        cycle = lock_to_lead(session, cycle_id=cycle_id, actor=actor)
        before, state = cycle.state, move(cycle.state, CycleState.VOID)
        if not 0 < len(ground.strip()) <= LONGEST_GROUND:
            raise Invalid("ground", "ground")
        cycle.state, cycle.void_ground = state, ground.strip()
        void_polls(session, cycle)
        was_posted = before is not CycleState.DRAFT
        if was_posted:
            post_document(session, cycle, notice_of_void(cycle), actor=actor, now=now)
        record_cycle(
            session,
            cycle,
            action="void",
            actor=actor,
            payload={"from": before.value},
            reason=cycle.void_ground,
            now=now,
            is_public=was_posted,
        )


def _put_on_agenda(session: Session, cycle: Cycle, actor: Actor) -> None:
    """Let the assembly that hears and grades find it on its agenda."""
    if cycle.meeting_id is None:
        return
    meeting = lock_meeting(session, meeting_id=cycle.meeting_id, actor=actor)
    minutes = MINUTES_EACH * len(cycle.subjects)
    append_topic(session, meeting, title=AGENDA_TITLE.format(title=cycle.title), minutes=minutes)


def _tell(session: Session, cycle: Cycle, now: datetime) -> None:
    """Write when each person was told, and who is an elected member of the residents' committee."""
    elected = set(
        session.scalars(
            select(Term.id)
            .join(Post, Post.id == Term.post_id)
            .join(Body, Body.id == Post.body_id)
            .where(
                Term.id.in_([one.term_id for one in cycle.subjects if one.term_id]),
                Term.appointed == Appointed.ELECTED,
                Body.kind == BodyKind.RESIDENTS_COMMITTEE,
            )
        )
    )
    for one in cycle.subjects:
        one.plan_told_at = now if one.person_id is not None else None
        one.is_elected_member = one.term_id in elected


def void_polls(session: Session, cycle: Cycle) -> None:
    """Let the votes of a void cycle fall with it, with its ground."""
    polls = session.scalars(
        select(Poll)
        .join(RaterGroup, RaterGroup.poll_id == Poll.id)
        .where(
            RaterGroup.cycle_id == cycle.id,
            Poll.state.not_in((PollState.CERTIFIED, PollState.VOID)),
        )
        .order_by(RaterGroup.position)
        .with_for_update(of=Poll, key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    for poll in polls:
        make_void(session, poll, ground=cycle.void_ground)
