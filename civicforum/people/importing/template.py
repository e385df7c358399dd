"""The list to fill in: headings in the visitor's language and one example row, as .xlsx and as .csv."""

from __future__ import annotations

import csv
import io
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from civicforum.people.importing.columns import HEADINGS_EN, HEADINGS_ZH, Field

EXAMPLE: dict[Field, tuple[str, str]] = {
    Field.NUMBER: ("R00001", "R00001"),
    Field.NAME: ("张示例", "Zhang Shili"),
    Field.SEX: ("女", "female"),
    Field.BORN_ON: ("1960-03-05", "1960-03-05"),
    Field.IDENTITY: ("", ""),
    Field.PHONE: ("13800000000", "13800000000"),
    Field.HOUSEHOLD: ("0001", "0001"),
    Field.ADDRESS: ("1号楼1单元101室", "Building 1, flat 101"),
    Field.GRID: ("第一网格", "第一网格"),
    Field.GROUP: ("第一居民小组", "第一居民小组"),
    Field.HUKOU: ("是", "yes"),
    Field.USUAL_RESIDENCE: ("是", "yes"),
    Field.OWNER: ("否", "no"),
    Field.PARTY_MEMBER: ("否", "no"),
    Field.SINCE: ("2010-01-01", "2010-01-01"),
}
DATES = (Field.BORN_ON, Field.SINCE)


def headings(language: str) -> list[str]:
    names = HEADINGS_ZH if language.startswith("zh") else HEADINGS_EN
    return [names[field][0] for field in Field]


def template_csv(language: str) -> bytes:
    """Return the list as UTF-8 with a mark, which Excel needs to read it as that."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings(language))
    writer.writerow(_example(language))
    return text.getvalue().encode("utf-8-sig")


def template_xlsx(language: str) -> bytes:
    """Return the list as a workbook whose columns of numbers are text, so that no digit is lost."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101
    sheet.title = "居民名册" if language.startswith("zh") else "Residents"
    sheet.append(headings(language))
    sheet.append(
        [
            date.fromisoformat(value) if field in DATES else value
            for field, value in zip(Field, _example(language), strict=True)
        ]
    )
    for column, field in enumerate(Field, start=1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = 22 if field in (Field.ADDRESS, Field.IDENTITY) else 14
        sheet.column_dimensions[letter].number_format = "yyyy-mm-dd" if field in DATES else "@"
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet[f"{letter}1"].fill = PatternFill("solid", fgColor="E6EEF2")
        sheet[f"{letter}2"].number_format = "yyyy-mm-dd" if field in DATES else "@"
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _example(language: str) -> list[str]:
    return [EXAMPLE[field][0 if language.startswith("zh") else 1] for field in Field]
