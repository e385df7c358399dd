"""What an election's stages wait for, where the law asks for an act without a number."""

from __future__ import annotations

from typing import Any

import pytest

from civicforum.bodies.rules import PostKind
from civicforum.elections.blockers import BlockerKind, Facts, PollFact, SeatFact, blockers_of
from civicforum.elections.calendar import Milestone, plan
from civicforum.elections.rules import ElectionKind, Stage, Way
from civicforum.polls.rules import PollState
from tests.support.law import BOOK, POLLING_DAY, at

_K, _M = BlockerKind, Milestone
DATES = plan(POLLING_DAY, Way.VOTERS, by_proxy=True)


def found(stage: Stage, **values: Any) -> set[BlockerKind]:
    facts = Facts(stage=stage, dates=DATES, by_proxy=True, **values)
    return {one.kind for one in blockers_of(facts, BOOK, at(POLLING_DAY, 18))}


@pytest.mark.law("B1", "election.seats_decided_by_assembly")
def test_local_a_plan_waits_for_the_assembly_that_decides_the_seats() -> None:
    assert _K.PLAN_NOT_APPROVED in found(Stage.PLANNED)
    assert _K.PLAN_NOT_APPROVED not in found(Stage.PLANNED, done=frozenset({_M.PLAN_APPROVED}))


@pytest.mark.law("B16", "election.meeting_candidates")
def test_art_18_nobody_votes_before_the_candidates_met_the_voters() -> None:
    assert _K.CANDIDATES_NOT_MET in found(Stage.CANDIDATES)
    assert _K.CANDIDATES_NOT_MET not in found(Stage.CANDIDATES, done=frozenset({_M.CANDIDATES_MET}))


@pytest.mark.law("B21", "proxy.published")
def test_art_19_nobody_votes_before_the_list_of_proxies_is_posted() -> None:
    assert _K.PROXIES_NOT_POSTED in found(Stage.CANDIDATES)
    assert _K.PROXIES_NOT_POSTED not in found(Stage.CANDIDATES, done=frozenset({_M.PROXY_LIST}))


@pytest.mark.law("B25", "election.result_on_the_spot")
def test_art_19_an_election_does_not_go_on_before_its_result_was_announced() -> None:
    assert _K.NOT_ANNOUNCED in found(Stage.RESULT)
    assert _K.NOT_ANNOUNCED not in found(Stage.RESULT, done=frozenset({_M.RESULT_ANNOUNCED}))


@pytest.mark.law("B25", "election.certificate")
@pytest.mark.parametrize(("uncertified", "is_blocked"), [(0, False), (1, True)])
def test_local_everybody_elected_has_a_certificate(uncertified: int, is_blocked: bool) -> None:
    assert (_K.UNCERTIFIED in found(Stage.RESULT, uncertified=uncertified)) is is_blocked


@pytest.mark.law("B1", "committee.women")
@pytest.mark.parametrize(("women", "is_blocked"), [(0, True), (1, False), (2, False)])
def test_art_8_a_committee_without_a_woman_is_not_complete(women: int, is_blocked: bool) -> None:
    assert (_K.NO_WOMAN in found(Stage.RESULT, women=women)) is is_blocked


@pytest.mark.law("B6", "election.further_round.may_stop_at")
@pytest.mark.parametrize(("elected", "is_blocked"), [(2, True), (3, False), (4, False)])
def test_local_an_election_goes_on_with_empty_seats_once_three_are_elected(
    elected: int, is_blocked: bool
) -> None:
    kinds = found(
        Stage.COUNT,
        poll=PollFact(PollState.CERTIFIED, at(POLLING_DAY), at(POLLING_DAY)),
        is_decided=True,
        seats=(SeatFact("委员", PostKind.MEMBER, 5),),
        elected=elected,
    )
    assert (_K.SEATS_EMPTY in kinds) is is_blocked


@pytest.mark.law("B32", "election.further_round.may_stop_at")
@pytest.mark.parametrize(("staying", "is_blocked"), [(1, True), (2, False), (3, False)])
def test_local_a_by_election_goes_on_with_empty_seats_once_three_are_on_the_committee(
    staying: int, is_blocked: bool
) -> None:
    kinds = found(
        Stage.COUNT,
        kind=ElectionKind.BY_ELECTION,
        poll=PollFact(PollState.CERTIFIED, at(POLLING_DAY), at(POLLING_DAY)),
        is_decided=True,
        seats=(SeatFact("委员", PostKind.MEMBER, 2),),
        elected=1,
        staying=staying,
    )
    assert (_K.SEATS_EMPTY in kinds) is is_blocked
