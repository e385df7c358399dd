from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.counting import (
    BallotKind,
    Contest,
    Profile,
    Remedy,
    Result,
    Rule,
    Settled,
    count,
    count_grades,
    majority_grade,
)

SCALE = ("excellent", "very good", "good", "acceptable", "poor", "to reject")
NAMES = ("Ana", "Bo", "Cai")


def judge(
    *papers: Sequence[int], seats: int = 1, scale: Sequence[str] = SCALE, lot: Sequence[str] = ()
) -> Result:
    """Judge papers of one grade for each of the first names, 1 the best, 0 none."""
    options = NAMES[: len(papers[0])]
    contest = Contest(options, Rule.MAJORITY_JUDGMENT, seats=seats, scale=tuple(scale))
    contest = contest.with_lot(*lot) if lot else contest
    return count(contest, Profile.of_marks(BallotKind.GRADES, options, [(paper, 1) for paper in papers]))


def columns(*grades: str) -> list[tuple[int, ...]]:
    """Return papers from each option's grades, one digit each."""
    return list(zip(*([int(grade) for grade in one] for one in grades), strict=True))


def test_orsay_2007() -> None:
    # M. Balinski and R. Laraki, "Election by Majority Judgment: Experimental Evidence", Orsay, in parts of a
    # thousand of 1,733 ballots: excellent, very good, good, acceptable, poor, to reject, no opinion. Royal's
    # published parts sum to 1,001; one is taken off "no opinion", which agrees with the 41.5 % below "good".
    published = {
        "Bayrou": (136, 307, 251, 148, 84, 45, 29),
        "Royal": (167, 227, 191, 168, 122, 108, 17),
        "Sarkozy": (191, 198, 143, 115, 71, 265, 17),
    }
    marks = [
        [mark for mark, number in zip((1, 2, 3, 4, 5, 6, 0), parts, strict=True) for _ in range(number)]
        for parts in published.values()
    ]
    papers = [(paper, 1) for paper in zip(*marks, strict=True)]
    contest = Contest(tuple(published), Rule.MAJORITY_JUDGMENT, scale=SCALE)
    # The papers without any opinion, 17, would be blank; here they are papers that reject all three.
    profile = Profile.of_marks(
        BallotKind.GRADES, contest.options, [(paper if any(paper) else (6, 6, 6), n) for paper, n in papers]
    )
    result = count(contest, profile)

    # All three are "good"; above it are 44.3, 39.4, 38.9 %, below it 30.6, 41.5, 46.8 %: good+, good-, good-.
    assert [majority_grade(item) for item in count_grades(profile, SCALE)] == ["good"] * 3
    assert result.order == (("Bayrou",), ("Royal",), ("Sarkozy",))
    assert result.elected == ("Bayrou",)
    assert not result.ties


def test_the_majority_grade_is_the_lower_of_two_in_the_middle() -> None:
    # Ana: excellent, excellent, poor, poor: the two in the middle are excellent and poor.
    result = judge(*columns("1155", "4444"))
    assert result.stages[0].totals == {"Ana": 1, "Bo": 2}  # poor is 1 above the worst, acceptable 2
    assert result.elected == ("Bo",)


def test_grades_leave_the_middle_one_by_one_until_the_options_part() -> None:
    # Ana, worst first: 4 4 3 2 1, Bo: 5 3 3 3 1. The third of five is a 3 for both. Without it four are left:
    # Ana 4 4 2 1, Bo 5 3 3 1, whose second from below is 4 and 3: Bo is ahead.
    result = judge(*columns("44321", "53331"))
    assert [stage.totals for stage in result.stages] == [{"Ana": 3, "Bo": 3}, {"Ana": 2, "Bo": 3}]
    assert result.elected == ("Bo",)
    assert result.stages[-1].elected == ("Bo",)


def test_an_option_without_a_grade_has_the_worst() -> None:
    assert judge((1, 0), (5, 0), (5, 6)).order == (("Ana",), ("Bo",))
    assert judge((0, 6), (6, 0)).order == (("Ana", "Bo"),)


def test_the_same_grades_are_a_tie() -> None:
    result = judge(*columns("123", "321", "666"))
    assert result.tied is not None
    assert (result.tied.names, result.tied.seats, result.tied.remedy) == (("Ana", "Bo"), 1, Remedy.NEW_VOTE)
    assert result.elected == ()


def test_a_tie_that_no_seat_depends_on_is_none() -> None:
    result = judge(*columns("123", "321", "666"), seats=2)
    assert (result.elected, result.tied) == (("Ana", "Bo"), None)


def test_who_is_above_a_tie_is_elected() -> None:
    result = judge(*columns("111", "222", "222"), seats=2)
    assert result.elected == ("Ana",)
    assert result.tied is not None
    assert (result.tied.names, result.tied.certain) == (("Bo", "Cai"), ("Ana",))


def test_a_lot_settles_a_tie_where_it_was_drawn() -> None:
    result = judge(*columns("12", "21"), lot=("Bo", "Ana"))
    assert (result.elected, result.tied) == (("Bo",), None)
    assert result.ties[0].settled is Settled.LOT


def test_nobody_is_elected_without_a_ballot() -> None:
    result = count(
        Contest(NAMES, Rule.MAJORITY_JUDGMENT, scale=SCALE),
        Profile.of_marks(BallotKind.GRADES, NAMES, [], blank=3, spoiled=1),
    )
    assert (result.elected, result.tied, result.valid, result.blank, result.spoiled) == ((), None, 0, 3, 1)


def test_grades_beyond_the_scale_and_other_ballots_are_refused() -> None:
    with pytest.raises(ValueError, match="beyond"):
        judge((7, 1))
    contest = Contest(NAMES, Rule.MAJORITY_JUDGMENT, scale=SCALE)
    with pytest.raises(ValueError, match="ranking"):
        count(contest, Profile.of_rankings(NAMES, [("Ana",)]))


def test_a_million_ballots_are_compared_as_fast_as_ten() -> None:
    profile = Profile.of_marks(BallotKind.GRADES, NAMES, [((1, 2, 3), 400_000), ((4, 3, 3), 600_001)])
    # 400,000 excellent and 600,001 acceptable have their middle at acceptable; Bo and Cai both at good, and
    # below nobody of either: what is above decides after 200,001 pairs.
    assert count(Contest(NAMES, Rule.MAJORITY_JUDGMENT, scale=SCALE), profile).order == (
        ("Bo",),
        ("Cai",),
        ("Ana",),
    )


GRADES = st.lists(st.lists(st.integers(1, 4), min_size=3, max_size=3), min_size=1, max_size=9)
FOUR = SCALE[:4]


def value_by_hand(grades: Sequence[int]) -> list[int]:
    """Take the lower middle grade away, again and again; a smaller number is a better grade."""
    left, taken = sorted(grades, reverse=True), []
    while left:
        taken.append(left.pop((len(left) - 1) // 2))
    return taken


@given(GRADES)
def test_the_order_is_that_of_removing_one_grade_at_a_time(papers: list[list[int]]) -> None:
    values = {
        name: value_by_hand(column) for name, column in zip(NAMES, zip(*papers, strict=True), strict=True)
    }
    order = judge(*papers, scale=FOUR).order
    assert [values[group[0]] for group in order] == sorted(values[group[0]] for group in order)
    assert all(values[name] == values[group[0]] for group in order for name in group)
    assert len(order) == len({tuple(value) for value in values.values()})


@given(GRADES.flatmap(lambda papers: st.tuples(st.just(papers), st.permutations(papers))))
def test_the_order_of_ballots_does_not_matter(pair: tuple[list[list[int]], list[list[int]]]) -> None:
    assert judge(*pair[0], scale=FOUR).order == judge(*pair[1], scale=FOUR).order


@given(GRADES, st.data())
def test_raising_a_grade_never_hurts(papers: list[list[int]], data: st.DataObject) -> None:
    paper, option = data.draw(st.integers(0, len(papers) - 1)), data.draw(st.integers(0, 2))
    better = [list(row) for row in papers]
    better[paper][option] = data.draw(st.integers(1, papers[paper][option]))
    before, after = (behind(judge(*rows, scale=FOUR), NAMES[option]) for rows in (papers, better))
    assert before <= after


def behind(result: Result, name: str) -> set[str]:
    """Return everybody who stands behind this option."""
    place = next(index for index, group in enumerate(result.order) if name in group)
    return {other for group in result.order[place + 1 :] for other in group}


@given(GRADES)
def test_an_option_with_the_best_grade_from_a_majority_is_not_behind_one_without(
    papers: list[list[int]],
) -> None:
    result = judge(*papers, scale=FOUR)
    best = {
        name for column, name in enumerate(NAMES) if 2 * sum(row[column] == 1 for row in papers) > len(papers)
    }
    assert not best or set(result.order[0]) <= best
