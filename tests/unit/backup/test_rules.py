"""Which old backups go, and how much room a new one wants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from civicforum.backup.rules import SPARE_BYTES, Kept, bytes_needed, is_name, name_of, split_old

NOW = datetime(2026, 5, 20, 2, 30, tzinfo=UTC)


def kept(days_old: int, **heads: int) -> Kept:
    return Kept(f"{days_old} days", NOW - timedelta(days=days_old), heads)


def names(backups: list[Kept]) -> list[str]:
    return [one.name for one in backups]


def test_what_is_older_than_the_days_goes_when_a_newer_one_goes_as_far() -> None:
    going, staying = split_old([kept(40, a=3), kept(31, a=5), kept(30, a=5)], keep_days=30, now=NOW)
    assert (names(going), staying) == (["40 days", "31 days"], [])


def test_the_newest_stays_however_old_it_is() -> None:
    going, staying = split_old([kept(400, a=3), kept(399, a=3)], keep_days=30, now=NOW)
    assert (names(going), names(staying)) == (["400 days"], ["399 days"])


@pytest.mark.parametrize("fresh", [{}, {"b": 900}, {"a": 2}])
def test_a_fresh_or_shorter_database_pushes_nothing_out(fresh: dict[str, int]) -> None:
    going, staying = split_old([kept(40, a=3), kept(1, **fresh)], keep_days=30, now=NOW)
    assert (going, names(staying)) == ([], ["40 days"])


def test_room_is_wanted_for_a_database_that_cannot_be_compressed_and_some_more() -> None:
    assert bytes_needed(10_000) == 10_000 + SPARE_BYTES


def test_a_name_says_the_instant_in_utc_and_no_draft_has_one() -> None:
    assert name_of(NOW) == "civicforum-20260520T023000Z"
    assert is_name(name_of(NOW))
    assert not is_name(f".{name_of(NOW)}.abcd.part")
    assert not is_name("civicforum-old")
