"""Invented lists of residents of any length, as workbooks and as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

from openpyxl import Workbook

from civicforum.people.identity import check_character

HEADINGS = "编号,姓名,性别,出生日期,身份证号,手机号,户号,地址,网格,居民小组,户籍,常住,业主,党员,起始日期"
SURNAMES = "王李张刘陈杨赵黄周吴"
GIVEN = "伟芳娜敏静丽强磊军洋"
# After so many, the days of birth begin again, in another region.
DAYS = 5_000

Line = list[str]


def identity_number(serial: int, born_on: date, *, is_male: bool) -> str:
    """Return a number with a right check character, of a region that does not exist."""
    order = serial % 500 * 2 + is_male
    digits = f"{990101 + serial // DAYS}{born_on:%Y%m%d}{order:03}"
    return digits + check_character(digits)


def lines(count: int, *, per_household: int = 3) -> Iterator[Line]:
    """Yield the rows of a list: the first grid and group, three people to a household."""
    for serial in range(count):
        born_on = date(1940, 1, 1) + timedelta(days=serial % DAYS * 5)
        is_male = serial % 2 == 0
        household = serial // per_household + 1
        yield [
            f"R{serial + 1:05}",
            SURNAMES[serial % 10] + GIVEN[serial // 10 % 10],
            "男" if is_male else "女",
            born_on.isoformat(),
            identity_number(serial, born_on, is_male=is_male),
            f"138{serial:08}",
            f"{household:04}",
            f"{household // 40 + 1}号楼{household % 40 + 1}室",
            "第一网格",
            "第一居民小组",
            "是",
            "是",
            "否",
            "是" if serial % 10 == 0 else "否",
            "2010-01-01",
        ]


def workbook(rows: list[Line], headings: list[str] | None = None) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("居民")
    sheet.append(headings or HEADINGS.split(","))
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def text(rows: list[Line], *, encoding: str = "utf-8", headings: list[str] | None = None) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(headings or HEADINGS.split(","))
    writer.writerows(rows)
    return file.getvalue().encode(encoding)
