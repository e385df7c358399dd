"""Lines of a calendar: folded after 75 octets and escaped (RFC 5545, 3.1 and 3.3.11)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civicforum.api.calendars import escape, fold


def test_a_short_line_only_gets_its_end() -> None:
    assert fold("VERSION:2.0") == "VERSION:2.0\r\n"


def test_the_76th_octet_starts_the_next_line() -> None:
    assert fold("x" * 76) == "x" * 75 + "\r\n x\r\n"


def test_no_chinese_sign_is_cut_in_two() -> None:
    # Three octets each: 25 signs fill a line, and 24 one that begins with a space.
    assert fold("会" * 50) == "会" * 25 + "\r\n " + "会" * 24 + "\r\n 会\r\n"


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), max_size=300))
def test_unfolding_gives_the_line_again(line: str) -> None:
    folded = fold(line)

    assert folded.removesuffix("\r\n").replace("\r\n ", "") == line
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))


def test_signs_with_a_meaning_are_escaped() -> None:
    assert escape("一号楼, 2层; a\\b\r\n下一行\x07") == "一号楼\\, 2层\\; a\\\\b\\n下一行"
