"""The reply rate by hand, and what an opinion may not show."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from civicforum.departments.rules import (
    LONGEST_OPINION,
    Replies,
    check_opinion,
    has_phone_number,
    works_here,
)
from civicforum.errors import Invalid


def test_the_rate_is_replied_in_time_of_those_whose_time_is_over() -> None:
    replies = Replies(in_time=4, late=1, missing=2, waiting=3, hidden=1)
    assert (replies.settled, replies.total) == (7, 11)
    assert replies.rate(5) == Fraction(4, 7)


def test_fewer_than_five_opinions_have_no_rate() -> None:
    assert Replies(in_time=4, waiting=9, hidden=9).rate(5) is None
    assert Replies(in_time=4, missing=1).rate(5) == Fraction(4, 5)
    assert Replies().rate(0) is None


@pytest.mark.parametrize(
    "text",
    [
        "打13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "+8613812345678",
        "１３８１２３４５６７８",
        "0312-5550186",
    ],
)
def test_a_telephone_number_is_found_however_it_is_spaced(text: str) -> None:
    assert has_phone_number(text)


@pytest.mark.parametrize(
    "text", ["打12345没人接", "2026年3月2日 14时30分", "3栋1单元1201室", "编号20260302001"]
)
def test_a_hotline_a_day_and_an_address_are_no_telephone_numbers(text: str) -> None:
    assert not has_phone_number(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("  ", "empty or too long"),
        ("字" * (LONGEST_OPINION + 1), "empty or too long"),
        ("我是11010519491231002X", "identity_number"),
        ("请打13812345678", "phone_number"),
    ],
)
def test_an_opinion_without_words_or_with_somebodys_number_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_opinion(text)
    assert (refused.value.reason, refused.value.field) == (reason, "text")


def test_a_department_works_here_from_its_first_to_its_last_day() -> None:
    first, last = date(2026, 3, 1), date(2026, 6, 30)
    on = {day: works_here(first, last, day) for day in (date(2026, 2, 28), first, last, date(2026, 7, 1))}
    assert list(on.values()) == [False, True, True, False]
    assert works_here(first, None, date(2099, 1, 1))
