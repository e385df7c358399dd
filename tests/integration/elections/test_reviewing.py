"""The review and the formal list: who becomes a candidate, what bars, how many are needed, and by when."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import PostKind, Role
from civicforum.elections.calendar import Milestone
from civicforum.elections.models import Candidate, Election, Nomination, Step
from civicforum.elections.nominations import NominationFault
from civicforum.elections.rules import (
    CandidateState,
    Disqualification,
    NominationRoute,
    NominationState,
    Stage,
)
from civicforum.elections.services import reviewing as services
from civicforum.elections.services.reviewing import Check
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.people.models import Community, Person
from civicforum.records.models import JournalEntry
from tests.factories import NOW, actor_of, make_community, make_officer, make_person
from tests.support.elections import (
    make_candidate,
    make_election,
    make_nomination,
    make_round,
    make_voters,
    seat_of,
)

CLEAR = {ground: Check(False, "街道纪工委 2026 年 3 月 2 日复函") for ground in Disqualification}
CHECKED = {ground.value: {"applies": False, "source": "街道纪工委"} for ground in Disqualification}
ONE_POST = ((PostKind.DIRECTOR, "主任", 1),)


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def officer(community: Community) -> Actor:
    return actor_of(make_officer(community, Role.ELECTION_OFFICER), Role.ELECTION_OFFICER)


@pytest.fixture
def election(community: Community) -> Election:
    return make_election(community, stage=Stage.NOMINATION)


@pytest.fixture
def voters(election: Election) -> list[Person]:
    people = make_voters(election, 11)
    make_round(election, people=people)
    return people


def accept(election: Election, nomination: Nomination, officer: Actor) -> uuid.UUID:
    return services.accept_nomination(
        election_id=election.id, nomination_id=nomination.id, actor=officer, now=NOW
    )


def test_ten_signatures_of_voters_on_the_roll_make_a_candidate(
    session: Session, election: Election, voters: list[Person], officer: Actor
) -> None:
    row = make_nomination(election, "主任", voters[10], signers=voters[:10], consented_at=NOW)
    candidate = session.get_one(Candidate, accept(election, row, officer))
    assert (candidate.person_id, candidate.state) == (voters[10].id, CandidateState.PRELIMINARY)
    assert row.state is NominationState.ACCEPTED
    with pytest.raises(TransitionNotAllowed):
        accept(election, row, officer)


def test_nine_of_them_do_not_nor_does_a_tenth_who_is_not_on_the_roll(
    community: Community, election: Election, voters: list[Person], officer: Actor
) -> None:
    signers = [*voters[:9], make_person(community)]
    row = make_nomination(election, "主任", voters[10], signers=signers, consented_at=NOW)
    with pytest.raises(RuleRefused, match="9 < 10"):
        accept(election, row, officer)


def test_nobody_becomes_a_candidate_without_agreeing(
    election: Election, voters: list[Person], officer: Actor
) -> None:
    row = make_nomination(election, "主任", voters[10])
    with pytest.raises(Invalid, match=NominationFault.NO_CONSENT):
        accept(election, row, officer)


def test_two_nominations_for_one_post_make_one_candidate(
    session: Session, election: Election, voters: list[Person], officer: Actor
) -> None:
    party = make_nomination(election, "主任", voters[10], consented_at=NOW)
    joint = make_nomination(election, "主任", voters[10], signers=voters[:10], consented_at=NOW)
    assert (party.route, joint.route) == (NominationRoute.PARTY, NominationRoute.JOINT)
    assert accept(election, party, officer) == accept(election, joint, officer)


def test_a_nomination_is_refused_with_its_reason(
    session: Session, election: Election, voters: list[Person], officer: Actor
) -> None:
    row = make_nomination(election, "主任", voters[10], signers=voters[:3])
    services.refuse_nomination(
        election_id=election.id, nomination_id=row.id, reason="联名人数不足", actor=officer, now=NOW
    )
    assert (row.state, row.decision) == (NominationState.REFUSED, "联名人数不足")


def answer(
    election: Election, candidate: Candidate, officer: Actor, checks: dict[Disqualification, Check]
) -> bool:
    return services.answer_checks(
        election_id=election.id, candidate_id=candidate.id, checks=checks, actor=officer, now=NOW
    )


@pytest.mark.parametrize("ground", list(Disqualification))
def test_each_of_the_four_grounds_refuses_the_candidate(
    session: Session, community: Community, officer: Actor, ground: Disqualification
) -> None:
    election = make_election(community, stage=Stage.REVIEW)
    candidate = make_candidate(election, "主任", make_person(community))
    assert not answer(election, candidate, officer, {**CLEAR, ground: Check(True, "东湖区人民法院判决书")})
    assert (candidate.state, candidate.decision) == (CandidateState.REFUSED, ground)
    entry = session.scalars(
        select(JournalEntry).where(JournalEntry.action == "election.review_candidate")
    ).one()
    assert not entry.is_public
    with pytest.raises(TransitionNotAllowed):
        answer(election, candidate, officer, CLEAR)


def test_somebody_refused_is_not_taken_onto_the_list_by_another_nomination(
    election: Election, voters: list[Person], officer: Actor
) -> None:
    make_candidate(election, "主任", voters[10], state=CandidateState.REFUSED, decision="sentenced")
    row = make_nomination(election, "委员", voters[10], consented_at=NOW)
    with pytest.raises(Invalid, match=NominationFault.REFUSED_BEFORE):
        accept(election, row, officer)


def stand(
    community: Community, stage: Stage = Stage.CANDIDATES, number: int = 2, **terms: object
) -> tuple[Election, list[Candidate]]:
    """Make an election of one director for whom so many stand, each of them checked."""
    election = make_election(community, stage=stage, seats=ONE_POST)
    values = {"checks": CHECKED, **terms}
    return election, [
        make_candidate(election, "主任", make_person(community), **values) for _ in range(number)
    ]


def post(election: Election, order: Sequence[Candidate], officer: Actor, *, now: datetime = NOW) -> None:
    services.post_formal_list(
        election_id=election.id, order=[one.id for one in order], actor=officer, now=now
    )


def test_the_formal_list_keeps_the_order_of_the_paper_and_its_day(
    session: Session, community: Community, officer: Actor
) -> None:
    election, (first, second) = stand(community)
    post(election, [second, first], officer)
    assert [(one.position, one.state) for one in (second, first)] == [
        (1, CandidateState.FORMAL),
        (2, CandidateState.FORMAL),
    ]
    step = session.scalars(
        select(Step).where(Step.election_id == election.id, Step.milestone == Milestone.FORMAL_LIST)
    ).one()
    assert step.done_at == NOW
    with pytest.raises(AlreadyDone):
        post(election, [first, second], officer)


@pytest.mark.parametrize(
    ("number", "rule"),
    [(1, "election.excess"), (3, "election.excess_of_directors")],
)
def test_as_many_candidates_as_seats_or_too_many_make_no_list(
    community: Community, officer: Actor, number: int, rule: str
) -> None:
    election, standing = stand(community, number=number)
    with pytest.raises(RuleRefused) as refused:
        post(election, standing, officer)
    assert refused.value.verdict.rule.id == rule
    assert all(one.state is CandidateState.PRELIMINARY for one in standing)


def test_an_unanswered_check_keeps_the_list_back(community: Community, officer: Actor) -> None:
    three = {ground: CHECKED[ground] for ground in list(Disqualification)[:3]}
    election, standing = stand(community, checks=three)
    with pytest.raises(RuleRefused, match="3 < 4"):
        post(election, standing, officer)


@pytest.mark.parametrize(("days", "is_in_time"), [(5, True), (4, False)])
def test_the_list_is_posted_five_days_before_election_day(
    community: Community, officer: Actor, days: int, is_in_time: bool
) -> None:
    election, standing = stand(community)
    now = election.opens_at - timedelta(days=days)
    if is_in_time:
        post(election, standing, officer, now=now)
    else:
        with pytest.raises(RuleRefused) as refused:
            post(election, standing, officer, now=now)
        assert refused.value.verdict.rule.id == "election.formal_list"


def test_nobody_is_left_out_of_the_order(community: Community, officer: Actor) -> None:
    election, standing = stand(community)
    with pytest.raises(Invalid, match=NominationFault.ORDER_INCOMPLETE):
        post(election, standing[:1], officer)


def test_the_list_follows_the_review_and_is_the_officers_to_post(
    community: Community, officer: Actor
) -> None:
    election, standing = stand(community, stage=Stage.REVIEW)
    with pytest.raises(TransitionNotAllowed):
        post(election, standing, officer)
    with pytest.raises(NotEligible):
        post(election, standing, actor_of(make_person(community)))


def test_a_candidate_steps_down_before_the_list_is_posted_and_not_after(
    community: Community, officer: Actor
) -> None:
    election, (first, second) = stand(community)

    def step_down(candidate: Candidate, actor: Actor) -> None:
        services.withdraw_candidate(
            election_id=election.id, candidate_id=candidate.id, reason="身体原因", actor=actor, now=NOW
        )

    with pytest.raises(NotEligible):
        step_down(first, actor_of(make_person(community)))
    step_down(first, Actor(person_id=first.person_id, community_id=community.id))
    assert first.state is CandidateState.WITHDRAWN
    make_candidate(election, "主任", make_person(community), checks=CHECKED)
    post(election, [one for one in election_candidates(election) if one.id != first.id], officer)
    with pytest.raises(TransitionNotAllowed):
        step_down(second, officer)


def election_candidates(election: Election) -> list[Candidate]:
    seat = seat_of(election, "主任")
    session = Session.object_session(election)
    assert session is not None
    return list(session.scalars(select(Candidate).where(Candidate.seat_id == seat.id)))
