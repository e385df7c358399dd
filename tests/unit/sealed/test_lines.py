"""What a line may hold, where a hostile one could exhaust a reader."""

from __future__ import annotations

from typing import Any

import pytest

from civicforum.sealed.checks import Check, Refused
from civicforum.sealed.contests import parse_contest
from civicforum.sealed.lines import read_line, write_line


def nested(levels: int) -> dict[str, Any]:
    """Return an object with a number so many levels below it."""
    value: Any = 1
    for _ in range(levels - 1):
        value = [value]
    return {"a": value}


def test_line_may_be_nested_64_levels_and_no_deeper() -> None:
    deepest = write_line(nested(64))
    assert read_line(deepest) == nested(64)
    for levels in (65, 500):
        with pytest.raises(Refused) as refused:
            read_line(write_line(nested(levels)))
        assert refused.value.check is Check.LINE_CANONICAL


def test_line_nested_deeper_than_any_reader_can_go_is_refused_like_any_other() -> None:
    with pytest.raises(Refused) as refused:
        read_line(b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}")
    assert refused.value.check is Check.LINE_CANONICAL


def review(most: int) -> dict[str, Any]:
    return {"kind": "review", "options": ["Wang", "Li"], "max": most}


def test_question_may_name_a_thousand_seats_and_no_more() -> None:
    assert parse_contest(review(1000)).most == 1000
    for most in (1001, 2**53 - 1):
        with pytest.raises(Refused) as refused:
            parse_contest(review(most))
        assert refused.value.check is Check.MANIFEST_TERMS
