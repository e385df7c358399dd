"""What a paper with places says."""

from __future__ import annotations

import pytest

from civicforum.counting import PlaceRules, read_places

A, B, NONE, BOTH = ("A",), ("B",), (), ("A", "B")


@pytest.mark.parametrize(
    ("places", "gaps", "overmark_ends", "says"),
    [
        ([A, B], 0, True, ("A", "B")),
        ([A, NONE, B], 0, True, ("A",)),
        ([A, NONE, B], 1, True, ("A", "B")),
        ([A, NONE, NONE, B], 1, True, ("A",)),
        ([NONE, A, NONE, B], 1, True, ("A", "B")),
        ([NONE, NONE, B], None, True, ("B",)),
        ([A, A, B], 0, True, ("A", "B")),
        ([("C",), BOTH, B], None, True, ("C",)),
        ([("C",), BOTH, B], None, False, ("C", "B")),
        ([("C",), BOTH, B], 0, False, ("C",)),
        ([BOTH], 0, True, ()),
        ([], 0, True, ()),
    ],
)
def test_paper_is_read_as_far_as_its_rules_go(
    places: list[tuple[str, ...]], gaps: int | None, overmark_ends: bool, says: tuple[str, ...]
) -> None:
    assert read_places(places, PlaceRules(gaps, overmark_ends)) == says
