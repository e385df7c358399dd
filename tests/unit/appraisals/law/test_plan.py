"""When an appraisal is held, who may demand one, and how long before it plan and reports are there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from civicforum import rulebook
from civicforum.appraisals.law import (
    asks_distance,
    demand_held_by,
    judge_after_demand,
    judge_demand,
    judge_distance,
    judge_per_year,
    judge_plan_notice,
    judge_report,
    judge_reporters,
    period_ends_at,
    report_due_at,
)
from civicforum.rulebook.days import day_ends
from tests.support.law import BOOK, at, book_with

HELD_ON = date(2026, 7, 20)


@pytest.mark.law("D1", "appraisal.per_year")
@pytest.mark.parametrize(("times", "holds"), [(0, False), (1, True), (2, True)])
def test_art_37_a_member_is_appraised_once_a_year(times: int, holds: bool) -> None:
    verdict = judge_per_year(BOOK, times)
    assert verdict.holds is holds
    assert "第三十七条" in verdict.rule.article


@pytest.mark.law("D2", "appraisal.interval")
@pytest.mark.parametrize(
    ("last_on", "held_on", "holds"),
    [
        (date(2026, 1, 20), date(2026, 7, 19), False),
        (date(2026, 1, 20), date(2026, 7, 20), True),
        (date(2026, 1, 20), date(2026, 7, 21), True),
        # There is no 31 June; six months after 31 December are over with the last day of June.
        (date(2025, 12, 31), date(2026, 6, 29), False),
        (date(2025, 12, 31), date(2026, 6, 30), True),
        (date(2025, 8, 31), date(2026, 2, 27), False),
        (date(2025, 8, 31), date(2026, 2, 28), True),
    ],
)
def test_local_six_months_lie_between_two_appraisals(last_on: date, held_on: date, holds: bool) -> None:
    assert judge_distance(BOOK, last_on, held_on).holds is holds


@pytest.mark.law("D2", "appraisal.keeps_distance")
def test_local_a_province_asks_for_the_distance_and_national_law_does_not() -> None:
    assert not asks_distance(BOOK)
    chongqing = rulebook.load("chongqing-sample")
    assert asks_distance(chongqing)
    assert "重庆" in chongqing.rule("appraisal.keeps_distance").article
    assert not judge_distance(chongqing, date(2026, 1, 20), date(2026, 7, 19)).holds


@pytest.mark.law("D2", "appraisal.plan_notice")
@pytest.mark.parametrize(("days", "holds"), [(9, False), (10, True), (11, True)])
def test_local_the_plan_is_posted_ten_days_before(days: int, holds: bool) -> None:
    # Late in the evening: days are counted, not hours.
    posted_at = at(HELD_ON - timedelta(days=days), 23)
    assert judge_plan_notice(BOOK, posted_at, at(HELD_ON, 8)).holds is holds


@pytest.mark.law("D2", "appraisal.plan_notice")
def test_local_the_days_of_the_notice_are_days_in_shanghai() -> None:
    # 16:00 in UTC is midnight: 11 July has begun.
    held_at = at(HELD_ON)
    assert judge_plan_notice(BOOK, datetime(2026, 7, 10, 15, 59, tzinfo=UTC), held_at).holds
    assert not judge_plan_notice(BOOK, datetime(2026, 7, 10, 16, 0, tzinfo=UTC), held_at).holds


@pytest.mark.law("D2", "appraisal.demand.voters")
@pytest.mark.parametrize(
    ("signatures", "voters", "holds"), [(339, 3400, False), (340, 3400, True), (340, 3401, False)]
)
def test_local_a_tenth_of_the_voters_demand_an_appraisal(signatures: int, voters: int, holds: bool) -> None:
    assert judge_demand(BOOK, signatures, voters=voters).holds is holds


@pytest.mark.law("D2", "appraisal.demand.representatives")
@pytest.mark.parametrize(
    ("signatures", "representatives", "holds"),
    [(19, 60, False), (20, 60, True), (20, 61, False), (21, 61, True)],
)
def test_local_a_third_of_the_representatives_demand_an_appraisal(
    signatures: int, representatives: int, holds: bool
) -> None:
    assert judge_demand(BOOK, signatures, representatives=representatives).holds is holds


@pytest.mark.law("D2", "appraisal.demand.voters", "appraisal.demand.representatives")
def test_local_nobody_demands_where_there_is_nobody() -> None:
    assert not judge_demand(BOOK, 0, voters=0).holds
    assert not judge_demand(BOOK, 0, representatives=0).holds


@pytest.mark.parametrize("of", [{}, {"voters": 3400, "representatives": 60}])
def test_a_demand_is_counted_among_one_of_the_two(of: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="among the voters or among the representatives"):
        judge_demand(BOOK, 20, **of)


@pytest.mark.law("D2", "appraisal.after_demand")
def test_local_a_demanded_appraisal_is_held_until_the_end_of_the_twentieth_day() -> None:
    assert demand_held_by(BOOK, at(date(2026, 6, 30), 22)) == day_ends(HELD_ON)
    for days, holds in ((19, True), (20, True), (21, False)):
        assert judge_after_demand(BOOK, at(HELD_ON), at(HELD_ON) + timedelta(days=days)).holds is holds


@pytest.mark.law("D4", "appraisal.self_report")
def test_local_a_report_is_due_at_the_end_of_the_seventh_day_before() -> None:
    due_at = report_due_at(BOOK, HELD_ON)
    assert due_at == day_ends(date(2026, 7, 13))
    assert judge_report(BOOK, due_at, HELD_ON).holds
    assert not judge_report(BOOK, due_at + timedelta(microseconds=1), HELD_ON).holds


@pytest.mark.law("D4", "appraisal.self_report")
@pytest.mark.parametrize(("days", "holds"), [(6, False), (7, True), (8, True)])
def test_local_a_report_is_handed_in_seven_days_before(days: int, holds: bool) -> None:
    assert judge_report(BOOK, at(HELD_ON - timedelta(days=days), 17), HELD_ON).holds is holds


@pytest.mark.law("D4", "appraisal.self_report")
def test_a_community_may_ask_for_reports_earlier() -> None:
    earlier = book_with("appraisal.self_report", days=15)
    assert report_due_at(earlier, HELD_ON) == day_ends(date(2026, 7, 5))


@pytest.mark.law("D1", "appraisal.reporters")
@pytest.mark.parametrize(("reporters", "holds"), [(2, False), (3, True), (4, True)])
def test_local_secretary_station_head_and_director_report(reporters: int, holds: bool) -> None:
    assert judge_reporters(BOOK, reporters).holds is holds


@pytest.mark.law("D1", "appraisal.reports_every")
@pytest.mark.parametrize(
    ("period_from", "last_day"),
    [(date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 12, 31))],
)
def test_local_reports_are_made_every_half_year(period_from: date, last_day: date) -> None:
    assert period_ends_at(BOOK, period_from) == day_ends(last_day)
