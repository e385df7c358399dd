"""The roll of an election, and its ballot paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.elections.models import Election, Registration
from civicforum.elections.rules import CandidateState, RegistrationState, Stage, Way
from civicforum.elections.services import papers, rolls
from civicforum.errors import Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.people.models import Community
from civicforum.people.rules import CapacityKind
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.rules import Preset
from civicforum.polls.services import rolls as poll_rolls
from tests.factories import (
    NOW,
    actor_of,
    make_body,
    make_community,
    make_household,
    make_officer,
    make_person,
    make_post,
    make_term,
)
from tests.support.elections import (
    DAY,
    at,
    make_candidate,
    make_election,
    make_registration,
    make_voters,
)
from tests.support.polls import settings_now
from tests.support.rolls import RESIDENTS
from tests.support.rounds import TWO_POSTS, latest
from tests.support.statements import count_statements, gather_statistics


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def officer(community: Community) -> Actor:
    return actor_of(make_officer(community, Role.ELECTION_OFFICER), Role.ELECTION_OFFICER)


def make(community: Community, **terms: Any) -> Election:
    return make_election(community, **{"stage": Stage.ROLL, "seats": TWO_POSTS, **terms})


def listed(session: Session, election: Election) -> list[tuple[str, str]]:
    """Return name and ground of everybody on the roll of the first round, in its order."""
    entries = (
        select(RollEntry.name, RollEntry.ground)
        .where(RollEntry.poll_id == latest(election.id).poll_id)
        .order_by(RollEntry.position)
    )
    return [(name, ground) for name, ground in session.execute(entries)]


def test_the_roll_holds_whoever_registered_by_group_and_name(
    session: Session, community: Community, officer: Actor
) -> None:
    election = make(community)
    for name, terms in {
        "张三": {"ground": CapacityKind.USUAL_RESIDENCE},
        "李四": {},
        "王五": {"state": RegistrationState.WITHDRAWN, "decision": "本人要求"},
        "赵六": {"state": RegistrationState.APPLIED, "ground": CapacityKind.COMMUNITY_WORKER,
                 "employed_since": date(2020, 1, 1)},
        "孙七": {"ground": CapacityKind.COMMUNITY_WORKER, "employed_since": DAY - timedelta(days=190)},
    }.items():  # fmt: skip
        make_registration(election, make_person(community, name=name), **terms)
    assert rolls.make_roll(election_id=election.id, actor=officer, now=NOW) == 3
    assert listed(session, election) == [
        ("李四", "capacity.hukou"),
        ("孙七", "capacity.community_worker"),
        ("张三", "capacity.usual_residence"),
    ]
    poll = session.get_one(Poll, latest(election.id).poll_id)
    assert (poll.is_statutory, poll.preset, poll.by_screen, poll.by_paper) == (True, Preset.POLL, False, True)
    assert (poll.quorum_rule, poll.opens_at) == ("election.validity.voters", election.opens_at)


def test_one_of_each_household_votes_where_households_elect(
    session: Session, community: Community, officer: Actor
) -> None:
    election = make(community, way=Way.HOUSEHOLDS)
    home = make_household(community)
    for name, stands in (("祖母", False), ("女儿", True)):
        person = make_person(community, name=name, household=home)
        make_registration(election, person, for_household=stands)
    make_registration(election, make_person(community, name="邻居"), for_household=True)
    rolls.make_roll(election_id=election.id, actor=officer, now=NOW)
    assert listed(session, election) == [("邻居", "household.chosen"), ("女儿", "household.chosen")]
    assert session.get_one(Poll, latest(election.id).poll_id).quorum_rule == "election.validity.households"


def test_representatives_in_office_on_election_day_vote_where_they_elect(
    session: Session, community: Community, officer: Actor
) -> None:
    election = make(community, way=Way.REPRESENTATIVES)
    seat = make_post(make_body(community, BodyKind.REPRESENTATIVE_ASSEMBLY), PostKind.REPRESENTATIVE)
    make_term(make_person(community, name="在任"), seat)
    make_term(make_person(community, name="届满"), seat, until=DAY - timedelta(days=1))
    rolls.make_roll(election_id=election.id, actor=officer, now=NOW)
    assert listed(session, election) == [("在任", "post.representative_assembly.representative")]


def test_article_19_representatives_have_no_proxies(community: Community, officer: Actor) -> None:
    election = make(community, way=Way.REPRESENTATIVES, by_proxy=True)
    with pytest.raises(RuleRefused) as refused:
        rolls.make_roll(election_id=election.id, actor=officer, now=NOW)
    assert refused.value.verdict.rule.id == "proxy.by_representatives"


def test_an_election_votes_on_screen_by_a_decision_of_its_own(
    session: Session, community: Community, officer: Actor
) -> None:
    election = make(community, by_screen=True, screen_ground="区民政局〔2026〕5号批复")
    make_registration(election, make_person(community))
    rolls.make_roll(election_id=election.id, actor=officer, now=NOW)
    rolls.post_roll(election_id=election.id, actor=officer, now=NOW)
    poll = session.get_one(Poll, latest(election.id).poll_id)
    assert (poll.preset, poll.by_screen, poll.by_paper) == (Preset.SEALED, True, True)


def test_a_roll_is_made_anew_until_it_is_posted(
    session: Session, community: Community, officer: Actor
) -> None:
    election = make(community)
    make_registration(election, make_person(community))
    assert rolls.make_roll(election_id=election.id, actor=officer, now=NOW) == 1
    poll_id = latest(election.id).poll_id
    make_registration(election, make_person(community))
    assert rolls.make_roll(election_id=election.id, actor=officer, now=NOW) == 2
    assert latest(election.id).poll_id == poll_id
    rolls.post_roll(election_id=election.id, actor=officer, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        rolls.make_roll(election_id=election.id, actor=officer, now=NOW)


def test_nobody_makes_a_roll_of_nobody_or_before_its_stage(community: Community, officer: Actor) -> None:
    with pytest.raises(Invalid, match="nobody"):
        rolls.make_roll(election_id=make(community).id, actor=officer, now=NOW)
    early = make(
        community, stage=Stage.REGISTRATION, body=make_body(community, BodyKind.SUPERVISION_COMMITTEE)
    )
    with pytest.raises(TransitionNotAllowed):
        rolls.make_roll(election_id=early.id, actor=officer, now=NOW)
    clerk = actor_of(make_officer(community, Role.CLERK), Role.CLERK)
    with pytest.raises(NotEligible):
        rolls.make_roll(election_id=early.id, actor=clerk, now=NOW)


@pytest.mark.parametrize(("days", "is_early_enough"), [(19, False), (20, True), (21, True)])
def test_article_17_the_roll_is_posted_twenty_days_before(
    community: Community, officer: Actor, days: int, is_early_enough: bool
) -> None:
    election = make(community)
    make_registration(election, make_person(community))
    posted = at(DAY - timedelta(days=days), 17)
    rolls.make_roll(election_id=election.id, actor=officer, now=posted)
    if is_early_enough:
        rolls.post_roll(election_id=election.id, actor=officer, now=posted)
        return
    with pytest.raises(RuleRefused) as refused:
        rolls.post_roll(election_id=election.id, actor=officer, now=posted)
    assert refused.value.verdict.rule.id == "roll.posting"


def test_the_pages_of_polls_neither_draw_nor_post_the_roll_of_an_election(
    community: Community, officer: Actor
) -> None:
    election = make(community)
    make_registration(election, make_person(community))
    rolls.make_roll(election_id=election.id, actor=officer, now=NOW)
    poll_id = latest(election.id).poll_id
    with pytest.raises(TransitionNotAllowed):
        poll_rolls.draw_roll(poll_id=poll_id, draw=RESIDENTS, actor=officer, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        poll_rolls.post_roll(poll_id=poll_id, actor=officer, now=NOW)


def test_five_thousand_are_put_on_the_roll_in_few_statements(
    session: Session, community: Community, officer: Actor
) -> None:
    election = make(community)
    people = make_voters(election, 5000, groups=("第一居民小组", "第二居民小组"), bulk=True)
    rows = [
        {
            "community_id": community.id,
            "election_id": election.id,
            "person_id": person.id,
            "ground": CapacityKind.HUKOU,
            "declared": True,
            "state": RegistrationState.REGISTERED,
            "filed_at": NOW,
        }
        for person in people
    ]
    session.execute(insert(Registration), rows)
    gather_statistics()
    with count_statements() as counted:
        assert rolls.make_roll(election_id=election.id, actor=officer, now=NOW) == 5000
    assert counted.total < 60


@pytest.fixture
def posted(community: Community, officer: Actor) -> Election:
    """Return an election with a posted roll that stands at its final list."""
    election = make(community)
    make_registration(election, make_person(community))
    rolls.make_roll(election_id=election.id, actor=officer, now=NOW)
    rolls.post_roll(election_id=election.id, actor=officer, now=NOW)
    election.stage = Stage.CANDIDATES
    return election


def stand(election: Election, title: str, *names: str, **terms: Any) -> None:
    community = db.session.get_one(Community, election.community_id)
    for position, name in enumerate(names, 1):
        values = {"state": CandidateState.FORMAL, "position": position, **terms}
        make_candidate(election, title, make_person(community, name=name), **values)


def test_the_paper_has_a_question_for_each_post_with_the_final_candidates_in_order(
    session: Session, officer: Actor, posted: Election
) -> None:
    stand(posted, "主任", "甲", "乙")
    stand(posted, "委员", "丙", "丁", "戊")
    stand(posted, "委员", "未列入", state=CandidateState.PRELIMINARY)
    papers.set_paper(election_id=posted.id, actor=officer, now=NOW)
    poll = session.get_one(Poll, latest(posted.id).poll_id)
    found = [(one.title, one.options, one.most, one.seats, one.write_ins) for one in poll.questions]
    assert found == [("主任", ["甲", "乙"], 1, 1, 1), ("委员", ["丙", "丁", "戊"], 2, 2, 2)]
    assert {one.majority_rule for one in poll.questions} == {"election.elected"}
    assert [len(part["people"]) for part in latest(posted.id).paper] == [2, 3]


def test_two_of_one_name_are_told_apart_on_the_paper(
    session: Session, community: Community, officer: Actor
) -> None:
    election = make(community)
    voter = make_person(community, name="王芳")
    make_registration(election, voter)
    rolls.make_roll(election_id=election.id, actor=officer, now=NOW)
    rolls.post_roll(election_id=election.id, actor=officer, now=NOW)
    election.stage = Stage.CANDIDATES
    make_candidate(election, "主任", voter, state=CandidateState.FORMAL, position=1)
    stand(election, "主任", "王芳", position=2)
    stand(election, "委员", "丙", "丁", "戊")
    papers.set_paper(election_id=election.id, actor=officer, now=NOW)
    poll = session.get_one(Poll, latest(election.id).poll_id)
    assert poll.questions[0].options == ["王芳（名单第1号）", "王芳（第一居民小组）"]


def test_article_18_no_paper_with_as_many_candidates_as_seats(officer: Actor, posted: Election) -> None:
    stand(posted, "主任", "甲", "乙")
    stand(posted, "委员", "丙", "丁")
    with pytest.raises(RuleRefused) as refused:
        papers.set_paper(election_id=posted.id, actor=officer, now=NOW)
    assert refused.value.verdict.rule.id == "election.excess"
    assert refused.value.verdict.arithmetic.startswith("2 − 2 = 0")


def test_the_paper_is_set_after_the_final_list_and_before_voting(officer: Actor, posted: Election) -> None:
    stand(posted, "主任", "甲", "乙")
    stand(posted, "委员", "丙", "丁", "戊")
    posted.stage = Stage.REVIEW
    with pytest.raises(TransitionNotAllowed):
        papers.set_paper(election_id=posted.id, actor=officer, now=NOW)
    posted.stage = Stage.CANDIDATES
    papers.set_paper(election_id=posted.id, actor=officer, now=NOW)
    poll_id = latest(posted.id).poll_id
    later = at(DAY - timedelta(days=6), 9)
    poll_rolls.freeze_roll(poll_id=poll_id, actor=officer, settings=settings_now(), now=later)
    # Somebody may withdraw to the last: without a sealed box the paper can still be set anew.
    papers.set_paper(election_id=posted.id, actor=officer, now=later)
