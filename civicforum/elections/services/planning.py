"""Planning an election, changing its plan and its dates, and declaring it void."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body, Post
from civicforum.database import transaction
from civicforum.elections.calendar import Milestone, milestones
from civicforum.elections.errors import BodyBusy, CalendarBroken
from civicforum.elections.models import Election, Round, Seat, Step
from civicforum.elections.plans import (
    CHANGEABLE,
    Plan,
    check_near,
    check_plan,
    first_day,
    fitted,
    moved_to,
    new_breaches,
    screen_ground,
)
from civicforum.elections.queries.dates import Dates, get_dates, list_steps
from civicforum.elections.rules import BODY_OF, ElectionKind, Stage, may_plan, may_preside, move
from civicforum.elections.services.steps import lock_to_plan, mark_done, record_election, rules_of
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.people.models import Community, Group
from civicforum.people.services import lock_register
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState
from civicforum.polls.services.states import make_void
from civicforum.rows import get_row
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of

BEFORE_POLLING = frozenset(
    {
        Stage.PLANNED,
        Stage.COMMITTEE,
        Stage.REGISTRATION,
        Stage.ROLL,
        Stage.NOMINATION,
        Stage.REVIEW,
        Stage.CANDIDATES,
    }
)
# What no use case of its own writes down: it happens outside, or on paper.
BY_HAND = (
    Milestone.PLAN_APPROVED,
    Milestone.ELECTORS_CHOSEN,
    Milestone.RULINGS_PUBLISHED,
    Milestone.CANDIDATES_MET,
    Milestone.STAFF_POSTED,
    Milestone.PROXY_LIST,
)


def plan_election(
    *,
    election_id: uuid.UUID,
    plan: Plan,
    follows_id: uuid.UUID | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Plan an election, under the rules in force today and with its calendar. A second click writes nothing.

    Raises NotEligible, NotFound (body, post, group), AlreadyDone, BodyBusy, Invalid, RuleRefused (see
    plans.check_plan), CalendarBroken with the first day that would do.
    """
    with transaction() as session:
        if not may_plan(actor):
            raise NotEligible(actor.person_id)
        community = lock_register(session, actor.community_id)
        if session.get(Election, election_id) is not None:
            raise AlreadyDone(election_id)
        body, book, dates = _check(session, plan, community, today=day_of(now))
        election = Election(
            id=election_id,
            community_id=community.id,
            kind=plan.kind,
            stage=Stage.PLANNED,
            profile=book.name,
            profile_version=book.version,
            body=body,
            group_id=plan.group_id,
            follows_id=_followed(session, follows_id, community.id),
            created_at=now,
            created_by_id=actor.person_id,
            void_ground="",
        )
        _write_terms(election, plan, book)
        election.seats = _seats_of(session, plan, body)
        election.steps = _steps_of(community.id, dates)
        session.add(election)
        record_election(
            session, election, actor=actor, action="plan", payload={"day": plan.day.isoformat()}, now=now
        )


def preview_plan(session: Session, *, plan: Plan, community: Community, today: date) -> dict[Milestone, date]:
    """Return the calendar that a plan would have; nothing is written. Raises as `plan_election` does."""
    return _check(session, plan, community, today=today)[2]


def edit_plan(*, election_id: uuid.UUID, plan: Plan, actor: Actor, now: datetime) -> None:
    """Change what is planned, but neither the body nor the day, before the registration is announced.

    Raises NotFound, NotEligible, TransitionNotAllowed (announced already), Invalid, RuleRefused.
    """
    with transaction() as session:
        election = lock_to_change(session, election_id=election_id, actor=actor)
        if election.stage not in CHANGEABLE:
            raise TransitionNotAllowed(election.stage, "edit_plan")
        book = rules_of(election)
        day = day_of(election.opens_at)
        plan = replace(
            plan, kind=election.kind, body_id=election.body_id, group_id=election.group_id, day=day
        )
        check_plan(book, plan, election.body.kind)
        _write_terms(election, plan, book)
        for seat in election.seats:
            session.delete(seat)
        session.flush()
        session.expire(election, ["seats"])
        election.seats = _seats_of(session, plan, election.body)
        _fit_steps(session, election, plan, book)
        record_election(session, election, actor=actor, action="edit_plan", now=now)


def move_day(*, election_id: uuid.UUID, day: date, reason: str, actor: Actor, now: datetime) -> None:
    """Move election day, and with it every date that is still ahead; the hours stay.

    Raises NotFound, NotEligible, TransitionNotAllowed (voting has begun, or its box is set up for the day),
    Invalid ("same_day", "reason"), CalendarBroken with the first day that would do.
    """
    with transaction() as session:
        election = lock_to_change(session, election_id=election_id, actor=actor)
        if election.stage not in BEFORE_POLLING:
            raise TransitionNotAllowed(election.stage, "move_day")
        before = day_of(election.opens_at)
        if day == before:
            raise Invalid("same_day", "day")
        if not reason.strip():
            raise Invalid("reason", "reason")
        before_it = get_dates(session, election)
        dates = calendar_moved(election, before_it, day=day, today=day_of(now))
        election.opens_at += day - before
        election.closes_at += day - before
        _move_poll(session, election, by=day - before)
        _write_dates(before_it.steps, dates)
        payload = {"from": before.isoformat(), "to": day.isoformat()}
        record_election(
            session, election, actor=actor, action="move_day", payload=payload, reason=reason.strip(), now=now
        )


def set_dates(
    *, election_id: uuid.UUID, dates: Mapping[Milestone, date], actor: Actor, now: datetime
) -> None:
    """Set single dates that are still ahead; election day is moved by `move_day`.

    Raises NotFound, NotEligible, TransitionNotAllowed (over), CalendarBroken, Invalid ("far").
    """
    with transaction() as session:
        election = lock_to_change(session, election_id=election_id, actor=actor)
        if election.stage in (Stage.CLOSED, Stage.VOID):
            raise TransitionNotAllowed(election.stage, "set_dates")
        known = get_dates(session, election)
        ahead = known.days.keys() - known.done - {Milestone.POLLING_DAY}
        wanted = {one: day for one, day in dates.items() if one in ahead}
        for one, day in wanted.items():
            check_near(day, known.days[Milestone.POLLING_DAY], one.value)
        found = new_breaches(rules_of(election), known.days | wanted, known.done)
        if found:
            raise CalendarBroken(found)
        _write_dates(known.steps, known.days | wanted)
        payload = {"dates": {one.value: day.isoformat() for one, day in wanted.items()}}
        record_election(session, election, actor=actor, action="set_dates", payload=payload, now=now)


def record_step(
    *, election_id: uuid.UUID, milestone: Milestone, note: str, actor: Actor, now: datetime
) -> None:
    """Write down that something was done that no page of the election does, with the paper that shows it.

    Raises NotFound (no such date here), NotEligible, AlreadyDone, Invalid ("note"), TransitionNotAllowed.
    """
    with transaction() as session:
        election = lock_to_change(session, election_id=election_id, actor=actor)
        if election.stage in (Stage.CLOSED, Stage.VOID):
            raise TransitionNotAllowed(election.stage, "record_step")
        step = next((one for one in list_steps(session, election.id) if one.milestone is milestone), None)
        if step is None or milestone not in BY_HAND:
            raise NotFound(milestone)
        if step.done_at is not None:
            raise AlreadyDone(milestone)
        if not note.strip():
            raise Invalid("note", "note")
        mark_done(session, election, milestone, actor=actor, now=now, note=note.strip())
        payload = {"milestone": milestone.value}
        record_election(
            session,
            election,
            actor=actor,
            action="record_step",
            payload=payload,
            reason=note.strip(),
            now=now,
        )


def void_election(*, election_id: uuid.UUID, ground: str, actor: Actor, now: datetime) -> None:
    """Declare that the election does not count (art 22). What exists stays visible, with the ground.

    Its polls whose result is not certified fall with it; a certified one stays what it was, and is declared
    void on its own page. Raises NotFound, NotEligible, TransitionNotAllowed (void already), Invalid
    ("ground").
    """
    with transaction() as session:
        election = lock_to_change(session, election_id=election_id, actor=actor)
        before, stage = election.stage, move(election.stage, Stage.VOID)
        if not ground.strip():
            raise Invalid("ground", "ground")
        election.stage, election.void_ground = stage, ground.strip()
        fallen = _void_polls(session, election)
        payload = {"from": before.value, "to": stage.value, "polls": [str(one) for one in fallen]}
        record_election(
            session, election, actor=actor, action="void", payload=payload, reason=ground.strip(), now=now
        )


def _void_polls(session: Session, election: Election) -> list[uuid.UUID]:
    """Declare void what is not certified of the election's polls, and return their ids by round."""
    polls = session.scalars(
        select(Poll)
        .join(Round, Round.poll_id == Poll.id)
        .where(
            Round.election_id == election.id,
            Poll.state.not_in((PollState.CERTIFIED, PollState.VOID)),
        )
        .order_by(Round.number)
        .with_for_update(of=Poll, key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    for poll in polls:
        make_void(session, poll, ground=election.void_ground)
    return [poll.id for poll in polls]


def lock_to_change(session: Session, *, election_id: uuid.UUID, actor: Actor) -> Election:
    """Return the election locked: for those who plan it, and once it has a committee for this alone (art 15).

    Raises NotFound, NotEligible.
    """
    election = lock_to_plan(session, election_id=election_id, actor=actor)
    if election.presiding_id is not None and not may_preside(actor):
        raise NotEligible(actor.person_id)
    return election


def calendar_of(book: Rulebook, plan: Plan, *, today: date) -> dict[Milestone, date]:
    """Return the calendar of a plan. Raises CalendarBroken with the first day that would do."""

    def calendar_on(day: date) -> dict[Milestone, date]:
        return fitted(book, day=day, way=plan.way, by_proxy=plan.by_proxy, today=today)

    check_near(plan.day, today, "polling_on")
    found = new_breaches(book, calendar_on(plan.day), ())
    if plan.day < today or found:
        raise CalendarBroken(found, first_day(book, calendar_on, today=today))
    return calendar_on(plan.day)


def calendar_moved(election: Election, known: Dates, *, day: date, today: date) -> dict[Milestone, date]:
    """Return the calendar with election day on `day`. Raises CalendarBroken with the first that would do."""
    book = rules_of(election)

    def calendar_on(day: date) -> dict[Milestone, date]:
        return moved_to(book, known.days, known.done, day=day, today=today)

    check_near(day, today, "day")
    found = new_breaches(book, calendar_on(day), known.done)
    if day < today or found:
        raise CalendarBroken(found, first_day(book, calendar_on, today=today, done=known.done))
    return calendar_on(day)


def _check(
    session: Session, plan: Plan, community: Community, *, today: date
) -> tuple[Body, Rulebook, dict[Milestone, date]]:
    body, book = _own_body(session, plan, community), rulebook.load(community.profile)
    check_plan(book, plan, body.kind)
    _check_free(session, plan)
    return body, book, calendar_of(book, plan, today=today)


def _own_body(session: Session, plan: Plan, community: Community) -> Body:
    body = session.get(Body, plan.body_id)
    if body is None or body.community_id != community.id or body.dissolved_on is not None:
        raise NotFound(plan.body_id)
    if plan.kind is not ElectionKind.BY_ELECTION and BODY_OF[plan.kind] is not body.kind:
        raise Invalid("body", "body")
    if plan.group_id is not None:
        group = session.get(Group, plan.group_id)
        if group is None or group.community_id != community.id:
            raise NotFound(plan.group_id)
    return body


def _check_free(session: Session, plan: Plan) -> None:
    """Refuse a second election to the same body, or to the same group's seats on it, while one is running."""
    running = session.scalars(
        select(Election)
        .where(
            Election.body_id == plan.body_id,
            Election.group_id == plan.group_id if plan.group_id is not None else Election.group_id.is_(None),
            Election.stage.not_in((Stage.CLOSED, Stage.VOID)),
        )
        .limit(1)
    ).one_or_none()
    if running is not None:
        raise BodyBusy(running.title)


def _followed(session: Session, follows_id: uuid.UUID | None, community_id: uuid.UUID) -> uuid.UUID | None:
    if follows_id is None:
        return None
    followed = get_row(session, Election, follows_id, community_id=community_id)
    return followed.id


def _write_terms(election: Election, plan: Plan, book: Rulebook) -> None:
    election.way, election.title, election.place = plan.way, plan.title, plan.place
    election.by_proxy, election.by_screen = plan.by_proxy, plan.by_screen
    election.screen_ground = screen_ground(book, plan)
    election.opens_at, election.closes_at = plan.opens_at, plan.closes_at


def _seats_of(session: Session, plan: Plan, body: Body) -> list[Seat]:
    posts = session.scalars(
        select(Post).where(Post.body_id == body.id).order_by(Post.position, Post.id)
    ).all()
    if not set(plan.seats) <= {post.id for post in posts}:
        raise NotFound(body.id)
    filled = [post for post in posts if plan.seats.get(post.id)]
    return [
        Seat(
            community_id=body.community_id,
            post_id=post.id,
            title=post.title,
            seats=plan.seats[post.id],
            position=position,
        )
        for position, post in enumerate(filled, 1)
    ]


def _steps_of(community_id: uuid.UUID, dates: Mapping[Milestone, date]) -> list[Step]:
    return [Step(community_id=community_id, milestone=one, planned_on=day) for one, day in dates.items()]


def _fit_steps(session: Session, election: Election, plan: Plan, book: Rulebook) -> None:
    """Let the calendar have the dates that this way of electing asks for; those it has stay."""
    wanted = set(milestones(plan.way, by_proxy=plan.by_proxy))
    have = {step.milestone: step for step in list_steps(session, election.id)}
    for milestone, step in have.items():
        if milestone not in wanted and step.done_at is None:
            session.delete(step)
    planned = min(plan.day, day_of(election.created_at))
    usual = fitted(book, day=plan.day, way=plan.way, by_proxy=plan.by_proxy, today=planned)
    missing = {one: usual[one] for one in wanted if one not in have}
    for step in _steps_of(election.community_id, missing):
        step.election_id = election.id
        session.add(step)


def _write_dates(steps: Collection[Step], dates: Mapping[Milestone, date]) -> None:
    for step in steps:
        if step.done_at is None:
            step.planned_on = dates[step.milestone]


def _move_poll(session: Session, election: Election, *, by: timedelta) -> None:
    """Move the first round's poll too, unless a sealed box already promises its hours."""
    poll = session.scalars(
        select(Poll)
        .join(Round, Round.poll_id == Poll.id)
        .where(Round.election_id == election.id, Round.number == 1)
        .with_for_update(of=Poll)
    ).one_or_none()
    if poll is None or poll.state is PollState.VOID:
        return
    is_promised = poll.state is PollState.READY and poll.has_board
    if is_promised or poll.state not in (PollState.DRAFT, PollState.ROLL_POSTED, PollState.READY):
        raise TransitionNotAllowed(poll.state, "move_day")
    if poll.opens_at is not None and poll.closes_at is not None:
        poll.opens_at, poll.closes_at = poll.opens_at + by, poll.closes_at + by
