"""Nominations, what bars a candidate, and the excess of candidates: art 18 and the local rules beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from civicforum.bodies.rules import BodyKind, PostKind
from civicforum.elections.calendar import Milestone, breaches, plan
from civicforum.elections.law import require
from civicforum.elections.nominations import (
    in_order,
    judge_checks,
    judge_excess,
    judge_meeting,
    judge_nominations_of,
    judge_one_post,
    judge_route,
    judge_signers,
)
from civicforum.elections.rules import Disqualification, NominationRoute, Way
from civicforum.errors import RuleRefused
from tests.support.law import BOOK, POLLING_DAY, book_with, people, person

COMMITTEE = BodyKind.RESIDENTS_COMMITTEE
NOMINEE = person(99)
CLEAR = dict.fromkeys(Disqualification, False)


def holds_for(post: PostKind, candidates: int, seats: int) -> dict[str, bool]:
    verdicts = judge_excess(BOOK, COMMITTEE, post, candidates=candidates, seats=seats)
    return {verdict.rule.id: verdict.holds for verdict in verdicts}


@pytest.mark.law("B8", "election.excess")
@pytest.mark.parametrize(("candidates", "holds"), [(4, False), (5, False), (6, True)])
def test_art_18_more_people_stand_than_there_are_seats(candidates: int, holds: bool) -> None:
    verdict = judge_excess(BOOK, COMMITTEE, PostKind.MEMBER, candidates=candidates, seats=5)[0]
    assert verdict.holds is holds
    assert verdict.least == 6
    assert "第十八条" in verdict.rule.article


@pytest.mark.law("B8", "election.excess_of_directors")
@pytest.mark.parametrize(("candidates", "holds"), [(1, False), (2, True), (3, False)])
@pytest.mark.parametrize("post", [PostKind.DIRECTOR, PostKind.DEPUTY_DIRECTOR])
def test_local_one_more_stands_for_director_and_for_deputy(
    post: PostKind, candidates: int, holds: bool
) -> None:
    assert holds_for(post, candidates, 1)["election.excess_of_directors"] is holds


@pytest.mark.law("B8", "election.excess_of_members")
@pytest.mark.parametrize(("candidates", "holds"), [(3, False), (4, True), (5, True), (6, True), (7, False)])
def test_local_one_to_three_more_stand_for_members(candidates: int, holds: bool) -> None:
    assert holds_for(PostKind.MEMBER, candidates, 3)["election.excess_of_members"] is holds


@pytest.mark.law("B8", "election.excess")
def test_art_18_bounds_of_a_place_are_for_the_committee_alone() -> None:
    verdicts = judge_excess(BOOK, BodyKind.DELIBERATION_COUNCIL, PostKind.MEMBER, candidates=20, seats=5)
    assert [(verdict.rule.id, verdict.holds) for verdict in verdicts] == [("election.excess", True)]


@pytest.mark.law("B14", "election.nomination.voters")
@pytest.mark.parametrize(("signers", "holds"), [(9, False), (10, True), (11, True)])
def test_art_18_ten_voters_nominate_jointly(signers: int, holds: bool) -> None:
    assert judge_signers(BOOK, people(signers), people(40), NOMINEE).holds is holds


@pytest.mark.law("B14", "election.nomination.voters", "election.nomination.self")
def test_art_18_a_signature_counts_once_and_of_voters_on_the_roll_only() -> None:
    roll = [*people(40), NOMINEE]
    assert not judge_signers(BOOK, [*people(9), person(9)], roll, NOMINEE).holds
    assert not judge_signers(BOOK, [*people(9), person(41)], roll, NOMINEE).holds
    # Nobody nominates themselves: the nominee is no joint voter.
    assert not judge_signers(BOOK, [*people(9), NOMINEE], roll, NOMINEE).holds
    allowed = book_with("election.nomination.self", on=True)
    assert judge_signers(allowed, [*people(9), NOMINEE], roll, NOMINEE).holds


@pytest.mark.law("B14", "election.nomination.party")
def test_art_18_the_party_organisation_nominates_where_the_switch_is_on() -> None:
    verdict = judge_route(BOOK, NominationRoute.PARTY)
    assert verdict is not None
    assert verdict.holds
    off = judge_route(book_with("election.nomination.party", on=False), NominationRoute.PARTY)
    assert off is not None
    assert not off.holds
    assert judge_route(BOOK, NominationRoute.JOINT) is None


@pytest.mark.law("B14", "election.nomination.within_seats")
@pytest.mark.parametrize(("nominated", "holds"), [(2, True), (3, True), (4, False)])
def test_local_nobody_nominates_more_people_than_seats(nominated: int, holds: bool) -> None:
    assert judge_nominations_of(BOOK, nominated, 3).holds is holds


@pytest.mark.law("B14", "election.nomination.one_post")
@pytest.mark.parametrize(("posts", "holds"), [(1, True), (2, False), (3, False)])
def test_local_who_is_nominated_for_two_posts_chooses_one(posts: int, holds: bool) -> None:
    assert judge_one_post(BOOK, posts).holds is holds


@pytest.mark.law("B15", "election.disqualified")
@pytest.mark.parametrize(("asked", "holds"), [(3, False), (4, True)])
def test_art_18_all_four_disqualifications_are_asked_about(asked: int, holds: bool) -> None:
    answers = dict(list(CLEAR.items())[:asked])
    every, _none = judge_checks(BOOK, answers)
    assert every.holds is holds
    assert every.least == 4


@pytest.mark.law("B15", "election.disqualified")
@pytest.mark.parametrize("ground", Disqualification)
def test_art_18_each_disqualification_bars_a_candidate(ground: Disqualification) -> None:
    require(*judge_checks(BOOK, CLEAR))
    with pytest.raises(RuleRefused) as refusal:
        require(*judge_checks(BOOK, {**CLEAR, ground: True}))
    assert refusal.value.verdict.arithmetic == "1 > 0"


@pytest.mark.law("B15", "election.formal_list")
@pytest.mark.parametrize(("days", "holds"), [(4, False), (5, True), (6, True)])
def test_local_the_final_list_is_posted_five_days_before(days: int, holds: bool) -> None:
    dates = plan(POLLING_DAY, Way.VOTERS) | {Milestone.FORMAL_LIST: POLLING_DAY - timedelta(days=days)}
    found = [one.milestone for one in breaches(BOOK, dates) if one.verdict is not None]
    assert found == ([] if holds else [Milestone.FORMAL_LIST])


@pytest.mark.law("B16", "election.meeting_candidates")
def test_art_18_candidates_meet_the_voters_and_answer() -> None:
    assert not judge_meeting(BOOK, was_held=False).holds
    assert judge_meeting(BOOK, was_held=True).holds


def test_names_stand_in_the_order_of_their_pinyin() -> None:
    # Chén, Lǐ, Wáng, Zhāng: not the order of their code points, which is 张 李 王 陈.
    assert in_order(["张建国", "王秀英", "陈敏", "李强"], str) == ["陈敏", "李强", "王秀英", "张建国"]
