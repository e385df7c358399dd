"""Finding words of a list, worked by hand: how a text is compared, and that time does not explode."""

from __future__ import annotations

import time

import pytest

from civicforum.moderation.matching import find_words, plain


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("黑心公司", "黑心公司"),
        ("黑 心\u3000公\t司", "黑心公司"),
        ("黑-心·公。司！", "黑心公司"),
        # Zero-width space, joiner, non-joiner, byte order mark and soft hyphen.
        ("黑\u200b心\u200d公\u200c司\ufeff\u00ad", "黑心公司"),
        # A combining stroke over each sign.
        ("黑\u0336心\u0336", "黑心"),
        ("ＶＸ：１２３", "vx123"),
        ("WeChat", "wechat"),
        ("Straße", "strasse"),
        ("①②", "12"),
        ("㈱", "株"),
        ("!!! …", ""),
    ],
)
def test_a_text_is_compared_by_its_letters_and_digits(text: str, compared: str) -> None:
    assert plain(text) == compared


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("这家黑心公司", ["黑心公司"]),
        ("黑\u200b心 公-司", ["黑心公司"]),
        ("黑心的公司", []),
        ("黑心公", []),
        ("", []),
        ("加ＶＸ，黑心公司", ["黑心公司", "vx"]),
    ],
)
def test_words_are_found_whole_and_in_the_order_of_the_list(text: str, found: list[str]) -> None:
    assert find_words(["黑心公司", "vx"], [text]) == found


def test_a_word_is_not_put_together_from_two_texts() -> None:
    assert find_words(["黑心公司"], ["黑心", "公司"]) == []


def test_words_within_each_other_are_all_found() -> None:
    assert find_words(["公司", "黑心公司", "心公"], ["黑心公司"]) == ["公司", "黑心公司", "心公"]


def test_a_thousand_words_and_a_long_text_that_nearly_fits_take_no_time() -> None:
    words = ["a" * (2 + number % 59) + chr(0x4E00 + number) for number in range(1000)]
    began = time.perf_counter()
    assert find_words(words, ["a" * 4000]) == []
    assert time.perf_counter() - began < 2
