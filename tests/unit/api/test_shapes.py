"""How instants and shares are written, and what parameters are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from pydantic import ValidationError

from civicforum.api.kinds.journal import EntryFilters
from civicforum.api.kinds.matters import MatterFilters
from civicforum.api.shapes.common import Exact, Instant, Shape


class Sample(Shape):
    at: Instant
    share: Exact


def test_instants_are_in_utc_to_the_microsecond_and_shares_in_lowest_terms() -> None:
    shanghai = timezone(timedelta(hours=8))
    sample = Sample(at=datetime(2026, 3, 2, 10, tzinfo=shanghai), share=Fraction(44, 82))

    assert sample.model_dump(mode="json") == {"at": "2026-03-02T02:00:00.000000+00:00", "share": "22/41"}


def test_parameters_are_read() -> None:
    filters = MatterFilters.model_validate(
        {"limit": "7", "stage": "raised", "updated_since": "2026-03-02T10:00:00+08:00"}
    )

    assert (filters.limit, filters.stage) == (7, "raised")
    assert filters.updated_since == datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "given",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "1e2"},
        {"limit": "1_0"},
        {"limit": " 5"},
        {"limit": "٥"},
        {"limit": "9" * 400},
        {"community": "00000000000000000000000000000000"},
        {"community": "urn:uuid:00000000-0000-0000-0000-000000000000"},
        {"updated_since": "1772416800"},
        {"updated_since": "2026-03-02"},
        {"updated_since": "2026-03-02T10:00:00"},
        {"updated_since": "2026-03-02T10:00:00 08:00"},
        {"stage": "draughty"},
        {"cursor": ""},
        {"cursor": "ä"},
        {"q": "x" * 81},
        {"limits": "5"},
    ],
)
def test_what_is_not_a_value_of_a_parameter_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        MatterFilters.model_validate(given)


@pytest.mark.parametrize("since", ["-1", "2147483648"])
def test_a_number_that_the_column_does_not_take_is_refused(since: str) -> None:
    with pytest.raises(ValidationError):
        EntryFilters.model_validate({"since": since})
