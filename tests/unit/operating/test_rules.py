from __future__ import annotations

from datetime import timedelta

import pytest

from civicforum.operating.rules import (
    Finding,
    Status,
    is_quiet,
    is_request_id,
    judge_backup,
    judge_drift,
    judge_queue,
    judge_space,
    worst,
)

GB = 2**30


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("polls.cast", True),
        ("polls.tracker", True),
        ("reports.new", True),
        ("ratings.rate", True),
        ("polls.index", False),
        ("matters.show", False),
        (None, False),
    ],
)
def test_moments_of_secret_acts_are_not_written_down(endpoint: str | None, expected: bool) -> None:
    assert is_quiet(endpoint) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("0123456789abcdef", True),
        ("b7ad6b7169203331-1", True),
        ("short", False),
        ("x" * 65, False),
        ("with blank", False),
        ("<script>alert(1)</script>", False),
        ("abcdefgh\nINFO forged", False),
        ("", False),
    ],
)
def test_an_id_from_the_proxy_is_taken_only_when_it_is_well_formed(given: str, expected: bool) -> None:
    assert is_request_id(given) is expected


@pytest.mark.parametrize(
    ("free", "size", "expected"),
    [
        (50 * GB, 100 * GB, Status.GOOD),
        (14 * GB, 100 * GB, Status.LOOK),
        (4 * GB, 100 * GB, Status.BAD),
        (1 * GB, 4 * GB, Status.LOOK),
        (GB // 4, 1 * GB, Status.BAD),
    ],
)
def test_room_on_a_disk_is_judged_by_its_share_and_by_its_bytes(
    free: int, size: int, expected: Status
) -> None:
    assert judge_space(free=free, size=size) is expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.0, Status.GOOD), (-1.9, Status.GOOD), (2.0, Status.LOOK), (-29.0, Status.LOOK), (30.0, Status.BAD)],
)
def test_a_clock_that_is_ahead_is_judged_as_one_that_is_behind(seconds: float, expected: Status) -> None:
    assert judge_drift(seconds) is expected


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(hours=25), Status.GOOD),
        (timedelta(hours=27), Status.LOOK),
        (timedelta(days=3, hours=1), Status.BAD),
        (None, Status.BAD),
    ],
)
def test_a_backup_of_every_night_is_in_order(age: timedelta | None, expected: Status) -> None:
    assert judge_backup(age) is expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(None, Status.GOOD), (299.0, Status.GOOD), (300.0, Status.LOOK), (1800.0, Status.BAD)],
)
def test_a_queue_is_judged_by_how_long_the_oldest_waits(seconds: float | None, expected: Status) -> None:
    assert judge_queue(seconds) is expected


def test_what_was_not_asked_makes_nothing_worse() -> None:
    asked = [Finding("a", Status.NOT_ASKED, ""), Finding("b", Status.LOOK, "")]
    assert worst(asked) is Status.LOOK
    assert worst(asked[:1]) is Status.GOOD
