from __future__ import annotations

from datetime import date, datetime

import pytest

from civicforum.people.importing.columns import (
    HEADINGS_EN,
    HEADINGS_ZH,
    CellInvalid,
    DigitsLost,
    Field,
    find_columns,
    read_address,
    read_day,
    read_identity_text,
    read_name,
    read_phone,
    read_sex,
    read_text,
    read_yes_no,
)
from civicforum.people.importing.reading import Cell, Fault, FileRefused, Row
from civicforum.people.rules import Sex


@pytest.mark.parametrize("names", [HEADINGS_ZH, HEADINGS_EN])
def test_every_heading_is_understood_in_both_languages(names: dict[Field, tuple[str, ...]]) -> None:
    for field, headings in names.items():
        for heading in headings:
            rest = [HEADINGS_ZH[each][0] for each in Field if each is not field]
            columns, _rows = find_columns([Row(1, (heading, *rest))])
            assert columns.places[field] == 0


def test_headings_are_found_below_a_title_and_others_are_named() -> None:
    rows = [
        Row(1, ("青松里社区居民花名册", None)),
        Row(3, ("* 编 号", "姓名（必填）", "户号", "备注", "序号")),
        Row(4, ("1", "张三", "0001", "x", "1")),
    ]
    columns, below = find_columns(rows)
    assert columns.places == {Field.NUMBER: 0, Field.NAME: 1, Field.HOUSEHOLD: 2}
    assert columns.ignored == ("备注", "序号")
    assert [row.line for row in below] == [4]


def test_missing_headings_are_named() -> None:
    with pytest.raises(FileRefused) as refused:
        find_columns([Row(1, ("姓名", "性别"))])
    assert (refused.value.fault, refused.value.detail) == (Fault.NO_HEADINGS, "编号、户号")


def test_two_columns_of_one_meaning_are_refused() -> None:
    with pytest.raises(FileRefused) as refused:
        find_columns([Row(1, ("编号", "姓名", "户号", "手机", "电话"))])
    assert (refused.value.fault, refused.value.detail) == (Fault.HEADING_TWICE, "手机号")


@pytest.mark.parametrize(
    "cell",
    [
        "1960-03-05",
        "1960-3-5",
        "1960/3/5",
        "1960.3.5",
        "1960年3月5日",
        "1960 年3月5日",
        "19600305",
        "１９６０／３／５",
        "1960-03-05 00:00:00",
        datetime(1960, 3, 5),  # noqa: DTZ001 - as spreadsheets hold it
        date(1960, 3, 5),
        21980,
        21980.0,
    ],
)
def test_spellings_of_a_day(cell: Cell) -> None:
    assert read_day(cell) == date(1960, 3, 5)


@pytest.mark.parametrize("cell", ["1960-02-30", "1960年3月", "5/3/1960", "三月五日", "21980", 5, True])
def test_what_is_no_day_is_refused(cell: Cell) -> None:
    with pytest.raises(CellInvalid):
        read_day(cell)


@pytest.mark.parametrize("cell", [None, "", " ", "-", "无"])
def test_blank_is_no_day(cell: Cell) -> None:
    assert read_day(cell) is None


def test_words_for_yes_no_and_sex() -> None:
    assert [read_yes_no(cell) for cell in ("是", "有", "Yes", "√", 1, True)] == [True] * 6
    assert [read_yes_no(cell) for cell in ("否", "无", "no", "×", 0, False)] == [False] * 6
    assert read_yes_no(" ") is None
    assert [read_sex(cell) for cell in ("女", "Female", "男", "M", "")] == [
        Sex.FEMALE,
        Sex.FEMALE,
        Sex.MALE,
        Sex.MALE,
        None,
    ]
    for reader in (read_yes_no, read_sex):
        with pytest.raises(CellInvalid):
            reader("大概")


def test_phone_loses_its_spaces_and_letters_are_refused() -> None:
    assert read_phone("138 0000-0000") == "13800000000"
    assert read_phone(13800000000) == "13800000000"
    assert read_phone("１３８００００００００") == "13800000000"
    assert read_phone("无") == ""
    for cell in ("13800000000/13900000000", "打家里电话", "123"):
        with pytest.raises(CellInvalid):
            read_phone(cell)


def test_text_is_narrowed_and_numbers_keep_no_decimals() -> None:
    assert read_text("  Ａ０１２　") == "A012"
    assert read_text(12.0) == "12"
    assert read_name("张 三") == "张三"
    assert read_name("John  Smith") == "John Smith"
    assert read_address(" 3号楼（东）  101 ") == "3号楼（东） 101"


def test_identity_number_kept_as_a_number_has_lost_digits() -> None:
    with pytest.raises(DigitsLost):
        read_identity_text(1.10105194912310e17)
    assert read_identity_text(" 11010519491231002x ") == "11010519491231002x"
