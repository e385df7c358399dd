"""Cells of a workbook's first sheet, of every kind that programs write."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook

from civicforum.people.importing.reading import Fault, FileRefused, Row, read_rows
from civicforum.people.importing.sheets import sheet_rows

SHEET = "xl/worksheets/sheet1.xml"
BORN = datetime(1980, 2, 29)  # noqa: DTZ001 (a sheet knows no zone)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_sheet(cells: str, *, before: str = "") -> bytes:
    """Return a workbook whose first sheet has this markup in its table."""
    old, file = zipfile.ZipFile(io.BytesIO(saved(Workbook()))), io.BytesIO()
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'{before}<x:worksheet xmlns:x="{space}"><x:sheetData>{cells}</x:sheetData></x:worksheet>'
    with zipfile.ZipFile(file, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, sheet if entry.filename == SHEET else old.read(entry))
    return file.getvalue()


def test_texts_numbers_days_and_truths_are_read_as_they_were_written() -> None:
    book = Workbook()
    table = book.worksheets[0]
    table.append(["张三", 7, 2.5, True, BORN, None, "张三"])
    table["I1"] = "=1+1"
    assert list(sheet_rows(saved(book), columns=60)) == [(1, ("张三", 7, 2.5, True, BORN, None, "张三"))]


def test_rows_keep_their_lines_and_columns_beyond_the_last_are_left_out() -> None:
    book = Workbook()
    table = book.worksheets[0]
    table["A2"], table["C5"], table["D5"] = "甲", "乙", "丙"
    assert list(sheet_rows(saved(book), columns=3)) == [(2, ("甲",)), (5, (None, None, "乙"))]


def test_runs_of_a_text_are_joined_and_its_pronunciation_is_passed_over() -> None:
    cells = (
        '<x:row><x:c t="inlineStr"><x:is><x:r><x:t>王</x:t></x:r><x:r><x:t>芳</x:t></x:r>'
        '<x:rPh sb="0" eb="1"><x:t>wang</x:t></x:rPh></x:is></x:c>'
        '<x:c t="str"><x:f>A1</x:f><x:v>算出</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c></x:row>'
    )
    assert read_rows(with_sheet(cells)) == [Row(1, ("王芳", "算出", "#N/A"))]


@pytest.mark.parametrize(
    "cells",
    ['<x:row><x:c t="s"><x:v>9</x:v></x:c></x:row>', "<x:row><x:c><x:v>1,5</x:v></x:c></x:row>", "<x:row>"],
)
def test_cell_that_says_nothing_known_makes_the_file_damaged(cells: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_rows(with_sheet(cells))
    assert refused.value.fault is Fault.CORRUPT


def test_sheet_that_declares_an_entity_is_refused() -> None:
    cells = '<x:row><x:c t="inlineStr"><x:is><x:t>&many;</x:t></x:is></x:c></x:row>'
    with pytest.raises(FileRefused) as refused:
        read_rows(with_sheet(cells, before='<!DOCTYPE x [<!ENTITY many "很多">]>'))
    assert refused.value.fault is Fault.CORRUPT
