"""Working days in China: the holidays of 2026 as the State Council announced them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from civicforum.rulebook import SHANGHAI, Clock, Rulebook, load
from civicforum.rulebook.days import add_working_days, are_holidays_known, day_of, is_working_day


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load("national-2026")


def shanghai(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 3, 6), True),
        (date(2026, 3, 7), False),
        (date(2026, 3, 8), False),
        # National Day, a Thursday, and the two days worked for its long holiday.
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 9, 20), True),
        (date(2026, 10, 10), True),
    ],
)
def test_days_are_worked_by_the_holidays_of_the_year(day: date, is_worked: bool) -> None:
    assert is_working_day(day) is is_worked


@pytest.mark.parametrize(
    ("start", "number", "due"),
    [
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        # A Saturday that is worked is the next working day after a Friday.
        (date(2026, 10, 9), 1, date(2026, 10, 10)),
        (date(2026, 10, 10), 1, date(2026, 10, 12)),
        # 9-13, 16-20 and 23-27 March.
        (date(2026, 3, 6), 15, date(2026, 3, 27)),
        (date(2026, 3, 6), 0, date(2026, 3, 6)),
    ],
)
def test_working_days_are_counted_from_the_day_after(start: date, number: int, due: date) -> None:
    assert add_working_days(start, number) == due


def test_where_the_holidays_of_a_year_are_not_known_weekends_alone_are_free(
    caplog: pytest.LogCaptureFixture,
) -> None:
    are_holidays_known.cache_clear()
    # 1 October 2060 is a Friday.
    assert [is_working_day(date(2060, 10, day)) for day in (1, 2, 3, 4)] == [True, False, False, True]
    assert not are_holidays_known(2060)
    assert are_holidays_known(2026)
    assert [
        record.message.startswith("public holidays of 2060 are not known") for record in caplog.records
    ] == [True]


@pytest.mark.law("D9", "rating.contact")
@pytest.mark.parametrize(
    ("left", "contacted", "is_in_time"),
    [
        (shanghai(2026, 3, 6, 16), shanghai(2026, 3, 9, 23, 59), True),
        (shanghai(2026, 3, 6, 16), shanghai(2026, 3, 10, 0, 0), False),
        (shanghai(2026, 9, 30, 9), shanghai(2026, 10, 8, 23, 59), True),
        (shanghai(2026, 9, 30, 9), shanghai(2026, 10, 9, 0, 0), False),
    ],
)
def test_practice_a_named_bad_grade_is_contacted_within_one_working_day(
    book: Rulebook, left: datetime, contacted: datetime, is_in_time: bool
) -> None:
    verdict = book.clock("rating.contact").judge(left, contacted)
    assert verdict.holds is is_in_time


@pytest.mark.law("D9", "rating.mend")
def test_practice_a_bad_grade_is_put_right_within_fifteen_working_days(book: Rulebook) -> None:
    clock = book.clock("rating.mend")
    left = shanghai(2026, 3, 6)
    assert day_of(clock.deadline(left)) == date(2026, 3, 27)
    assert clock.judge(left, shanghai(2026, 3, 27, 23, 59)).holds
    late = clock.judge(left, shanghai(2026, 3, 28, 0, 0))
    assert (late.holds, late.arithmetic) == (False, "2026-03-28 > 2026-03-27")


def test_a_clock_of_working_days_says_so(book: Rulebook) -> None:
    clock = book.clock("rating.contact")
    assert isinstance(clock, Clock)
    assert (clock.value, clock.unit) == ("≤ 1", "working_days")
    assert clock.terms() != book.clock("rating.mend").terms()
