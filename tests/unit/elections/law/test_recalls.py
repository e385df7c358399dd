"""Void elections, recall, resignation, by-elections, handover: arts 20 to 25 and 37, and local rules."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from civicforum.bodies.rules import BodyKind, default_until
from civicforum.elections.calendar import Milestone, breaches, plan
from civicforum.elections.recalls import (
    MAJORITY,
    VALIDITY,
    EndGround,
    ends_by_itself,
    ends_recall,
    judge_again,
    judge_announcement,
    judge_by_election_day,
    judge_defence,
    judge_demand,
    judge_left,
    judge_resignation,
    judge_vote_day,
    last_day_of_by_elected,
)
from civicforum.elections.rules import Stage, Way, move
from civicforum.errors import TransitionNotAllowed
from civicforum.polls.models import Poll
from civicforum.polls.outcomes import Electorate, PollOutcome, decide
from civicforum.polls.outcomes import Way as Channel
from civicforum.polls.questions import QuestionKind, QuestionSpec
from civicforum.polls.rules import PollState
from civicforum.polls.rules import move as move_poll
from civicforum.polls.services.results import answer_rule
from civicforum.sealed import ContestCount
from tests.support.law import BOOK, POLLING_DAY, at, book_with, people, person

DEMANDED = at(date(2026, 6, 1))
MOTION = QuestionSpec(QuestionKind.MOTION, "罢免居民委员会委员王志明", majority_rule=MAJORITY)


def voted(way: Way, *, on_roll: int, in_favour: int, valid: int, invalid: int = 0) -> PollOutcome:
    """Return what the poll on a recall comes to, as its result sheet judges it; all ballots are on paper."""
    count = ContestCount(((in_favour,), (valid - in_favour,)), Counter(), Counter(), 0)
    return decide(
        [MOTION],
        paper=Channel((count,), valid, invalid),
        electorate=Electorate(on_roll),
        book=BOOK,
        quorum_rule=VALIDITY[way],
    )


def is_valid(way: Way, *, on_roll: int, taking_part: int) -> bool:
    """Tell whether a vote has its quorum; everybody is in favour, so that it is carried where it has."""
    outcome = voted(way, on_roll=on_roll, in_favour=taking_part, valid=taking_part)
    assert outcome.quorum is not None
    assert "第二十条" in outcome.quorum.article
    assert outcome.is_adopted is outcome.quorum.holds
    return outcome.quorum.holds


@pytest.mark.law("B27", "committee.handover")
@pytest.mark.parametrize(("days", "holds"), [(9, True), (10, True), (11, False)])
def test_art_25_the_old_committee_hands_over_within_ten_days(days: int, holds: bool) -> None:
    dates = plan(POLLING_DAY, Way.VOTERS) | {Milestone.HANDED_OVER: POLLING_DAY + timedelta(days=days)}
    found = [(one.milestone, one.verdict.rule.article) for one in breaches(BOOK, dates) if one.verdict]
    assert found == ([] if holds else [(Milestone.HANDED_OVER, "城市居民委员会组织法 第二十五条")])


@pytest.mark.law("B28", "election.void")
def test_art_22_an_election_won_by_wrong_is_void_even_after_its_end() -> None:
    assert move(Stage.CLOSED, Stage.VOID) is Stage.VOID
    assert move_poll(PollState.CERTIFIED, PollState.VOID) is PollState.VOID
    with pytest.raises(TransitionNotAllowed):
        move(Stage.VOID, Stage.CLOSED)


@pytest.mark.law("B28", "election.report_answered")
@pytest.mark.parametrize(("days", "holds"), [(29, True), (30, True), (31, False)])
def test_local_a_report_about_an_election_is_answered_within_thirty_days(days: int, holds: bool) -> None:
    rule = BOOK.clock(answer_rule(Poll(is_statutory=True)))
    reported = at(date(2026, 4, 13), 22)
    assert rule.judge(reported, at(date(2026, 4, 13) + timedelta(days=days), 7)).holds is holds


@pytest.mark.law("B29", "recall.demand.voters")
@pytest.mark.parametrize(("signers", "holds"), [(339, False), (340, True), (341, True)])
def test_art_20_a_tenth_of_the_voters_demand_a_recall(signers: int, holds: bool) -> None:
    verdict = judge_demand(BOOK, Way.VOTERS, people(signers), people(3400))
    assert verdict.holds is holds
    assert "第二十条" in verdict.rule.article


@pytest.mark.law("B29", "recall.demand.households")
@pytest.mark.parametrize(("signers", "holds"), [(119, False), (120, True), (121, True)])
def test_art_20_a_tenth_of_the_household_representatives_demand_a_recall(signers: int, holds: bool) -> None:
    assert judge_demand(BOOK, Way.HOUSEHOLDS, people(signers), people(1200)).holds is holds
    # A tenth of 1,210 is 121.
    assert judge_demand(BOOK, Way.HOUSEHOLDS, people(signers), people(1210)).holds is (signers == 121)


@pytest.mark.law("B29", "recall.demand.representatives")
@pytest.mark.parametrize(("signers", "holds"), [(19, False), (20, True), (21, True)])
def test_art_20_a_third_of_the_representatives_demand_a_recall(signers: int, holds: bool) -> None:
    assert judge_demand(BOOK, Way.REPRESENTATIVES, people(signers), people(60)).holds is holds


@pytest.mark.law("B29", "recall.demand.representatives")
def test_art_20_who_demands_a_recall_twice_or_is_not_on_the_roll_counts_once_or_not() -> None:
    signers = [*people(19), person(19), person(61)]
    assert judge_demand(BOOK, Way.REPRESENTATIVES, signers, people(60)).arithmetic == "19 < 1/3 × 60 = 20"


@pytest.mark.law("B29", "recall.defence")
def test_art_20_the_member_may_defend_themselves_before_the_vote() -> None:
    assert not judge_defence(BOOK, was_heard=False).holds
    assert judge_defence(BOOK, was_heard=True).holds


@pytest.mark.law("B30", "recall.validity.voters")
@pytest.mark.parametrize(("taking_part", "holds"), [(1699, False), (1700, False), (1701, True)])
def test_art_20_more_than_half_of_the_voters_vote_on_a_recall(taking_part: int, holds: bool) -> None:
    assert is_valid(Way.VOTERS, on_roll=3400, taking_part=taking_part) is holds


@pytest.mark.law("B30", "recall.validity.households")
@pytest.mark.parametrize(("taking_part", "holds"), [(599, False), (600, False), (601, True)])
def test_art_20_more_than_half_of_the_households_vote_on_a_recall(taking_part: int, holds: bool) -> None:
    assert is_valid(Way.HOUSEHOLDS, on_roll=1200, taking_part=taking_part) is holds


@pytest.mark.law("B30", "recall.validity.representatives")
@pytest.mark.parametrize(("taking_part", "holds"), [(199, False), (200, False), (201, True)])
def test_art_20_more_than_two_thirds_of_the_representatives_vote_on_a_recall(
    taking_part: int, holds: bool
) -> None:
    assert is_valid(Way.REPRESENTATIVES, on_roll=300, taking_part=taking_part) is holds


@pytest.mark.law("B30", "recall.majority")
@pytest.mark.parametrize(("in_favour", "holds"), [(899, False), (900, False), (901, True)])
def test_art_20_more_than_half_of_those_who_voted_recall(in_favour: int, holds: bool) -> None:
    # 1,780 valid and 20 invalid papers: 1,800 took part.
    outcome = voted(Way.VOTERS, on_roll=3400, in_favour=in_favour, valid=1780, invalid=20)
    assert outcome.is_adopted is holds


@pytest.mark.law("B30", "recall.vote")
@pytest.mark.parametrize(("days", "holds"), [(29, True), (30, True), (31, False)])
def test_local_a_recall_is_voted_on_within_thirty_days(days: int, holds: bool) -> None:
    assert judge_vote_day(BOOK, DEMANDED, DEMANDED + timedelta(days=days)).holds is holds


@pytest.mark.law("B30", "recall.barred")
@pytest.mark.parametrize(
    ("demanded_on", "holds"),
    [(date(2027, 5, 31), False), (date(2027, 6, 1), False), (date(2027, 6, 2), True)],
)
def test_local_the_same_facts_are_barred_for_a_year_after_a_recall_failed(
    demanded_on: date, holds: bool
) -> None:
    demanded_at = at(demanded_on)
    assert judge_again(BOOK, failed_at=DEMANDED, demanded_at=demanded_at, same_facts=True).holds is holds
    assert judge_again(BOOK, failed_at=DEMANDED, demanded_at=demanded_at, same_facts=False).holds


@pytest.mark.law("B30", "recall.barred_for_term")
@pytest.mark.parametrize(
    ("same_term", "same_facts", "holds"), [(True, True, False), (True, False, True), (False, True, True)]
)
def test_local_a_profile_bars_the_same_facts_for_the_whole_term(
    same_term: bool, same_facts: bool, holds: bool
) -> None:
    verdict = judge_again(
        book_with("recall.barred_for_term", on=True),
        failed_at=DEMANDED,
        demanded_at=at(date(2030, 6, 1)),
        same_facts=same_facts,
        same_term=same_term,
    )
    assert verdict.holds is holds


@pytest.mark.law("B30", "recall.resignation_ends")
@pytest.mark.parametrize(("minutes", "ends"), [(-1, True), (0, False), (1, False)])
def test_local_a_resignation_passed_before_the_vote_ends_the_recall(minutes: int, ends: bool) -> None:
    polling_at = at(POLLING_DAY)
    assert ends_recall(BOOK, polling_at + timedelta(minutes=minutes), polling_at) is ends
    assert not ends_recall(BOOK, None, polling_at)


@pytest.mark.law("B31", "committee.resignation")
def test_art_21_a_resignation_ends_the_post_once_an_assembly_passed_it() -> None:
    assert not judge_resignation(BOOK, was_passed=False).holds
    assert judge_resignation(BOOK, was_passed=True).holds
    assert ends_by_itself(BOOK, EndGround.RESIGNED) is None
    assert ends_by_itself(BOOK, EndGround.RECALLED) is None


@pytest.mark.law("B31", "committee.resignation_announced")
@pytest.mark.parametrize(("days", "holds"), [(14, True), (15, True), (16, False)])
def test_local_a_resignation_is_announced_within_fifteen_days(days: int, holds: bool) -> None:
    assert judge_announcement(BOOK, DEMANDED, DEMANDED + timedelta(days=days)).holds is holds


@pytest.mark.law("B31", "committee.ends_by_itself")
@pytest.mark.parametrize("ground", [EndGround.INCAPABLE, EndGround.SENTENCED])
def test_art_23_incapacity_or_a_sentence_ends_the_post_by_itself(ground: EndGround) -> None:
    verdict = ends_by_itself(BOOK, ground)
    assert verdict is not None
    assert "第二十三条" in verdict.rule.article
    assert ends_by_itself(book_with("committee.ends_by_itself", on=False), ground) is None


@pytest.mark.law("B31", "appraisal.strikes")
def test_art_37_two_appraisals_running_as_incompetent_end_the_post_by_themselves() -> None:
    verdict = ends_by_itself(BOOK, EndGround.TWO_STRIKES)
    assert verdict is not None
    assert "第三十七条" in verdict.rule.article


@pytest.mark.law("B32", "election.by_election.below")
@pytest.mark.parametrize(("left", "is_needed"), [(2, True), (3, False), (4, False)])
def test_local_a_by_election_is_needed_when_fewer_than_three_are_left(left: int, is_needed: bool) -> None:
    assert judge_left(BOOK, left).holds is not is_needed


@pytest.mark.law("B32", "election.by_election.within")
@pytest.mark.parametrize(
    ("polling_at", "holds"),
    [
        (datetime(2026, 8, 30, 15, 59, tzinfo=UTC), True),
        (datetime(2026, 8, 31, 15, 59, tzinfo=UTC), True),
        (datetime(2026, 8, 31, 16, 0, tzinfo=UTC), False),
    ],
)
def test_local_a_by_election_is_held_within_three_months(polling_at: datetime, holds: bool) -> None:
    # From 31 May to the end of 31 August in Shanghai, which is 16:00 in UTC.
    assert judge_by_election_day(BOOK, at(date(2026, 5, 31)), polling_at).holds is holds


@pytest.mark.law("B32", "election.by_election.rest_of_term")
def test_art_24_who_is_elected_in_a_by_election_serves_the_rest_of_the_term() -> None:
    term_until, since = date(2031, 4, 11), date(2028, 9, 1)
    full = default_until(BodyKind.RESIDENTS_COMMITTEE, since, BOOK)
    assert full == date(2033, 8, 31)
    assert last_day_of_by_elected(BOOK, term_until, full) == term_until
