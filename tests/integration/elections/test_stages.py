"""Going from one stage of an election to the next, and what the database says stands in the way."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Post, Term
from civicforum.bodies.rules import PostKind, Role
from civicforum.database import transaction
from civicforum.elections.blockers import BlockerKind
from civicforum.elections.calendar import Milestone
from civicforum.elections.errors import BlockedStage
from civicforum.elections.models import Election, ElectionNotice, HandoverItem, Step
from civicforum.elections.queries.blockers import gather
from civicforum.elections.rules import (
    CandidateState,
    Disqualification,
    NominationState,
    NoticeKind,
    RegistrationState,
    Stage,
    Way,
)
from civicforum.elections.services.stages import advance
from civicforum.errors import NotEligible, TransitionNotAllowed
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import post_notice
from civicforum.people.models import Community, Kinship, Person
from civicforum.people.rules import CapacityKind, KinshipKind, Sex
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState
from tests.factories import NOW, actor_of, make_community, make_household, make_person
from tests.support.elections import (
    at,
    do_steps,
    make_candidate,
    make_election,
    make_nomination,
    make_registration,
    make_round,
    make_voters,
    make_winner,
    seat_committee,
)
from tests.support.statements import count_statements

_K, _M, _S = BlockerKind, Milestone, Stage
NO_GROUND = {ground.value: {"applies": False, "source": "派出所回函"} for ground in Disqualification}
ONE_SEAT = ((PostKind.DIRECTOR, "主任", 1),)


def started(stage: Stage, **terms: Any) -> tuple[Election, Actor, Community]:
    """Return an election at a stage, with its committee, and somebody of that."""
    community = make_community()
    election = make_election(community, stage=stage, seats=ONE_SEAT, **terms)
    return election, actor_of(seat_committee(election)[0], Role.ELECTION_OFFICER), community


def blocked(election: Election, actor: Actor, now: datetime) -> set[BlockerKind]:
    """Return what stands in the way of the step; empty where it was taken."""
    try:
        advance(election_id=election.id, actor=actor, now=now)
    except BlockedStage as refused:
        return {one.kind for one in refused.blockers}
    return set()


def step(session: Session, election: Election, milestone: Milestone) -> Step:
    return session.scalars(
        select(Step).where(Step.election_id == election.id, Step.milestone == milestone)
    ).one()


def test_old_committee_takes_the_first_step_once_the_plan_is_decided(session: Session) -> None:
    community = make_community()
    election = make_election(community)
    actor = actor_of(make_person(community), Role.COMMITTEE)
    assert blocked(election, actor, NOW) == {_K.PLAN_NOT_APPROVED}
    do_steps(election, _M.PLAN_APPROVED)
    assert blocked(election, actor, NOW) == set()
    assert election.stage is _S.COMMITTEE
    assert blocked(election, actor, NOW) == {_K.COMMITTEE_NOT_FORMED}


def test_second_click_goes_no_further_than_the_first(session: Session) -> None:
    election, actor, _community = started(_S.POLLING)
    make_round(election, poll_state=PollState.CERTIFIED, decided_at=NOW)
    advance(election_id=election.id, seen=_S.POLLING, actor=actor, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        advance(election_id=election.id, seen=_S.POLLING, actor=actor, now=NOW)
    assert election.stage is _S.COUNT


def test_registration_ends_when_every_application_is_decided(session: Session) -> None:
    election, actor, community = started(_S.REGISTRATION)
    now = at(date(2026, 3, 15), 9)
    assert blocked(election, actor, now) == {_K.NO_ELECTORS}
    make_registration(election, make_person(community))
    waiting = make_registration(
        election,
        make_person(community),
        ground=CapacityKind.COMMUNITY_WORKER,
        employed_since=date(2025, 1, 1),
        state=RegistrationState.APPLIED,
    )
    assert blocked(election, actor, now) == {_K.APPLICATIONS_OPEN}
    waiting.state = RegistrationState.REGISTERED
    session.commit()
    assert blocked(election, actor, now) == set()
    assert step(session, election, _M.REGISTRATION_CLOSES).done_at == now


def test_each_registered_household_names_its_voter(session: Session) -> None:
    election, _actor, community = started(_S.REGISTRATION, way=Way.HOUSEHOLDS)
    homes = [make_household(community) for _ in range(3)]
    people = [make_person(community, household=home) for home in homes for _ in range(2)]
    for person in people[:4]:
        make_registration(election, person)
    assert gather(session, election, now=NOW).households_without_voter == 2
    session.expire_all()
    make_registration(election, people[4], for_household=True)
    facts = gather(session, election, now=NOW)
    assert (facts.households_without_voter, facts.electors) == (2, 1)


def test_roll_is_left_after_its_days_for_objections(session: Session) -> None:
    election, actor, _community = started(_S.ROLL)
    make_round(election, people=make_voters(election, 3))
    assert blocked(election, actor, at(date(2026, 3, 20), 18)) == {_K.OBJECTIONS_RUNNING}
    assert blocked(election, actor, at(date(2026, 3, 21), 9)) == set()
    posted = step(session, election, _M.ROLL_POSTED).done_at
    assert posted == election.opens_at - timedelta(days=28)
    assert step(session, election, _M.NOMINATION_OPENS).done_at == at(date(2026, 3, 21), 9)


def test_nomination_ends_with_more_people_than_seats_and_nobody_in_two_posts(session: Session) -> None:
    community = make_community()
    election = make_election(community, stage=_S.NOMINATION, seats=(*ONE_SEAT, (PostKind.MEMBER, "委员", 1)))
    actor = actor_of(seat_committee(election)[0], Role.ELECTION_OFFICER)
    now = at(date(2026, 3, 29), 9)
    people = [make_person(community, name=name) for name in ("甲", "乙", "丙")]
    for title, person in (("主任", 0), ("主任", 1), ("委员", 1), ("委员", 2)):
        make_nomination(election, title, people[person], state=NominationState.ACCEPTED)
    facts = gather(session, election, now=now)
    assert facts.in_two_posts == ("乙",)
    assert [seat.nominated for seat in facts.seats] == [2, 2]
    chosen = make_nomination(election, "主任", people[1], state=NominationState.ACCEPTED)
    chosen.consented_at = NOW
    session.commit()
    assert blocked(election, actor, now) == {_K.TOO_FEW_NOMINATED}
    make_nomination(election, "委员", make_person(community), state=NominationState.ACCEPTED)
    filed = make_nomination(election, "委员", make_person(community))
    assert blocked(election, actor, now) == {_K.NOMINATIONS_UNDECIDED}
    filed.state, filed.decision = NominationState.REFUSED, "联名不足十人"
    session.commit()
    assert blocked(election, actor, now) == set()


def test_member_who_stands_himself_blocks_until_he_left_art_15(session: Session) -> None:
    election, _actor, community = started(_S.REVIEW)
    member = session.scalars(
        select(Person).where(Person.community_id == community.id, Person.name == "王志明")
    ).one()
    make_candidate(election, "主任", member, checks=NO_GROUND)
    assert gather(session, election, now=NOW).nominated_members == ("王志明",)


def test_review_asks_every_ground_and_lets_nobody_stand_to_whom_one_applies_art_18(
    session: Session,
) -> None:
    election, actor, community = started(_S.REVIEW)
    make_candidate(election, "主任", make_person(community), checks=NO_GROUND)
    asked = {"expelled": {"applies": False, "source": "党组织"}}
    second = make_candidate(election, "主任", make_person(community), checks=asked)
    assert blocked(election, actor, NOW) == {_K.CHECKS_MISSING}
    second.checks = NO_GROUND | {"sentenced": {"applies": True, "source": "法院"}}
    session.commit()
    assert blocked(election, actor, NOW) == {_K.DISQUALIFIED}
    second.checks = NO_GROUND
    session.commit()
    assert blocked(election, actor, NOW) == set()


def test_voting_is_reached_with_the_formal_list_the_meeting_and_a_poll_that_is_ready(
    session: Session,
) -> None:
    election, actor, community = started(_S.CANDIDATES)
    now = election.opens_at
    for _ in range(2):
        make_candidate(
            election, "主任", make_person(community), state=CandidateState.FORMAL, checks=NO_GROUND
        )
    do_steps(election, _M.FORMAL_LIST)
    first = make_round(election)
    assert blocked(election, actor, now) == {
        _K.CANDIDATES_NOT_MET,
        _K.STAFF_NOT_POSTED,
        _K.POLL_NOT_READY,
    }
    do_steps(election, _M.CANDIDATES_MET, _M.STAFF_POSTED)
    session.get_one(Poll, first.poll_id).state = PollState.READY
    session.commit()
    assert blocked(election, actor, now) == set()
    assert blocked(election, actor, now) == {_K.POLLING_RUNNING}


def test_list_is_posted_with_its_notice_on_the_day_of_that(session: Session) -> None:
    election, actor, community = started(_S.CANDIDATES)
    issued = at(date(2026, 4, 9), 9)
    for _ in range(2):
        make_candidate(election, "主任", make_person(community), state=CandidateState.FORMAL)
    do_steps(election, _M.FORMAL_LIST, _M.CANDIDATES_MET)
    make_round(election, poll_state=PollState.READY)
    assert blocked(election, actor, issued) == {_K.STAFF_NOT_POSTED}
    issue(session, election, NoticeKind.STAFF, issued)
    assert blocked(election, actor, election.opens_at) == set()
    assert step(session, election, _M.STAFF_POSTED).done_at == issued


def issue(session: Session, election: Election, kind: NoticeKind, issued_at: datetime) -> None:
    posted = post_notice(
        session,
        community_id=election.community_id,
        category=NoticeCategory.COMMON_CONCERN,
        title="公告",
        text="名单如下。",
        posted_by=None,
        now=issued_at,
    )
    session.flush()
    session.add(
        ElectionNotice(
            community_id=election.community_id,
            election_id=election.id,
            kind=kind,
            number=1,
            title="公告",
            text="名单如下。",
            issuer="居民选举委员会",
            issued_at=issued_at,
            notice_id=posted.id,
        )
    )
    session.commit()


def test_count_ends_when_the_result_is_taken_over_and_seats_are_as_many_as_were_voted_on(
    session: Session,
) -> None:
    election, actor, community = started(_S.COUNT)
    post = session.get_one(Post, election.seats[0].post_id)
    post.seats = 2
    candidate = make_candidate(election, "主任", make_person(community), state=CandidateState.FORMAL)
    last = make_round(election, poll_state=PollState.CERTIFIED)
    assert blocked(election, actor, NOW) == {_K.NOT_TAKEN_OVER}
    last.decided_at = NOW
    session.commit()
    assert blocked(election, actor, NOW) == {_K.SEATS_EMPTY}
    make_winner(last, candidate, 60)
    assert blocked(election, actor, NOW) == set()
    assert post.seats == 1


def test_result_needs_a_woman_and_no_relatives_side_by_side_art_8(session: Session) -> None:
    community = make_community()
    election = make_election(community, stage=_S.RESULT, seats=(*ONE_SEAT, (PostKind.MEMBER, "委员", 1)))
    actor = actor_of(seat_committee(election)[0], Role.ELECTION_OFFICER)
    do_steps(election, _M.RESULT_ANNOUNCED, _M.RESULT_FILED)
    men = [make_person(community, name=name, sex=Sex.MALE) for name in ("甲", "乙")]
    last = make_round(election, poll_state=PollState.CERTIFIED, decided_at=NOW)
    for title, man in zip(("主任", "委员"), men, strict=True):
        make_winner(
            last,
            make_candidate(election, title, man, state=CandidateState.FORMAL),
            60,
            certificate="001",
            certified_on=date(2026, 4, 15),
        )
    assert blocked(election, actor, NOW) == {_K.NO_WOMAN}
    men[1].sex = Sex.FEMALE
    session.add(
        Kinship(
            community_id=community.id,
            person_id=men[0].id,
            relative_id=men[1].id,
            kind=KinshipKind.SPOUSE,
        )
    )
    session.commit()
    assert blocked(election, actor, NOW) == {_K.KIN_ELECTED}
    assert gather(session, election, now=NOW).kin_elected == (("乙", "甲"),)


def test_election_closes_after_the_handover_and_ends_the_time_of_its_committee(session: Session) -> None:
    election, actor, community = started(_S.HANDOVER)
    item = HandoverItem(
        community_id=community.id, election_id=election.id, position=1, title="居民委员会印章"
    )
    session.add(item)
    session.commit()
    assert blocked(election, actor, NOW) == {_K.HANDOVER_OPEN}
    item.done_at, item.done_by_id = NOW, actor.person_id
    session.commit()
    assert blocked(election, actor, NOW) == set()
    assert (election.stage, election.closed_at) == (_S.CLOSED, NOW)
    ended = session.scalars(
        select(Term.ended_on).join(Post).where(Post.body_id == election.presiding_id)
    ).all()
    assert set(ended) == {NOW.date()}
    with pytest.raises(TransitionNotAllowed):
        advance(election_id=election.id, actor=actor, now=NOW)


def test_residents_and_the_old_committee_take_no_step_once_the_committee_presides(
    session: Session,
) -> None:
    election, _actor, community = started(_S.REGISTRATION)
    for role in (Role.RESIDENT, Role.COMMITTEE, Role.SUPERVISOR):
        with pytest.raises(NotEligible):
            advance(election_id=election.id, actor=actor_of(make_person(community), role), now=NOW)


def test_facts_cost_as_many_statements_for_a_hundred_voters_as_for_one(session: Session) -> None:
    election, _actor, community = started(_S.NOMINATION)

    def cost() -> int:
        session.expire_all()
        with transaction() as fresh, count_statements() as counted:
            gather(fresh, fresh.get_one(Election, election.id), now=NOW)
        return counted.total

    before = cost()
    for person in make_voters(election, 40):
        make_registration(election, person)
    for _ in range(5):
        make_nomination(election, "主任", make_person(community))
        make_candidate(election, "主任", make_person(community), checks=NO_GROUND)
    assert cost() == before
