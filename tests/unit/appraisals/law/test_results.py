"""Results: the scale and its grade, exact weights, when a result is told and posted, and objections to it."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from civicforum.appraisals.law import (
    answer_due_at,
    judge_objection,
    judge_result_day,
    objections_until,
    posting_until,
    result_due_at,
    takes_lower,
)
from civicforum.counting.rules.grades import ItemGrades, RaterGroup, weigh_groups
from civicforum.rulebook.days import day_ends
from tests.support.law import BOOK, at, book_with

COUNTED = at(date(2026, 7, 20), 17)
POINTS = {"优秀": 100, "称职": 80, "基本称职": 60, "不称职": 0}


def grades(*counts: int) -> ItemGrades:
    """Return how often each grade was given, the best first."""
    return ItemGrades("王志明", dict(zip(POINTS, counts, strict=True)), ungraded=0)


@pytest.mark.law("D3")
def test_local_the_grade_is_the_one_given_most_often() -> None:
    assert grades(12, 30, 14, 4).modal == ("称职",)


@pytest.mark.law("D3", "appraisal.lower_on_tie")
def test_default_two_level_grades_are_both_published_unless_a_rule_takes_the_lower() -> None:
    assert grades(12, 22, 22, 4).modal == ("称职", "基本称职")
    assert not takes_lower(BOOK)
    assert takes_lower(book_with("appraisal.lower_on_tie", on=True))


@pytest.mark.law("D5")
def test_local_thirty_ten_and_sixty_weigh_exactly() -> None:
    # Street: (6 x 100 + 3 x 80 + 1 x 60) / 10 = 900 / 10 = 90.
    # Colleagues: (3 x 100 + 2 x 80 + 1 x 60 + 1 x 0) / 7 = 520 / 7.
    # Residents: (30 x 100 + 15 x 80 + 9 x 60 + 6 x 0) / 60 = 4740 / 60 = 79.
    # 3/10 x 90 + 1/10 x 520/7 + 6/10 x 79 = 27 + 52/7 + 237/5 = (945 + 260 + 1659) / 35 = 2864 / 35.
    result = weigh_groups(
        [
            RaterGroup("街道", Fraction(30, 100), grades(6, 3, 1, 0), least=5),
            RaterGroup("同事", Fraction(10, 100), grades(3, 2, 1, 1), least=5),
            RaterGroup("居民", Fraction(60, 100), grades(30, 15, 9, 6), least=50),
        ],
        POINTS,
    )
    assert result.average == Fraction(2864, 35)


@pytest.mark.law("D5")
def test_local_weights_that_are_not_the_whole_are_refused() -> None:
    groups = [
        RaterGroup("街道", Fraction(30, 100), grades(5, 0, 0, 0)),
        RaterGroup("居民", Fraction(60, 100), grades(5, 0, 0, 0)),
    ]
    with pytest.raises(ValueError, match="9/10"):
        weigh_groups(groups, POINTS)


@pytest.mark.law("D4", "appraisal.result")
@pytest.mark.parametrize(("days", "holds"), [(9, True), (10, True), (11, False)])
def test_local_the_result_is_told_and_posted_within_ten_days(days: int, holds: bool) -> None:
    assert judge_result_day(BOOK, COUNTED, COUNTED + timedelta(days=days)).holds is holds


@pytest.mark.law("D4", "appraisal.result")
def test_local_the_result_is_late_after_the_end_of_the_tenth_day() -> None:
    due_at = result_due_at(BOOK, COUNTED)
    assert due_at == day_ends(date(2026, 7, 30))
    assert judge_result_day(BOOK, COUNTED, due_at).holds
    assert not judge_result_day(BOOK, COUNTED, due_at + timedelta(microseconds=1)).holds


@pytest.mark.law("D4", "appraisal.posting")
def test_local_a_result_stays_posted_for_five_whole_days() -> None:
    rule = BOOK.clock("appraisal.posting")
    assert rule.deadline(COUNTED) == day_ends(date(2026, 7, 25))
    for days, holds in ((4, False), (5, False), (6, True)):
        assert rule.judge(COUNTED, COUNTED + timedelta(days=days)).holds is holds


@pytest.mark.law("D1", "notice.posting")
def test_art_34_a_result_stays_posted_for_fifteen_days_where_local_practice_says_fewer() -> None:
    assert posting_until(BOOK, COUNTED) == day_ends(date(2026, 8, 4))


@pytest.mark.law("D4", "appraisal.objection")
@pytest.mark.parametrize(("days", "holds"), [(4, True), (5, True), (6, False)])
def test_default_who_objects_does_so_while_the_result_is_posted(days: int, holds: bool) -> None:
    assert objections_until(BOOK, COUNTED) == day_ends(date(2026, 7, 25)) < posting_until(BOOK, COUNTED)
    assert judge_objection(BOOK, COUNTED, COUNTED + timedelta(days=days)).holds is holds


@pytest.mark.law("D4", "appraisal.objection_answered")
def test_local_an_objection_is_answered_until_the_end_of_the_fifth_day() -> None:
    assert answer_due_at(BOOK, COUNTED) == day_ends(date(2026, 7, 25))
    rule = BOOK.clock("appraisal.objection_answered")
    for days, holds in ((4, True), (5, True), (6, False)):
        assert rule.judge(COUNTED, COUNTED + timedelta(days=days)).holds is holds
