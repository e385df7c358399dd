"""Notices on a wall screen: as large as fits, long ones in parts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civicforum.notices.excerpts import excerpt, mark
from civicforum.notices.wall import SIZES, fit


def test_a_short_notice_is_set_large_and_a_longer_one_smaller() -> None:
    assert fit("停水。") == ("", ["停水。"])
    # 200 characters: 8 lines of 25 are too many for the largest type, 6 of 34 fit the next.
    assert fit("水" * 200)[0] == "long"
    assert fit("水" * 400)[0] == "longer"


@given(st.text(alphabet="公告内容。\n", max_size=3000))
def test_the_parts_together_are_the_notice_and_each_fits(text: str) -> None:
    _size, parts = fit(text)
    assert "".join(parts) == text
    smallest = SIZES[-1]
    for part in parts:
        lines = part.removesuffix("\n").split("\n")
        assert sum(max(1, -(-len(line) // smallest.characters)) for line in lines) <= smallest.lines + 1


def test_what_is_searched_for_is_marked_the_longest_word_first() -> None:
    assert mark("东门路灯已换", ["路灯", "东门路灯"]) == [("东门路灯", True), ("已换", False)]
    assert mark("(a) A", ["(A)"]) == [("(a)", True), (" A", False)]
    assert mark("", ["a"]) == []


def test_an_excerpt_begins_near_what_was_found() -> None:
    text = "前" * 200 + "路灯" + "后" * 200
    pieces = excerpt(text, ["路灯"])
    assert pieces[0][0] == "…" + "前" * 30
    assert pieces[1] == ("路灯", True)
    assert pieces[-1][0].endswith("…")
    assert excerpt("短文", []) == [("短文", False)]
