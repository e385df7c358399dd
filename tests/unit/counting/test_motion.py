from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.counting import (
    Basis,
    ImpossibleCount,
    Majority,
    MotionChoice,
    MotionTally,
    Share,
    check_majority,
    count_motion,
)
from civicforum.rulebook import judge, load

CHOICES = st.lists(st.sampled_from(list(MotionChoice)))


def test_each_choice_is_counted_on_its_own() -> None:
    votes = ["for", "against", "for", "abstain", "blank", "spoiled"]
    assert count_motion(votes) == MotionTally(2, 1, 1, 1, 1)


def test_abstentions_are_cast_and_spoiled_papers_only_take_part() -> None:
    tally = count_motion({"for": 20, "against": 15, "abstain": 4, "blank": 1, "spoiled": 1}, entitled=60)
    assert (tally.cast, tally.taking_part, tally.did_not_vote) == (39, 41, 19)


def test_an_abstention_can_cost_a_motion_its_majority() -> None:
    majority = load("national-2026").threshold("assembly.representatives.majority")
    with_abstention = count_motion({"for": 2, "against": 1, "abstain": 1})
    without = count_motion({"for": 2, "against": 1})
    assert not judge(majority, with_abstention.in_favour, {"present": with_abstention.taking_part}).holds
    assert judge(majority, without.in_favour, {"present": without.taking_part}).holds


def test_an_empty_vote_counts_nothing() -> None:
    assert count_motion([]).taking_part == 0
    assert count_motion({}).did_not_vote is None


@pytest.mark.parametrize("votes", [{"for": -1}, {"maybe": 1}, ["yes"]])
def test_counts_that_cannot_be_are_refused(votes: dict[str, int] | list[str]) -> None:
    with pytest.raises(ImpossibleCount):
        count_motion(votes)


def test_more_ballots_than_persons_are_refused() -> None:
    with pytest.raises(ImpossibleCount):
        count_motion(["for", "spoiled"], entitled=1)


@given(CHOICES.flatmap(lambda votes: st.tuples(st.just(votes), st.permutations(votes))))
def test_the_order_of_ballots_does_not_matter(votes: tuple[list[MotionChoice], list[MotionChoice]]) -> None:
    first, second = votes
    assert count_motion(first) == count_motion(second)


@given(CHOICES)
def test_nobody_is_lost(votes: list[MotionChoice]) -> None:
    assert count_motion(votes).taking_part == len(votes)


# 20 for, 15 against, 4 abstain, 1 blank, 2 spoiled; 60 could vote.
TALLY = count_motion({"for": 20, "against": 15, "abstain": 4, "blank": 1, "spoiled": 2}, entitled=60)
HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("basis", "more_than", "whole", "least", "holds"),
    [
        (Basis.FOR_AND_AGAINST, True, 35, 18, True),  # more than 17.5
        (Basis.CAST, True, 39, 20, True),  # more than 19.5
        (Basis.CAST, False, 39, 20, True),  # at least 19.5
        (Basis.TAKING_PART, True, 42, 22, False),  # more than 21
        (Basis.TAKING_PART, False, 42, 21, False),  # at least 21
        (Basis.ENTITLED, True, 60, 31, False),  # more than 30
        (Basis.ENTITLED, False, 60, 30, False),  # at least 30
    ],
)
def test_the_basis_of_a_majority_decides(
    basis: Basis, more_than: bool, whole: int, least: int, holds: bool
) -> None:
    check = check_majority(TALLY, Majority(Share(HALF, more_than=more_than), basis))
    assert (check.numerator, check.denominator, check.least, check.holds) == (20, whole, least, holds)


def test_without_another_rule_one_vote_more_than_against_carries() -> None:
    check = check_majority(TALLY)
    assert (check.numerator, check.denominator, check.least, check.holds) == (20, 15, 16, True)


@given(st.integers(0, 50), st.integers(0, 9))
def test_a_tie_does_not_carry(votes: int, abstained: int) -> None:
    tally = count_motion({"for": votes, "against": votes, "abstain": abstained})
    half = Share(HALF, more_than=True)
    for basis in (Basis.FOR_AND_AGAINST, Basis.CAST, Basis.TAKING_PART):
        assert not check_majority(tally, Majority(half, basis)).holds
    assert not check_majority(tally).holds


@pytest.mark.parametrize(
    ("share", "basis"), [(Share(HALF), Basis.FOR_AND_AGAINST), (Share(Fraction(1)), Basis.AGAINST)]
)
def test_a_majority_that_a_tie_would_reach_is_refused(share: Share, basis: Basis) -> None:
    with pytest.raises(ValueError, match="tie"):
        Majority(share, basis)


def test_half_of_those_due_to_attend_is_enough_where_the_rule_says_at_least() -> None:
    # 四议两公开: 半数以上 of those due to attend. 30 of 60 hold, though 30 others may not have agreed.
    majority = Majority(Share(HALF), Basis.ENTITLED)
    assert check_majority(count_motion({"for": 30, "against": 30}, entitled=60), majority).holds
    assert not check_majority(count_motion({"for": 29}, entitled=60), majority).holds


def test_a_share_of_those_entitled_needs_their_number() -> None:
    with pytest.raises(ImpossibleCount):
        check_majority(count_motion({"for": 1}), Majority(Share(HALF), Basis.ENTITLED))


@pytest.mark.parametrize("of", [Fraction(0), Fraction(-1, 2), Fraction(3, 2), 0.5])
def test_a_share_is_an_exact_part_of_a_whole(of: Fraction) -> None:
    with pytest.raises(ValueError, match="share"):
        Share(of)


@given(st.fractions(0, 1).filter(bool), st.booleans(), st.integers(1, 500))
def test_the_least_number_holds_and_one_less_does_not(of: Fraction, more_than: bool, whole: int) -> None:
    share = Share(of, more_than=more_than)
    least = share.least(whole)
    assert share.check(least, whole).holds
    assert not share.check(least - 1, whole).holds
    assert (Fraction(least, whole) > of) if more_than else (Fraction(least, whole) >= of)


@pytest.mark.parametrize(
    ("rule", "share"),
    [
        ("election.validity.representatives", Share(Fraction(2, 3), more_than=True)),
        ("assembly.representatives.quorum", Share(Fraction(2, 3))),
        ("election.further_round.floor", Share(Fraction(1, 3))),
    ],
)
def test_a_share_counts_as_the_rulebook_judges(rule: str, share: Share) -> None:
    threshold = load("national-2026").threshold(rule)
    assert [share.least(whole) for whole in range(100)] == [threshold.least(whole) for whole in range(100)]
