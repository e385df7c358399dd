"""The columns of a list of residents: their headings in both languages, and how their cells are read."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from civicforum.people.importing.reading import Cell, Fault, FileRefused, Row
from civicforum.people.rules import CapacityKind, Sex


class Field(StrEnum):
    NUMBER = "number"
    NAME = "name"
    SEX = "sex"
    BORN_ON = "born_on"
    IDENTITY = "identity"
    PHONE = "phone"
    HOUSEHOLD = "household"
    ADDRESS = "address"
    GRID = "grid"
    GROUP = "group"
    HUKOU = "hukou"
    USUAL_RESIDENCE = "usual_residence"
    OWNER = "owner"
    PARTY_MEMBER = "party_member"
    SINCE = "since"


# The first heading of each language is the one that the template file carries.
HEADINGS_ZH: dict[Field, tuple[str, ...]] = {
    Field.NUMBER: ("编号", "居民编号", "人员编号"),
    Field.NAME: ("姓名", "居民姓名"),
    Field.SEX: ("性别",),
    Field.BORN_ON: ("出生日期", "出生年月日", "生日"),
    Field.IDENTITY: ("身份证号", "身份证号码", "公民身份号码", "身份证", "证件号码"),
    Field.PHONE: ("手机号", "手机号码", "手机", "电话", "联系电话", "电话号码", "联系方式"),
    Field.HOUSEHOLD: ("户号", "户编号", "家庭编号"),
    Field.ADDRESS: ("地址", "住址", "家庭住址", "居住地址", "门牌", "房号"),
    Field.GRID: ("网格", "所属网格", "网格名称", "网格编号"),
    Field.GROUP: ("居民小组", "小组", "所属小组"),
    Field.HUKOU: ("户籍", "户籍在本社区", "本社区户籍", "户口"),
    Field.USUAL_RESIDENCE: ("常住", "常住居民", "是否常住"),
    Field.OWNER: ("业主", "是否业主"),
    Field.PARTY_MEMBER: ("党员", "中共党员", "是否党员"),
    Field.SINCE: ("起始日期", "起始时间", "入住日期", "登记日期"),
}
HEADINGS_EN: dict[Field, tuple[str, ...]] = {
    Field.NUMBER: ("Number", "No", "Resident number", "Person number"),
    Field.NAME: ("Name", "Full name"),
    Field.SEX: ("Sex", "Gender"),
    Field.BORN_ON: ("Date of birth", "Born on", "Birth date", "Birthday"),
    Field.IDENTITY: ("Identity number", "ID number", "Identity card", "ID card"),
    Field.PHONE: ("Phone", "Mobile", "Mobile phone", "Telephone", "Phone number"),
    Field.HOUSEHOLD: ("Household", "Household number"),
    Field.ADDRESS: ("Address", "Home address"),
    Field.GRID: ("Grid", "Grid name", "Grid code"),
    Field.GROUP: ("Residents' group", "Group", "Residents group"),
    Field.HUKOU: ("Hukou", "Household registration", "Registered here"),
    Field.USUAL_RESIDENCE: ("Usual residence", "Usual resident", "Lives here"),
    Field.OWNER: ("Owner", "Property owner"),
    Field.PARTY_MEMBER: ("Party member",),
    Field.SINCE: ("Since", "Start date"),
}
REQUIRED = (Field.NUMBER, Field.NAME, Field.HOUSEHOLD)
CAPACITY_FIELDS: dict[Field, CapacityKind] = {
    Field.HUKOU: CapacityKind.HUKOU,
    Field.USUAL_RESIDENCE: CapacityKind.USUAL_RESIDENCE,
    Field.OWNER: CapacityKind.OWNER,
    Field.PARTY_MEMBER: CapacityKind.PARTY_MEMBER,
}

# A title and a note may stand above the headings.
HEADING_ROWS = 10

YES = frozenset(["是", "有", "对", "√", "✓", "✔", "1", "y", "yes", "true", "t"])
NO = frozenset(["否", "无", "非", "不是", "没有", "×", "x", "✗", "0", "n", "no", "false", "f"])
SEXES = {
    **dict.fromkeys(["男", "男性", "m", "male", "1"], Sex.MALE),
    **dict.fromkeys(["女", "女性", "f", "female", "2"], Sex.FEMALE),
}
NOTHING = frozenset({"", "-", "--", "/", "无", "none", "n/a"})

_SEPARATED = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
_JOINED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PHONE = re.compile(r"\+?\d{5,15}")
# Excel counts days from here; it believes that 1900 was a leap year, so no earlier serial is relied on.
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EXCEL_SERIALS = range(61, 73051)
# A number of more digits does not fit into a spreadsheet's number: the last ones became zeros.
_EXACT_DIGITS = 15


class CellInvalid(ValueError):
    """The cell cannot be read as what its column holds."""


class DigitsLost(CellInvalid):
    """The spreadsheet kept a long number as a number, and with it only its first fifteen digits."""


@dataclass(frozen=True)
class Columns:
    """Where each field stands in a row, and the headings that nobody asked for."""

    places: dict[Field, int]
    ignored: tuple[str, ...]

    def cell(self, row: Row, field: Field) -> Cell:
        place = self.places.get(field)
        return row.cells[place] if place is not None and place < len(row.cells) else None


def find_columns(rows: Sequence[Row]) -> tuple[Columns, Sequence[Row]]:
    """Find the row of headings; return its columns and the rows below it.

    Raises FileRefused when no row among the first has every required heading, or one stands there twice.
    """
    best: list[Field] = []
    for index, row in enumerate(rows[:HEADING_ROWS]):
        found = [_FIELD_OF_HEADING.get(_folded(cell)) for cell in row.cells]
        known = [field for field in found if field is not None]
        best = max(best, known, key=len)
        if not set(REQUIRED) <= set(known):
            continue
        for field in known:
            if known.count(field) > 1:
                raise FileRefused(Fault.HEADING_TWICE, HEADINGS_ZH[field][0])
        places = {field: place for place, field in enumerate(found) if field is not None}
        ignored = tuple(
            str(cell).strip()
            for cell, field in zip(row.cells, found, strict=True)
            if field is None and cell not in (None, "")
        )
        return Columns(places, ignored), rows[index + 1 :]
    missing = [HEADINGS_ZH[field][0] for field in REQUIRED if field not in best]
    raise FileRefused(Fault.NO_HEADINGS, "、".join(missing))


def read_text(cell: Cell) -> str:
    """Return a cell as text: full-width letters and digits made narrow, spaces at the ends removed."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return " ".join(unicodedata.normalize("NFKC", str(cell)).split())


def read_name(cell: Cell) -> str:
    """Return a name; the spaces that lists put between two characters are taken out, those of others stay."""
    text = read_text(cell)
    return text if text.isascii() else text.replace(" ", "")


def read_address(cell: Cell) -> str:
    """Return an address as written: brackets and signs of an address keep their width."""
    return "" if cell is None else " ".join(str(cell).split())


def read_day(cell: Cell) -> date | None:
    """Return a date from a date cell, a serial number or text; None for a blank. Raises CellInvalid."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and not math.isfinite(cell):
        raise CellInvalid(str(cell))
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and int(cell) in _EXCEL_SERIALS:
        return _EXCEL_DAY_ZERO + timedelta(days=int(cell))
    text = read_text(cell)
    if text in NOTHING:
        return None
    match = _SEPARATED.fullmatch(text.replace(" 年", "年")) or _JOINED.fullmatch(text)
    if match is None:
        raise CellInvalid(text)
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError as error:
        raise CellInvalid(text) from error


def read_sex(cell: Cell) -> Sex | None:
    text = read_text(cell).lower()
    if text in NOTHING:
        return None
    if text not in SEXES:
        raise CellInvalid(text)
    return SEXES[text]


def read_yes_no(cell: Cell) -> bool | None:
    text = read_text(cell).lower()
    if text == "":
        return None
    if text in YES:
        return True
    if text in NO:
        return False
    raise CellInvalid(text)


def read_phone(cell: Cell) -> str:
    """Return a phone number without spaces and hyphens; "" for a blank. Raises CellInvalid."""
    text = read_text(cell)
    if text.lower() in NOTHING:
        return ""
    digits = re.sub(r"[\s\-()]", "", text)
    if not _PHONE.fullmatch(digits):
        raise CellInvalid(text)
    return digits


def read_identity_text(cell: Cell) -> str:
    """Return an identity number as text; "" for a blank. Raises DigitsLost."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= 10**_EXACT_DIGITS:
        raise DigitsLost
    text = read_text(cell)
    return "" if text.lower() in NOTHING else text


def _folded(cell: Cell) -> str:
    """Return a heading without what does not distinguish it: case, spaces, brackets with a note, a star."""
    text = unicodedata.normalize("NFKC", str(cell or "")).lower()
    return re.sub(r"\([^()]*\)|[\s*:'’_]", "", text)


_FIELD_OF_HEADING: dict[str, Field] = {
    _folded(heading): field
    for headings in (HEADINGS_ZH, HEADINGS_EN)
    for field, names in headings.items()
    for heading in (*names, field.value)
}
