"""Cursors: what is written is read again, and nothing else is."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.api.cursors import read_cursor, write_cursor
from civicforum.errors import Invalid

TYPES = (datetime, uuid.UUID)


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_what_was_written_is_read_again(at: datetime, key: uuid.UUID) -> None:
    assert read_cursor(write_cursor([at, key]), TYPES) == [at, key]


def test_days_and_numbers_are_read_again() -> None:
    assert read_cursor(write_cursor([date(2026, 3, 2), 7]), (date, int)) == [date(2026, 3, 2), 7]


def test_a_cursor_needs_no_escaping_in_an_address() -> None:
    cursor = write_cursor([datetime(2026, 3, 2, tzinfo=UTC), uuid.UUID(int=2**128 - 1)])

    assert cursor.replace("-", "").replace("_", "").isalnum()


@given(st.text(alphabet="ABCDEFabcdef0123456789-_", min_size=1, max_size=80))
def test_anything_else_is_refused_and_never_fails(cursor: str) -> None:
    with pytest.raises(Invalid):
        read_cursor(cursor, TYPES)


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "{}",
        "[]",
        '["2026-03-02T00:00:00", "00000000-0000-0000-0000-000000000000"]',
        '["2026-03-02T00:00:00+00:00"]',
        '["2026-03-02T00:00:00+00:00", 5]',
        '["9999-99-99", "x"]',
        "[" * 200,
    ],
)
def test_json_that_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_cursor(base64.urlsafe_b64encode(text.encode()).decode().rstrip("="), TYPES)


@pytest.mark.parametrize("number", [-1, 2**31, True, 1.5, "7"])
def test_a_number_that_no_column_takes_is_refused(number: object) -> None:
    with pytest.raises(Invalid):
        read_cursor(write_cursor([number]), (int,))
