"""Dates, progress, money and grades after the decision, each worked by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum import rulebook
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible, TransitionNotAllowed
from civicforum.matters.rules import GradeLevel, Stage, check_report
from civicforum.matters.rules_after import (
    check_dates,
    check_money,
    check_progress,
    is_late,
    is_shown,
    judge_grades,
    overall,
    parse_yuan,
)

BOOK = rulebook.load("national-2026")
TODAY = date(2026, 3, 2)


def grades(
    satisfied: int = 0, fairly: int = 0, dissatisfied: int = 0, dont_know: int = 0
) -> dict[GradeLevel, int]:
    return {
        GradeLevel.SATISFIED: satisfied,
        GradeLevel.FAIRLY_SATISFIED: fairly,
        GradeLevel.DISSATISFIED: dissatisfied,
        GradeLevel.DONT_KNOW: dont_know,
    }


@pytest.mark.parametrize(
    ("counts", "is_poor", "arithmetic"),
    [
        # Exactly one third is not more than one third.
        (grades(satisfied=20, dissatisfied=10), False, "10 ≤ 1/3 × 30 = 10"),
        (grades(satisfied=19, dissatisfied=11), True, "11 > 1/3 × 30 = 10"),
        # "Don't know" stays among the grades cast: of 22 with an opinion, 10 would be more than a third.
        (grades(satisfied=12, dissatisfied=10, dont_know=8), False, "10 ≤ 1/3 × 30 = 10"),
        (grades(satisfied=12, dissatisfied=10, dont_know=7), True, "10 > 1/3 × 29 = 9 2/3"),
        # "Fairly satisfied" is no dissatisfaction.
        (grades(fairly=5), False, "0 ≤ 1/3 × 5 = 1 2/3"),
        (grades(dissatisfied=1), True, "1 > 1/3 × 1 = 1/3"),
        (grades(), False, "0 ≤ 1/3 × 0 = 0"),
    ],
)
def test_grade_is_poor_when_more_than_a_third_of_all_cast_is_dissatisfied(
    counts: dict[GradeLevel, int], is_poor: bool, arithmetic: str
) -> None:
    verdict = judge_grades(BOOK, counts)
    assert (verdict.holds, verdict.arithmetic) == (is_poor, arithmetic)


def test_grades_of_fewer_than_five_are_not_broken_down() -> None:
    assert [is_shown(BOOK, cast) for cast in (0, 1, 4, 5, 6)] == [False, False, False, True, True]


def test_overall_progress_is_the_mean_rounded_down() -> None:
    found = overall([(100, False), (50, True), (49, False)])
    assert (found.done, found.total, found.mean, found.late) == (1, 3, 66, 1)
    assert not found.is_complete


def test_matter_without_tasks_is_not_complete() -> None:
    assert not overall([]).is_complete
    assert overall([]).mean == 0


@given(st.lists(st.integers(0, 100), min_size=1))
def test_overall_progress_is_whole_only_when_every_task_is(percentages: list[int]) -> None:
    found = overall((percent, False) for percent in percentages)
    assert (found.mean == 100) == found.is_complete == all(percent == 100 for percent in percentages)


def test_task_is_late_from_the_day_after_its_last() -> None:
    assert not is_late(TODAY, is_done=False, today=TODAY)
    assert is_late(TODAY, is_done=False, today=date(2026, 3, 3))
    assert not is_late(TODAY, is_done=True, today=date(2026, 3, 3))


def test_task_may_start_and_end_today() -> None:
    check_dates(TODAY, TODAY, TODAY)


@pytest.mark.parametrize(
    ("starts_on", "due_on", "field"),
    [
        (date(2026, 3, 1), date(2026, 3, 9), "starts_on"),
        (date(2026, 3, 9), date(2026, 3, 8), "due_on"),
    ],
)
def test_impossible_dates_name_their_field(starts_on: date, due_on: date, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_dates(starts_on, due_on, TODAY)
    assert refusal.value.field == field


def test_money_needs_a_source() -> None:
    check_money(0, "")
    check_money(1, "社区服务资金")
    with pytest.raises(Invalid):
        check_money(1, "")
    with pytest.raises(Invalid):
        check_money(-1, "社区服务资金")


def test_progress_never_goes_back_without_words() -> None:
    check_progress(60, 40, "返工")
    with pytest.raises(Invalid) as back:
        check_progress(60, 40, "")
    with pytest.raises(Invalid) as on:
        check_progress(40, 60, "")
    assert (back.value.reason, on.value.reason) == ("words_to_go_back", "words")


@pytest.mark.parametrize("percent", [-1, 101])
def test_progress_is_a_percentage(percent: int) -> None:
    with pytest.raises(Invalid):
        check_progress(0, percent, "进展")


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("", 0),
        ("12000", 1_200_000),
        ("12,000.5", 1_200_050),
        ("¥ 12，000.50 元", 1_200_050),
        ("0.05", 5),
        ("1,234,567.89", 123_456_789),
    ],
)
def test_yuan_are_read_as_whole_cents(text: str, cents: int) -> None:
    assert parse_yuan(text) == cents


@pytest.mark.parametrize("text", ["-1", "1.234", "12,00", "1e3", "很多", "1.", "99999999999", "12x"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_yuan(text)


def test_report_comes_from_the_committee_or_from_the_body_of_the_task() -> None:
    resident = {Role.RESIDENT}
    check_report(Stage.CARRYING_OUT, resident | {Role.COMMITTEE}, holds_post=False)
    check_report(Stage.CARRYING_OUT, resident, holds_post=True)
    with pytest.raises(NotEligible):
        check_report(Stage.CARRYING_OUT, resident | {Role.PARTY}, holds_post=False)
    with pytest.raises(TransitionNotAllowed):
        check_report(Stage.DONE, resident, holds_post=True)
