"""What comes out for one subject; every number worked by hand."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from fractions import Fraction

import pytest

from civicforum.appraisals.counts import GroupCount
from civicforum.appraisals.figures import average_sum, decimal, equals
from civicforum.appraisals.results import LOWER_ON_TIE, Figures, Terms, assess
from civicforum.appraisals.rules import RaterBasis
from civicforum.appraisals.scales import ScalePlan

F = Fraction
WHO = uuid.UUID(int=1)
DUTY = ScalePlan(
    title="履职情况",
    levels=("优秀", "称职", "基本称职", "不称职", "不了解"),
    points=("100", "80", "60", "0", ""),
    poor_from=3,
    ends_with_unfit=True,
)
TERMS = Terms(least=5, privacy=5)


def group(
    name: str,
    levels: Sequence[int],
    *,
    weight: Fraction | int = 1,
    least: int = 5,
    forms: int | None = None,
    invalid: int = 0,
    entitled: int | None = 100,
    basis: RaterBasis = RaterBasis.ROLL,
) -> GroupCount:
    return GroupCount(
        group_id=uuid.uuid4(),
        name=name,
        basis=basis,
        weight=F(weight),
        least=least,
        entitled=entitled,
        forms=sum(levels) + invalid if forms is None else forms,
        invalid=invalid,
        levels={WHO: tuple(levels)} if levels else {},
    )


def result(*groups: GroupCount, terms: Terms = TERMS, scale: ScalePlan = DUTY) -> Figures:
    return assess(WHO, "王主任", scale, groups, terms)


@pytest.mark.law("D5")
def test_weighted_scheme_of_jiaxing_is_exact() -> None:
    """Street 30%, peers 10%, residents 60% (DOMAIN.md D5).

    Street, 7 forms: 3 × 100 + 3 × 80 + 1 × 60 = 600, of 7 is 600/7.
    Peers, 9 forms: 4 × 100 + 3 × 80 + 2 × 60 = 760, of 9 is 760/9.
    Residents, 53 that grade with points: 20 × 100 + 21 × 80 + 7 × 60 + 5 × 0 = 4100, of 53 is 4100/53;
    4 more do not know and count in no average.
    3/10 × 600/7 = 180/7; 1/10 × 760/9 = 76/9; 3/5 × 4100/53 = 2460/53.
    Over 7 × 9 × 53 = 3339: 180 × 477 = 85860, 76 × 371 = 28196, 2460 × 63 = 154980; their sum is 269036.
    269036 / 3339 = 80.5738…
    """
    found = result(
        group("街道", (3, 3, 1, 0, 0), weight=F(3, 10), entitled=None, basis=RaterBasis.OUTSIDE),
        group("同事", (4, 3, 2, 0, 0), weight=F(1, 10), entitled=10),
        group("居民", (20, 21, 7, 5, 4), weight=F(3, 5), entitled=60),
    )
    assert found.score == F(269036, 3339)
    assert found.arithmetic == "3/10 × 600/7 + 1/10 × 760/9 + 3/5 × 4100/53 = 269036/3339 ≈ 80.57"
    assert found.groups[2].arithmetic == "(20 × 100 + 21 × 80 + 7 × 60 + 5 × 0) ÷ 53 = 4100/53 ≈ 77.36"
    # The total of all groups: 27, 27, 10, 5, 4; 优秀 and 称职 are level, and nothing decides.
    assert (found.counts, found.forms, found.raters) == ((27, 27, 10, 5, 4), 73, 69)
    assert (found.modal, found.grade) == (("优秀", "称职"), "")
    # A group of which nobody says how many were asked leaves no turnout of all.
    assert (found.returned, found.entitled) == (73, None)


@pytest.mark.law("D3")
def test_most_frequent_grade_counts() -> None:
    found = result(group("代表", (4, 9, 3, 1, 0)))
    assert (found.modal, found.grade, found.is_poor, found.is_unfit) == (("称职",), "称职", False, False)


@pytest.mark.law("D3", "appraisal.lower_on_tie")
def test_level_grades_decide_nothing_unless_the_local_rule_takes_the_lower() -> None:
    level = group("代表", (5, 5, 2, 0, 0))
    assert (result(level).modal, result(level).grade, result(level).tie_rule) == (("优秀", "称职"), "", "")
    lower = result(level, terms=Terms(least=5, privacy=5, lower_on_tie=True))
    assert (lower.grade, lower.tie_rule) == ("称职", LOWER_ON_TIE)


def test_the_worst_level_with_points_is_unfit_and_poor() -> None:
    found = result(group("代表", (1, 2, 2, 6, 9)))
    # 不了解 has most forms, and says nothing of the person.
    assert (found.modal, found.grade, found.is_poor, found.is_unfit) == (("不称职",), "不称职", True, True)
    assert found.poor == ("不称职",)


def test_a_scale_for_a_body_has_poor_grades_and_none_that_is_unfit() -> None:
    body = ScalePlan(
        title="工作", levels=("满意", "基本满意", "不满意"), points=("100", "60", "0"), poor_from=1
    )
    found = result(group("居民", (2, 7, 3)), scale=body)
    assert (found.grade, found.is_poor, found.is_unfit) == ("基本满意", True, False)


@pytest.mark.parametrize(("raters", "grade"), [(4, ""), (5, "称职")])
def test_too_few_raters_have_counts_and_no_result(raters: int, grade: str) -> None:
    found = result(group("代表", (0, raters, 0, 0, 3), least=1))
    assert (found.counts[1], found.grade, found.has_enough) == (raters, grade, bool(grade))
    assert (found.score is not None) == bool(grade)


def test_ungraded_and_invalid_forms_are_counted_apart() -> None:
    found = result(group("代表", (4, 3, 0, 0, 0), forms=12, invalid=2))
    assert (found.forms, found.ungraded, found.invalid) == (12, 3, 2)


@pytest.mark.law("D8")
def test_a_group_that_was_never_opened_is_named_and_leaves_no_score() -> None:
    found = result(
        group("街道", (), forms=4, weight=F(3, 10)),
        group("居民", (20, 10, 0, 0, 0), weight=F(7, 10)),
    )
    assert (found.score, found.arithmetic, found.too_few) == (None, "", ("街道",))
    # What the opened box says still counts, in the total and for the grade.
    assert (found.counts, found.grade, found.forms, found.returned) == ((20, 10, 0, 0, 0), "优秀", 30, 34)


@pytest.mark.law("D8", "privacy.least")
@pytest.mark.parametrize("graded", [4, 5])
def test_a_group_of_whom_few_grade_is_not_shown_and_neither_is_one_more(graded: int) -> None:
    found = result(
        group("街道", (graded, 0, 0, 0, 0), forms=9, weight=F(3, 10)),
        group("同事", (6, 0, 0, 0, 0), weight=F(1, 10)),
        group("居民", (20, 10, 0, 0, 0), weight=F(3, 5)),
    )
    shown = [one.name for one in found.groups if one.counts is not None]
    if graded < 5:
        # 4 and 6 stand together: the total less the residents is a sum of ten forms.
        assert (shown, found.score, found.too_few) == (["居民"], None, ("街道",))
        assert found.groups[0].ungraded is None
        assert found.groups[0].invalid is None
    else:
        assert shown == ["街道", "同事", "居民"]
        assert found.score is not None


def test_there_is_never_a_score_beside_a_hidden_group() -> None:
    for small in range(8):
        found = result(
            group("甲", (small, 0, 0, 0, 0), forms=10, weight=F(1, 2), least=5),
            group("乙", (8, 2, 0, 0, 0), weight=F(1, 2)),
        )
        hidden = [one for one in found.groups if one.counts is None]
        assert not (hidden and found.score is not None)
        assert len(hidden) != 1


def test_not_knowing_does_not_help_a_group_over_its_bound() -> None:
    found = result(
        group("甲", (4, 0, 0, 0, 20), weight=F(1, 2)), group("乙", (8, 0, 0, 0, 0), weight=F(1, 2))
    )
    # 24 grade, so the group is shown; four with points are no average, and so there is no score.
    assert (found.groups[0].counts, found.groups[0].average) == ((4, 0, 0, 0, 20), None)
    assert (found.score, found.too_few) == (None, ("甲",))


def test_one_group_has_no_parts_whatever_its_size() -> None:
    found = result(group("代表", (2, 1, 0, 0, 0), least=1), terms=Terms(least=1, privacy=5))
    assert (found.counts, found.score) == ((2, 1, 0, 0, 0), F(280, 3))


@pytest.mark.law("D11")
def test_intervals_are_shown_of_a_sample_alone() -> None:
    terms = Terms(least=5, privacy=5, sampled=frozenset({"居民"}))
    groups = (
        group("委员", (5, 0, 0, 0, 0), weight=F(1, 2), basis=RaterBasis.PRESENT),
        group("居民", (5, 5, 0, 0, 0), weight=F(1, 2)),
    )
    found = result(*groups, terms=terms)
    assert [len(one.intervals) for one in found.groups] == [0, 5]
    assert found.groups[1].intervals[0].low == F(187, 1000)
    assert not result(*groups).groups[1].intervals


def test_weights_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(ValueError, match="sum"):
        result(group("甲", (8, 0, 0, 0, 0), weight=F(1, 2)), group("乙", (8, 0, 0, 0, 0), weight=F(1, 3)))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (F(412, 5), "82.4"),
        (F(86), "86"),
        (F(253, 3), "84.33"),
        (F(1, 200), "0.01"),
        (F(-1, 200), "-0.01"),
        (F(-1, 1000), "0"),
        (F(19999, 200), "100"),
    ],
)
def test_decimals_are_rounded_half_away_from_nothing(number: Fraction, text: str) -> None:
    assert decimal(number) == text


def test_sums_say_whether_decimals_are_exact() -> None:
    assert equals(F(2106, 25)) == "= 2106/25 = 84.24"
    assert equals(F(253, 3)) == "= 253/3 ≈ 84.33"
    assert equals(F(86)) == "= 86"
    assert average_sum((12, 8), (F(95), F(80))) == "(12 × 95 + 8 × 80) ÷ 20 = 89"
