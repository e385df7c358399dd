"""Weights and points are exact, and a scale that cannot be counted is refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from civicforum.appraisals.scales import (
    ScalePlan,
    body_scale,
    check_scale,
    duty_scale,
    parse_points,
    parse_weight,
    percent,
    sum_text,
)
from civicforum.errors import Invalid

DUTY = duty_scale("述职评议")


@pytest.mark.parametrize(
    ("written", "weight"),
    [
        ("3/10", Fraction(3, 10)),
        ("30%", Fraction(3, 10)),
        ("30％", Fraction(3, 10)),
        (" 1 / 3 ", Fraction(1, 3)),
        ("100%", Fraction(1)),
        ("1", Fraction(1)),
        ("1/3%", Fraction(1, 300)),
    ],
)
def test_a_weight_is_read_exactly(written: str, weight: Fraction) -> None:
    assert parse_weight(written) == weight


@pytest.mark.parametrize(
    "written", ["", "0", "0%", "101%", "11/10", "1/0", "0.3", "-1/2", "1e0", "三", "1/2/3"]
)
def test_what_is_no_weight_between_0_and_1_is_refused(written: str) -> None:
    with pytest.raises(Invalid, match="weight"):
        parse_weight(written)


def test_points_may_be_whole_a_fraction_or_none() -> None:
    assert [parse_points(one) for one in ("100", "5/2", "0", " ")] == [100, Fraction(5, 2), 0, None]


@pytest.mark.parametrize("written", ["-1", "2.5", "x", "1/0"])
def test_points_that_are_no_exact_number_are_refused(written: str) -> None:
    with pytest.raises(Invalid, match="points"):
        parse_points(written)


def test_weights_are_written_with_their_sum() -> None:
    weights = [Fraction(3, 10), Fraction(1, 10), Fraction(6, 10)]
    assert sum_text(weights) == "30% + 10% + 60% = 100%"
    assert [percent(one) for one in (*weights, Fraction(1, 3))] == ["30%", "10%", "60%", "1/3"]
    assert sum_text([Fraction(1, 3), Fraction(2, 3)]) == "1/3 + 2/3 = 1"


@pytest.mark.law("D3")
def test_the_usual_scales_are_sound() -> None:
    check_scale(DUTY)
    check_scale(body_scale("居民委员会整体工作"))
    assert DUTY.levels == ("优秀", "称职", "基本称职", "不称职")
    assert DUTY.levels[DUTY.poor_from] == "不称职"


def test_a_level_for_those_who_do_not_know_counts_in_no_average() -> None:
    check_scale(replace(DUTY, levels=(*DUTY.levels, "不了解"), points=(*DUTY.points, "")))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": ""}, "title"),
        ({"levels": ("好",), "points": ("1",)}, "levels"),
        ({"levels": tuple("一二三四五六七八"), "points": tuple("87654321")}, "levels"),
        ({"levels": ("优秀", "称职", "", "不称职")}, "levels"),
        ({"levels": ("优秀", "称职", "称职", "不称职")}, "same_level"),
        ({"points": ("100", "80", "60")}, "points"),
        ({"points": ("100", "80", "x", "0")}, "points"),
        ({"points": ("100", "80", "80", "0")}, "points_order"),
        ({"points": ("0", "60", "80", "100")}, "points_order"),
        ({"points": ("100", "", "", "")}, "points_order"),
        ({"poor_from": 0}, "poor_from"),
        ({"poor_from": 4}, "poor_from"),
    ],
)
def test_a_scale_that_cannot_be_counted_is_refused(change: dict[str, object], reason: str) -> None:
    scale: ScalePlan = replace(DUTY, **change)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refusal:
        check_scale(scale)
    assert refusal.value.reason == reason


def test_the_grade_from_which_one_is_poor_has_points() -> None:
    scale = replace(DUTY, levels=(*DUTY.levels, "不了解"), points=(*DUTY.points, ""), poor_from=4)
    with pytest.raises(Invalid, match="poor_from"):
        check_scale(scale)
