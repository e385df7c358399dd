import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.counting import ImpossibleCount, MotionChoice, MotionTally, count_motion
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
