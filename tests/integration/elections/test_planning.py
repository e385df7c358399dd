"""Planning an election, moving its day, setting its dates, and declaring it void."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body, Post
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.elections.calendar import Milestone
from civicforum.elections.errors import BodyBusy, CalendarBroken
from civicforum.elections.models import Election, Step
from civicforum.elections.plans import Plan
from civicforum.elections.rules import ElectionKind, Stage, Way
from civicforum.elections.services import planning
from civicforum.errors import (
    AlreadyDone,
    Invalid,
    NotEligible,
    NotFound,
    RuleRefused,
    TransitionNotAllowed,
)
from civicforum.people.models import Community
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState
from civicforum.records.models import JournalEntry
from tests.factories import NOW, actor_of, make_body, make_community, make_person, make_post
from tests.support.elections import at, do_steps, make_election, make_round, seat_committee

DAY = date(2026, 4, 12)
_M = Milestone


def committee_body(community: Community) -> Body:
    body = make_body(community, BodyKind.RESIDENTS_COMMITTEE, name="居民委员会")
    make_post(body, PostKind.DIRECTOR, title="主任", seats=1)
    make_post(body, PostKind.DEPUTY_DIRECTOR, title="副主任", seats=1)
    make_post(body, PostKind.MEMBER, title="委员", seats=3)
    for position, post in enumerate(sorted(body.posts, key=lambda post: list(PostKind).index(post.kind))):
        post.position = position
    return body


def plan_of(body: Body, **terms: Any) -> Plan:
    posts = {post.title: post.id for post in body.posts}
    values: dict[str, Any] = {
        "kind": ElectionKind.COMMITTEE,
        "way": Way.VOTERS,
        "body_id": body.id,
        "group_id": None,
        "title": "2026年居民委员会换届选举",
        "day": DAY,
        "opens": time(8),
        "closes": time(18),
        "place": "党群服务中心",
        "by_proxy": True,
        "by_screen": False,
        "screen_ground": "",
        "seats": {posts["主任"]: 1, posts["副主任"]: 1, posts["委员"]: 3},
        **terms,
    }
    return Plan(**values)


def planner(community: Community) -> Actor:
    return actor_of(make_person(community), Role.COMMITTEE)


def officer(election: Election, person_number: int = 0) -> Actor:
    return actor_of(seat_committee(election)[person_number], Role.ELECTION_OFFICER)


def steps_of(session: Session, election_id: uuid.UUID) -> dict[Milestone, date]:
    rows = session.scalars(select(Step).where(Step.election_id == election_id))
    return {step.milestone: step.planned_on for step in rows}


def test_election_is_planned_with_its_seats_and_its_calendar(session: Session) -> None:
    community = make_community()
    body = committee_body(community)
    election_id = uuid.uuid4()
    planning.plan_election(election_id=election_id, plan=plan_of(body), actor=planner(community), now=NOW)
    election = session.get_one(Election, election_id)
    assert election.stage is Stage.PLANNED
    assert (election.opens_at, election.closes_at) == (at(DAY, 8), at(DAY, 18))
    assert [(seat.title, seat.seats) for seat in election.seats] == [("主任", 1), ("副主任", 1), ("委员", 3)]
    assert steps_of(session, election_id)[_M.ROLL_POSTED] == date(2026, 3, 15)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.subject_id == election_id)).one()
    assert entry.action == "election.plan"


def test_second_click_plans_nothing_twice(session: Session) -> None:
    community = make_community()
    body, actor, election_id = committee_body(community), planner(community), uuid.uuid4()
    planning.plan_election(election_id=election_id, plan=plan_of(body), actor=actor, now=NOW)
    with pytest.raises(AlreadyDone):
        planning.plan_election(election_id=election_id, plan=plan_of(body), actor=actor, now=NOW)


def test_body_has_one_running_election_until_it_is_void(session: Session) -> None:
    community = make_community()
    body, actor, first = committee_body(community), planner(community), uuid.uuid4()
    planning.plan_election(election_id=first, plan=plan_of(body), actor=actor, now=NOW)
    with pytest.raises(BodyBusy):
        planning.plan_election(election_id=uuid.uuid4(), plan=plan_of(body), actor=actor, now=NOW)
    planning.void_election(election_id=first, ground="票数作假", actor=actor, now=NOW)
    again = uuid.uuid4()
    planning.plan_election(election_id=again, plan=plan_of(body), follows_id=first, actor=actor, now=NOW)
    assert session.get_one(Election, again).follows_id == first


def test_two_groups_choose_their_representatives_at_once(session: Session) -> None:
    community = make_community()
    body = make_body(community, BodyKind.REPRESENTATIVE_ASSEMBLY)
    post = make_post(body, PostKind.REPRESENTATIVE, title="居民代表", seats=60)
    groups = [make_person(community).household.group_id]
    session.commit()
    plan = plan_of_representatives(body, post, groups[0])
    actor = planner(community)
    planning.plan_election(election_id=uuid.uuid4(), plan=plan, actor=actor, now=NOW)
    with pytest.raises(BodyBusy):
        planning.plan_election(election_id=uuid.uuid4(), plan=plan, actor=actor, now=NOW)


def plan_of_representatives(body: Body, post: Post, group_id: uuid.UUID) -> Plan:
    return Plan(
        kind=ElectionKind.REPRESENTATIVES,
        way=Way.HOUSEHOLDS,
        body_id=body.id,
        group_id=group_id,
        title="第一居民小组居民代表选举",
        day=DAY,
        opens=time(8),
        closes=time(12),
        place="",
        by_proxy=False,
        by_screen=False,
        screen_ground="",
        seats={post.id: 2},
    )


@pytest.mark.parametrize(("ahead", "is_lawful"), [(19, False), (20, True), (21, True)])
def test_day_leaves_twenty_days_for_the_roll_art_17(session: Session, ahead: int, is_lawful: bool) -> None:
    community = make_community()
    plan = plan_of(committee_body(community), day=date(2026, 3, 2) + timedelta(days=ahead))
    actor, election_id = planner(community), uuid.uuid4()
    if is_lawful:
        planning.plan_election(election_id=election_id, plan=plan, actor=actor, now=NOW)
        return
    with pytest.raises(CalendarBroken) as refused:
        planning.plan_election(election_id=election_id, plan=plan, actor=actor, now=NOW)
    verdict = refused.value.breaches[0].verdict
    assert verdict is not None
    assert (verdict.rule.id, verdict.rule.articles) == ("roll.posting", (17,))
    assert refused.value.first_day == date(2026, 3, 22)


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.CLERK, Role.SUPERVISOR, Role.REPRESENTATIVE])
def test_nobody_but_the_committee_plans(session: Session, role: Role) -> None:
    community = make_community()
    body = committee_body(community)
    with pytest.raises(NotEligible):
        planning.plan_election(
            election_id=uuid.uuid4(),
            plan=plan_of(body),
            actor=actor_of(make_person(community), role),
            now=NOW,
        )


def test_body_of_another_community_is_not_there(session: Session) -> None:
    body = committee_body(make_community(name="别处"))
    actor = planner(make_community())
    with pytest.raises(NotFound):
        planning.plan_election(election_id=uuid.uuid4(), plan=plan_of(body), actor=actor, now=NOW)


def test_plan_is_changed_until_the_registration_is_announced(session: Session) -> None:
    community = make_community()
    body, actor, election_id = committee_body(community), planner(community), uuid.uuid4()
    plan = plan_of(body, by_proxy=False)
    planning.plan_election(election_id=election_id, plan=plan, actor=actor, now=NOW)
    posts = {post.title: post.id for post in body.posts}
    changed = replace(
        plan,
        way=Way.HOUSEHOLDS,
        by_proxy=True,
        closes=time(20),
        seats={posts["主任"]: 1, posts["委员"]: 6},
    )
    planning.edit_plan(election_id=election_id, plan=changed, actor=actor, now=NOW)
    election = session.get_one(Election, election_id)
    assert election.closes_at == at(DAY, 20)
    assert [(seat.title, seat.seats) for seat in election.seats] == [("主任", 1), ("委员", 6)]
    assert {_M.PROXY_LIST, _M.ELECTORS_CHOSEN} <= steps_of(session, election_id).keys()
    election.stage = Stage.REGISTRATION
    session.commit()
    with pytest.raises(TransitionNotAllowed):
        planning.edit_plan(election_id=election_id, plan=plan, actor=actor, now=NOW)


def test_moving_the_day_moves_every_date_ahead_and_says_why(session: Session) -> None:
    election = make_election(make_community())
    actor = planner(session.get_one(Community, election.community_id))
    do_steps(election, _M.PLAN_APPROVED)
    planning.move_day(
        election_id=election.id, day=date(2026, 4, 19), reason="与学校借用场地冲突", actor=actor, now=NOW
    )
    dates = steps_of(session, election.id)
    assert dates[_M.PLAN_APPROVED] == date(2026, 3, 8)
    assert dates[_M.ROLL_POSTED] == date(2026, 3, 22)
    assert dates[_M.POLLING_DAY] == date(2026, 4, 19)
    assert election.opens_at == at(date(2026, 4, 19), 8)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.subject_id == election.id)).one()
    assert (entry.action, entry.reason) == ("election.move_day", "与学校借用场地冲突")


def test_day_moves_no_nearer_to_a_posted_roll_than_twenty_days_art_17(session: Session) -> None:
    election = make_election(make_community())
    actor = officer(election)
    # The fixture posts the roll 28 days before election day: on 15 March.
    first = make_round(election)
    now = at(date(2026, 3, 16), 10).astimezone(UTC)
    with pytest.raises(CalendarBroken) as refused:
        planning.move_day(election_id=election.id, day=date(2026, 4, 3), reason="提前", actor=actor, now=now)
    verdict = refused.value.breaches[0].verdict
    assert verdict is not None
    assert verdict.arithmetic == "2026-04-03 − 2026-03-15 = 19 < 20"
    assert refused.value.first_day == date(2026, 4, 4)
    planning.move_day(election_id=election.id, day=date(2026, 4, 4), reason="提前", actor=actor, now=now)
    assert session.get_one(Poll, first.poll_id).opens_at == at(date(2026, 4, 4), 8)


def test_day_stays_once_voting_has_opened(session: Session) -> None:
    election = make_election(make_community(), stage=Stage.CANDIDATES)
    actor = officer(election)
    make_round(election, poll_state=PollState.OPEN)
    with pytest.raises(TransitionNotAllowed):
        planning.move_day(election_id=election.id, day=date(2026, 4, 26), reason="推迟", actor=actor, now=NOW)


def test_single_date_is_set_and_another_that_breaks_a_clock_is_refused(session: Session) -> None:
    election = make_election(make_community())
    actor = planner(session.get_one(Community, election.community_id))

    def set_one(milestone: Milestone, day: date) -> None:
        planning.set_dates(election_id=election.id, dates={milestone: day}, actor=actor, now=NOW)

    set_one(_M.CANDIDATES_MET, date(2026, 4, 9))
    assert steps_of(session, election.id)[_M.CANDIDATES_MET] == date(2026, 4, 9)
    with pytest.raises(CalendarBroken) as refused:
        set_one(_M.FORMAL_LIST, date(2026, 4, 8))
    verdict = refused.value.breaches[0].verdict
    assert verdict is not None
    assert verdict.arithmetic == "2026-04-12 − 2026-04-08 = 4 < 5"
    set_one(_M.POLLING_DAY, date(2026, 5, 1))
    assert steps_of(session, election.id)[_M.POLLING_DAY] == DAY


def test_what_happened_on_paper_is_written_down_once_with_its_paper(session: Session) -> None:
    election = make_election(make_community())
    actor = planner(session.get_one(Community, election.community_id))

    def record(milestone: Milestone, note: str) -> None:
        planning.record_step(election_id=election.id, milestone=milestone, note=note, actor=actor, now=NOW)

    with pytest.raises(Invalid):
        record(_M.PLAN_APPROVED, " ")
    record(_M.PLAN_APPROVED, "居民代表会议2026年第1号决议")
    with pytest.raises(AlreadyDone):
        record(_M.PLAN_APPROVED, "再记一次")
    # Forming the committee is done on its own page.
    with pytest.raises(NotFound):
        record(_M.COMMITTEE_FORMED, "口头")
    step = session.scalars(
        select(Step).where(Step.election_id == election.id, Step.milestone == _M.PLAN_APPROVED)
    ).one()
    assert (step.done_at, step.note) == (NOW, "居民代表会议2026年第1号决议")


def test_closed_election_is_still_void_where_it_was_not_lawful_art_22(session: Session) -> None:
    election = make_election(make_community(), stage=Stage.CLOSED, closed_at=NOW)
    actor = officer(election)
    planning.void_election(election_id=election.id, ground="以贿赂手段当选", actor=actor, now=NOW)
    assert (election.stage, election.void_ground) == (Stage.VOID, "以贿赂手段当选")
    with pytest.raises(TransitionNotAllowed):
        planning.void_election(election_id=election.id, ground="再次", actor=actor, now=NOW)


Act = Callable[[Election, Actor, datetime], object]
ACTS: dict[str, Act] = {
    "move_day": lambda election, actor, now: planning.move_day(
        election_id=election.id, day=date(2026, 4, 19), reason="推迟", actor=actor, now=now
    ),
    "set_dates": lambda election, actor, now: planning.set_dates(
        election_id=election.id, dates={}, actor=actor, now=now
    ),
    "void": lambda election, actor, now: planning.void_election(
        election_id=election.id, ground="无效", actor=actor, now=now
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_old_committee_hands_the_election_over_to_its_own_committee_art_15(
    session: Session, act: str
) -> None:
    election = make_election(make_community())
    old = planner(session.get_one(Community, election.community_id))
    new = officer(election)
    with pytest.raises(NotEligible):
        ACTS[act](election, old, NOW)
    ACTS[act](election, new, NOW)


def test_screen_is_refused_without_its_ground(session: Session) -> None:
    community = make_community()
    plan = plan_of(committee_body(community), by_screen=True)
    with pytest.raises(RuleRefused) as refused:
        planning.plan_election(election_id=uuid.uuid4(), plan=plan, actor=planner(community), now=NOW)
    assert refused.value.verdict.rule.id == "election.online"
