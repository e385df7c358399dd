"""What the law says of a plan besides its calendar: how late it is, and how many it elects."""

from __future__ import annotations

import uuid
from datetime import date, time

import pytest
from sqlalchemy.orm import Session

from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, PostKind
from civicforum.elections.plans import Plan
from civicforum.elections.queries.plan_notes import judge_plan
from civicforum.elections.rules import ElectionKind, Way
from civicforum.people.models import Community
from tests.factories import make_body, make_community, make_household, make_person, make_post, make_term

TODAY = date(2026, 3, 2)


def plan_for(
    body: Body, kind: ElectionKind, day: date, *, seats: int = 1, group: uuid.UUID | None = None
) -> Plan:
    return Plan(
        kind=kind,
        way=Way.VOTERS,
        body_id=body.id,
        group_id=group,
        title="选举",
        day=day,
        opens=time(8),
        closes=time(18),
        place="",
        by_proxy=False,
        by_screen=False,
        screen_ground="",
        seats={body.posts[0].id: seats},
    )


def committee(community: Community, *, until: date = date(2030, 1, 1), ended_on: date | None = None) -> Body:
    body = make_body(community, BodyKind.RESIDENTS_COMMITTEE, name="居民委员会")
    post = make_post(body, PostKind.MEMBER, title="委员", seats=2)
    make_term(make_person(community), post, until=until)
    make_term(make_person(community), post, until=until, ended_on=ended_on)
    return body


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2026, 9, 30), None), (date(2027, 3, 30), True), (date(2027, 4, 1), False)],
)
def test_art_14_a_term_is_renewed_in_time_or_within_the_months_a_place_allows(
    session: Session, day: date, said: bool | None
) -> None:
    community = make_community()
    body = committee(community, until=date(2026, 9, 30))
    found = judge_plan(session, plan_for(body, ElectionKind.COMMITTEE, day), community, today=TODAY)
    assert [one.holds for one in found] == ([] if said is None else [said])


@pytest.mark.parametrize(("day", "holds"), [(date(2026, 5, 28), True), (date(2026, 5, 29), False)])
def test_a_by_election_follows_within_three_months_of_the_day_a_post_ended(
    session: Session, day: date, holds: bool
) -> None:
    community = make_community()
    body = committee(community, ended_on=date(2026, 2, 28))
    found = judge_plan(session, plan_for(body, ElectionKind.BY_ELECTION, day), community, today=TODAY)
    assert [(one.rule.id, one.holds) for one in found] == [("election.by_election.within", holds)]


@pytest.mark.parametrize(("seats", "holds"), [(1, False), (2, True), (3, False)])
def test_art_13_a_group_of_fifty_one_households_elects_two_representatives(
    session: Session, seats: int, holds: bool
) -> None:
    community = make_community()
    group = make_household(community).group_id
    for _number in range(50):
        make_household(community)
    body = make_body(community, BodyKind.REPRESENTATIVE_ASSEMBLY, name="居民代表会议")
    make_post(body, PostKind.REPRESENTATIVE, title="居民代表", seats=100)
    plan = plan_for(body, ElectionKind.REPRESENTATIVES, TODAY, seats=seats, group=group)
    (found,) = judge_plan(session, plan, community, today=TODAY)
    assert found.holds is holds
    assert found.arithmetic
