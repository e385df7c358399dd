"""The time for objections, and the sums that keep a roll from being frozen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from civicforum import rulebook
from civicforum.polls.rules_roll import HindranceKind, hindrances_to_freezing, objection_period

BOOK = rulebook.load("national-2026")
# 2 March 2026, 10:00 in Shanghai.
POSTED = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LAST = datetime(2026, 3, 7, 15, 59, 59, 999999, tzinfo=UTC)


def test_an_election_takes_objections_to_the_end_of_the_fifth_day() -> None:
    period = objection_period(BOOK, posted_at=POSTED, is_statutory=True, objection_days=1)
    assert period.ends_at == LAST
    assert period.runs(LAST)
    assert not period.runs(LAST + timedelta(microseconds=1))


def test_any_other_poll_sets_its_own_days() -> None:
    period = objection_period(BOOK, posted_at=POSTED, is_statutory=False, objection_days=2)
    assert period.ends_at == LAST - timedelta(days=3)
    assert period.clock is None


def test_no_days_mean_no_objections() -> None:
    period = objection_period(BOOK, posted_at=POSTED, is_statutory=False, objection_days=0)
    assert not period.runs(POSTED)


def test_what_keeps_a_roll_from_being_frozen_comes_with_its_sum() -> None:
    period = objection_period(BOOK, posted_at=POSTED, is_statutory=True, objection_days=0)
    found = hindrances_to_freezing(BOOK, period, filed=3, ruled=1, entries=0, now=LAST)
    assert [(one.kind, one.arithmetic) for one in found] == [
        (HindranceKind.OBJECTIONS_RUN, "2026-03-07 − 2026-03-02 = 5 ≤ 5"),
        (HindranceKind.UNRULED, "3 − 1 = 2 > 0"),
        (HindranceKind.NOBODY, "0 < 1"),
    ]
    assert [one.rule.id if one.rule else "" for one in found] == ["roll.objection", "roll.ruling", ""]


def test_nothing_keeps_it_from_being_frozen_once_all_is_ruled_on() -> None:
    period = objection_period(BOOK, posted_at=POSTED, is_statutory=True, objection_days=0)
    after = LAST + timedelta(seconds=1)
    assert hindrances_to_freezing(BOOK, period, filed=3, ruled=3, entries=9, now=after) == []
