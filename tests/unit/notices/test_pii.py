"""Numbers of persons in a text. Every number is invented; checksums were worked by hand."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.notices.pii import Kind, digits_of, find, has_identity_number, places_of

FULL_WIDTH = str.maketrans("0123456789Xx", "０１２３４５６７８９Ｘｘ")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        # GB 11643-1999 gives this one as its example.
        ("身份证11010519491231002X", "11010519491231002X"),
        ("低保户张某11010519491231002x。", "11010519491231002x"),
        ("证号 110105 19491231 002X", "110105 19491231 002X"),
        ("110105-19491231-002X", "110105-19491231-002X"),
        ("1101 0519 4912 3100 2X", "1101 0519 4912 3100 2X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "１１０１０５１９４９１２３１００２Ｘ"),
        ("110105\u200b19491231\u200b002X", "110105\u200b19491231\u200b002X"),
        # Fifteen digits from before 1999.
        ("旧证 110105491231002", "110105491231002"),
        # The last sign does not fit, but the day is of the last century, or it is named as one.
        ("110101199003077650", "110101199003077650"),
        ("证件号：110101200503077650", "110101200503077650"),
    ],
)
def test_an_identity_number_is_found_where_it_stands(text: str, number: str) -> None:
    (found,) = find(text)
    assert (found.kind, text[found.start : found.end]) == (Kind.IDENTITY, number)
    assert has_identity_number(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("请联系13812345678王女士", "13812345678"),
        ("138 1234 5678", "138 1234 5678"),
        ("138-1234-5678", "138-1234-5678"),
        ("1 3 8 1 2 3 4 5 6 7 8", "1 3 8 1 2 3 4 5 6 7 8"),
        ("+86 138 1234 5678", "86 138 1234 5678"),
        ("+8613812345678", "8613812345678"),
        ("１３８１２３４５６７８", "１３８１２３４５６７８"),
        ("2026-03-02 13812345678", "13812345678"),
        ("家里 010-62345678", "010-62345678"),
        ("0312 555-0110", "0312 555-0110"),
        ("（0312）5550110", "0312）5550110"),
        ("电话：62345678", "62345678"),
        ("Tel 6234 5678", "6234 5678"),
    ],
)
def test_a_telephone_number_is_found_where_it_stands(text: str, number: str) -> None:
    (found,) = find(text)
    assert (found.kind, text[found.start : found.end]) == (Kind.PHONE, number)
    assert not has_identity_number(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        # Luhn: every second digit from the right doubled, the sum a multiple of ten.
        ("卡号6222021001123456789", "6222021001123456789"),
        ("6222 0210 0112 3456 789", "6222 0210 0112 3456 789"),
        ("4111111111111111", "4111111111111111"),
        ("银行卡 4111 1111 1111 1111", "4111 1111 1111 1111"),
    ],
)
def test_a_bank_card_is_found_where_it_stands(text: str, number: str) -> None:
    (found,) = find(text)
    assert (found.kind, text[found.start : found.end]) == (Kind.CARD, number)


@pytest.mark.parametrize(
    "text",
    [
        "拨打12345、110、119、95598或者400-810-1234",
        "本季度收入 123456789012345678 分",
        "订单号 11010119900307765123",
        # A contract of this century: its last digit is not the sign of an identity number.
        "合同编号110105202603220011",
        "统一社会信用代码 91110105MA01B2C3D4",
        "2026年3月2日至3月17日公布，共15日",
        "2026-03-02 2026-03-17",
        "收入 13 800 138 000 元",
        "四季度 4500 3200 6100 2300",
        # A digit off: no card.
        "4111111111111112",
        "东经131.12345678",
        "张秀英、李建国",
        "编号62345678",
        "",
    ],
)
def test_hotlines_sums_days_and_contracts_are_nobodys_numbers(text: str) -> None:
    assert find(text) == []


def test_the_telephone_of_an_office_may_stand_there_with_its_area_code_or_without() -> None:
    phones = frozenset({digits_of("0312-5550110"), digits_of("+86 138 0000 1111")})
    text = "派出所 0312-555-0110，电话5550110，手机138 0000 1111；物业0312-5550199"
    (found,) = find(text, office_phones=phones)
    assert text[found.start : found.end] == "0312-5550199"


def test_the_author_is_shown_line_and_place_but_only_the_ends_of_the_number() -> None:
    text = "低保名单\n\n张某，身份证号110105194912310021，三号楼\n李某"
    (place,) = places_of(text, find(text))
    assert (place.line, place.shown) == (3, "1101**********0021")
    assert (place.before, place.after) == ("张某，身份证号", "，三号楼")


def test_around_one_number_no_other_is_shown() -> None:
    text = "张某，身份证11010519491231002X，电话13812345678。"
    first, second = places_of(text, find(text))
    assert (first.before, first.after) == ("张某，身份证", "，电话")
    assert (second.before, second.after) == ("，电话", "。")


def test_several_numbers_are_found_in_order_and_none_overlaps() -> None:
    text = "13812345678 11010519491231002X 010-62345678"
    found = find(text)
    assert [one.kind for one in found] == [Kind.PHONE, Kind.IDENTITY, Kind.PHONE]
    assert all(one.end <= following.start for one, following in itertools.pairwise(found))


@given(st.text(alphabet="0123456789Xx -（）电话号\n", max_size=80))
def test_full_width_digits_change_nothing_about_what_is_found(text: str) -> None:
    assert find(text) == find(text.translate(FULL_WIDTH))


@given(
    st.integers(min_value=0, max_value=8),
    st.text(alphabet="\u200b -", min_size=0, max_size=2),
    st.sampled_from(["13812345678", "15900001111", "18611112222"]),
)
def test_a_mobile_number_is_found_in_any_sentence(place: int, blank: str, number: str) -> None:
    sentence = "请各户按时缴费谢谢"
    grouped = blank.join((number[:3], number[3:7], number[7:]))
    assert [one.kind for one in find(f"{sentence[:place]}{grouped}{sentence[place:]}")] == [Kind.PHONE]


@pytest.mark.parametrize("text", ["1 " * 10_000, "0-" * 10_000, "2 " * 10_000, "1" * 20_000])
def test_the_longest_notice_is_read_in_seconds(text: str) -> None:
    began = time.monotonic()
    find(text)
    assert time.monotonic() - began < 10
