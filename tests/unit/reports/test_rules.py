"""Until when a report is answered, and what may be told about it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from civicforum.reports.rules import ANSWER_CLOCK, Came, Counts, Standing, count_up, due_on, standing
from civicforum.rulebook import load

CLOCK = load("national-2026").clock(ANSWER_CLOCK)
CAME = date(2026, 3, 1)


def test_the_thirtieth_day_after_it_came_is_the_last() -> None:
    # 1 March is the day it came; 31 March is 30 days later (重庆市居民委员会选举办法, by analogy).
    assert due_on(CLOCK, CAME) == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("today", "expected"),
    [(29, Standing.WAITING), (30, Standing.WAITING), (31, Standing.OVERDUE)],
)
def test_without_an_answer_it_is_overdue_from_the_thirty_first_day(today: int, expected: Standing) -> None:
    assert standing(CLOCK, Came(CAME, None), CAME + timedelta(days=today)) is expected


@pytest.mark.parametrize(
    ("answered", "expected"), [(0, Standing.ANSWERED), (30, Standing.ANSWERED), (31, Standing.ANSWERED_LATE)]
)
def test_an_answer_is_late_from_the_thirty_first_day(answered: int, expected: Standing) -> None:
    came = Came(CAME, CAME + timedelta(days=answered))
    assert standing(CLOCK, came, CAME + timedelta(days=200)) is expected


def test_everybody_is_told_counts_and_today_is_not_in_them() -> None:
    today = CAME + timedelta(days=31)
    rows = [
        Came(CAME, None, 2),
        Came(CAME, CAME + timedelta(days=3), 4),
        Came(CAME - timedelta(days=40), today, 1),
        Came(today - timedelta(days=1), None, 5),
        Came(today, None, 7),
    ]
    assert count_up(CLOCK, rows, today) == Counts(came=12, waiting=5, overdue=2, answered=4, answered_late=1)
