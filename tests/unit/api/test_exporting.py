"""Tables: a column for each field, and nothing that a spreadsheet would calculate."""

from __future__ import annotations

import pytest

from civicforum.api.exporting import cell, columns
from civicforum.api.shapes.common import Shape


class Inner(Shape):
    name: str
    number: int


class Outer(Shape):
    title: str
    inner: Inner
    maybe: Inner | None
    many: list[Inner]
    figures: dict[str, int] | None


def test_a_field_within_another_has_a_column_of_its_own_and_a_list_has_one() -> None:
    assert list(columns(Outer)) == [
        "title",
        "inner.name",
        "inner.number",
        "maybe.name",
        "maybe.number",
        "many",
        "figures",
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-5", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1+1", "＋86", "－5", "＠SUM(A1)"]
)
def test_a_text_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert cell(text) == "'" + text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (-5, -5),
        ("22/41", "22/41"),
        (["甲", 1], '["甲", 1]'),
        ({"a": None}, '{"a": null}'),
    ],
)
def test_other_values_stand_as_they_are(value: object, written: object) -> None:
    assert cell(value) == written
