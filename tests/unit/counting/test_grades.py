from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.counting import (
    BallotKind,
    ImpossibleCount,
    ItemGrades,
    Profile,
    RaterGroup,
    Share,
    count_grades,
    weigh_groups,
)

# 优秀 / 称职 / 基本称职 / 不称职, as appraisal plans of Sungang street, Shenzhen, have it.
SCALE = ("excellent", "competent", "basically competent", "incompetent")
POINTS = {"excellent": 100, "competent": 80, "basically competent": 60, "incompetent": 0}


def item(
    *counts: int, scale: tuple[str, ...] = SCALE, ungraded: int = 0, blank: int = 0, spoiled: int = 0
) -> ItemGrades:
    return ItemGrades("Wang", dict(zip(scale, counts, strict=True)), ungraded, blank, spoiled)


def test_every_grade_of_every_item_is_counted() -> None:
    rows = [((1, 2), 10), ((2, 2), 5), ((4, 0), 3), ((0, 0), 2)]
    profile = Profile.of_marks(BallotKind.GRADES, ("Wang", "Li"), rows, spoiled=1)
    wang, li = count_grades(profile, SCALE)
    assert list(wang.counts.values()) == [10, 5, 0, 3]
    assert list(li.counts.values()) == [0, 15, 0, 0]
    assert (wang.graded, li.graded, li.ungraded, li.blank, li.spoiled, li.cast) == (18, 15, 3, 2, 1, 21)


def test_shares_are_exact() -> None:
    assert item(10, 5, 0, 3).share("excellent") == Fraction(5, 9)
    assert item(10, 5, 0, 3).share("excellent", "competent") == Fraction(5, 6)
    assert item(0, 0, 0, 0, blank=4).share("excellent") is None


def test_a_share_of_grades_is_checked_against_all_papers() -> None:
    # 7 of 21 papers say incompetent: at least a third, and not more than a third.
    wang = item(6, 4, 2, 7, blank=1, spoiled=1)
    third = Fraction(1, 3)
    assert wang.check(Share(third), "incompetent").holds
    check = wang.check(Share(third, more_than=True), "incompetent")
    assert (check.numerator, check.denominator, check.least, check.holds) == (7, 21, 8, False)


def test_the_grade_given_most_often_is_the_grade_of_an_item() -> None:
    assert item(3, 9, 8, 1).modal == ("competent",)


def test_level_grades_are_both_named() -> None:
    assert item(3, 8, 8, 1).modal == ("competent", "basically competent")
    assert item(0, 0, 0, 0).modal == ()


def test_groups_weigh_as_published() -> None:
    # Weights of Jiaxing, 2015: street 30, colleagues 10, residents 60 of 100.
    # Street: (4 x 100 + 1 x 80) / 5 = 96. Colleagues: (100 + 80 + 60) / 3 = 80.
    # Residents: (20 x 100 + 20 x 80 + 10 x 60 + 10 x 0) / 60 = 4200 / 60 = 70.
    # 0.3 x 96 + 0.1 x 80 + 0.6 x 70 = 28.8 + 8 + 42 = 78.8.
    result = weigh_groups(
        [
            RaterGroup("street", Fraction(3, 10), item(4, 1, 0, 0)),
            RaterGroup("colleagues", Fraction(1, 10), item(1, 1, 1, 0)),
            RaterGroup("residents", Fraction(6, 10), item(20, 20, 10, 10), least=50),
        ],
        POINTS,
    )
    assert [group.average for group in result.groups] == [96, 80, 70]
    assert result.average == Fraction(394, 5)


def test_too_few_raters_give_no_figure() -> None:
    groups = [
        RaterGroup("street", Fraction(1, 2), item(4, 1, 0, 0)),
        RaterGroup("residents", Fraction(1, 2), item(20, 20, 9, 0), least=50),
    ]
    result = weigh_groups(groups, POINTS)
    assert (result.average, result.too_few) == (None, ("residents",))
    assert (result.groups[1].raters, result.groups[1].average) == (49, None)


def test_a_grade_without_points_is_in_no_average() -> None:
    scale = (*SCALE, "don't know")
    group = RaterGroup("residents", Fraction(1), item(1, 1, 0, 0, 98, scale=scale))
    assert weigh_groups([group], POINTS).average == 90
    assert weigh_groups([group], POINTS).groups[0].raters == 2


@pytest.mark.parametrize("weights", [(), ("1/2",), ("1/2", "1/3"), ("3/2", "-1/2")])
def test_weights_that_do_not_sum_to_one_are_refused(weights: tuple[str, ...]) -> None:
    groups = [RaterGroup(weight, Fraction(weight), item(1, 1, 1, 1)) for weight in weights]
    with pytest.raises(ValueError, match="weights"):
        weigh_groups(groups, POINTS)


def test_a_float_is_refused() -> None:
    group = RaterGroup("residents", 1.0, item(1, 1, 1, 1))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="fractions"):
        weigh_groups([group], POINTS)


def test_points_for_an_unknown_grade_and_groups_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="scale"):
        weigh_groups([RaterGroup("residents", Fraction(1), item(1, 1, 1, 1))], {"splendid": 3})
    twice = [RaterGroup("residents", Fraction(1, 2), item(1, 1, 1, 1))] * 2
    with pytest.raises(ImpossibleCount):
        weigh_groups(twice, POINTS)


def test_ballots_and_scales_that_do_not_fit_are_refused() -> None:
    grades = Profile.of_marks(BallotKind.GRADES, ("Wang",), [((5,), 1)])
    for profile, scale in ((grades, SCALE), (grades, ()), (Profile.of_approvals(("Wang",), []), SCALE)):
        with pytest.raises(ValueError, match=r"scale|grades"):
            count_grades(profile, scale)


ROWS = st.lists(st.tuples(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 9)), max_size=12)


@given(ROWS, st.integers(0, 5))
def test_every_paper_is_in_one_figure_of_every_item(
    rows: list[tuple[tuple[int, int], int]], spoiled: int
) -> None:
    profile = Profile.of_marks(BallotKind.GRADES, ("Wang", "Li"), rows, spoiled=spoiled)
    for grades in count_grades(profile, SCALE):
        assert grades.cast == profile.cast == sum(count for _, count in rows) + spoiled
        assert sum((grades.share(grade) or Fraction(0) for grade in SCALE), Fraction(0)) in (0, 1)


@given(ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_ballots_does_not_matter(
    pair: tuple[list[tuple[tuple[int, int], int]], list[tuple[tuple[int, int], int]]],
) -> None:
    first, second = (Profile.of_marks(BallotKind.GRADES, ("Wang", "Li"), rows) for rows in pair)
    assert count_grades(first, SCALE) == count_grades(second, SCALE)


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=4))
def test_the_average_lies_between_those_of_the_groups(counts: list[list[int]]) -> None:
    share = Fraction(1, len(counts))
    groups = [RaterGroup(str(number), share, item(*row)) for number, row in enumerate(counts)]
    result = weigh_groups(groups, POINTS)
    averages = [group.average for group in result.groups if group.average is not None]
    if result.average is None:
        assert len(averages) < len(counts)
    else:
        assert min(averages) <= result.average <= max(averages)
