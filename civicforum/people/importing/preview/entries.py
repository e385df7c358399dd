"""Each row as read: what its cells say, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from civicforum.people.identity import Identity, IdentityInvalid, is_valid, read_identity
from civicforum.people.importing.columns import (
    CAPACITY_FIELDS,
    CellInvalid,
    Columns,
    DigitsLost,
    Field,
    read_address,
    read_day,
    read_identity_text,
    read_name,
    read_phone,
    read_sex,
    read_text,
    read_yes_no,
)
from civicforum.people.importing.reading import Cell, Row
from civicforum.people.rules import CapacityKind, Sex

T = TypeVar("T")


class Code(StrEnum):
    """What is wrong, or odd, about a row."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    TOO_LONG = "too_long"
    IDENTITY_INVALID = "identity_invalid"
    DIGITS_LOST = "digits_lost"
    IDENTITY_MISPLACED = "identity_misplaced"
    IN_FUTURE = "in_future"
    BEFORE_BIRTH = "before_birth"
    NUMBER_TWICE = "number_twice"
    PERSON_TWICE = "person_twice"
    IDENTITY_TWICE = "identity_twice"
    UNKNOWN_GRID = "unknown_grid"
    UNKNOWN_GROUP = "unknown_group"
    HOUSEHOLD_DIFFERS = "household_differs"
    NUMBER_OF_ANOTHER = "number_of_another"
    IDENTITY_OF_ANOTHER = "identity_of_another"
    IDENTITY_DISAGREES = "identity_disagrees"
    NAME_AND_BIRTH_DIFFER = "name_and_birth_differ"
    NUMBER_CHANGES = "number_changes"
    HAS_LEFT = "has_left"
    NO_RESIDENCE = "no_residence"


WARNINGS = frozenset(
    {
        Code.IDENTITY_DISAGREES,
        Code.NAME_AND_BIRTH_DIFFER,
        Code.NUMBER_CHANGES,
        Code.HAS_LEFT,
        Code.NO_RESIDENCE,
    }
)

# The lengths of the columns these fields are kept in.
LONGEST = {Field.NUMBER: 40, Field.NAME: 80, Field.HOUSEHOLD: 40, Field.ADDRESS: 120}

_IDENTITY_LIKE = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_LONG_DIGITS = re.compile(r"\d{15,}[Xx]?")


@dataclass(frozen=True)
class Problem:
    """An error or a warning; `detail` is the line, name or value that the words need."""

    code: Code
    field: Field | None = None
    detail: str = ""

    @property
    def is_error(self) -> bool:
        return self.code not in WARNINGS


@dataclass(frozen=True)
class Entry:
    """A row as read. The identity number is gone by now: its hash is left, and what it says of the person."""

    line: int
    number: str = ""
    name: str = ""
    sex: Sex | None = None
    born_on: date | None = None
    identity_hash: str | None = None
    phone: str = ""
    household: str = ""
    address: str = ""
    grid: str = ""
    group: str = ""
    capacities: Mapping[CapacityKind, bool] = field(default_factory=dict)
    since: date | None = None
    problems: tuple[Problem, ...] = ()


def read_entries(rows: Iterable[Row], columns: Columns, *, identity_key: str, today: date) -> list[Entry]:
    """Read every row below the headings."""
    return [_RowReader(row, columns, today).entry(identity_key) for row in rows]


class _RowReader:
    """Reads the cells of one row and collects what is wrong with them."""

    def __init__(self, row: Row, columns: Columns, today: date) -> None:
        self.row = row
        self.columns = columns
        self.today = today
        self.problems: list[Problem] = []

    def entry(self, identity_key: str) -> Entry:
        identity = self.identity(identity_key)
        born_on, sex = self.read(Field.BORN_ON, read_day), self.read(Field.SEX, read_sex)
        if identity is not None:
            self.warn_if_differs(Field.BORN_ON, born_on, identity.born_on)
            self.warn_if_differs(Field.SEX, sex, identity.sex)
        born_on = born_on or (identity.born_on if identity else None)
        since = self.read(Field.SINCE, read_day)
        self.check_days(born_on, since)
        capacities = {kind: self.read(column, read_yes_no) for column, kind in CAPACITY_FIELDS.items()}
        return Entry(
            line=self.row.line,
            number=self.text(Field.NUMBER, read_text),
            name=self.text(Field.NAME, read_name),
            sex=sex or (identity.sex if identity else None),
            born_on=born_on,
            identity_hash=identity.hash if identity else None,
            phone=self.read(Field.PHONE, read_phone) or "",
            household=self.text(Field.HOUSEHOLD, read_text),
            address=self.text(Field.ADDRESS, read_address),
            grid=self.text(Field.GRID, read_text),
            group=self.text(Field.GROUP, read_text),
            capacities={kind: said for kind, said in capacities.items() if said is not None},
            since=since,
            problems=tuple(self.problems),
        )

    def read(self, column: Field, reader: Callable[[Cell], T]) -> T | None:
        try:
            return reader(self.columns.cell(self.row, column))
        except CellInvalid as error:
            # An identity number in a wrong column must not be kept by way of a message about it.
            self.add(Code.UNREADABLE, column, _LONG_DIGITS.sub("…", str(error))[:40])
            return None

    def text(self, column: Field, reader: Callable[[Cell], str]) -> str:
        text = reader(self.columns.cell(self.row, column))
        if any(is_valid(found.upper()) for found in _IDENTITY_LIKE.findall(text)):
            self.add(Code.IDENTITY_MISPLACED, column)
            return ""
        longest = LONGEST.get(column)
        if longest is not None and len(text) > longest:
            self.add(Code.TOO_LONG, column, str(longest))
            return text[:longest]
        return text

    def identity(self, key: str) -> Identity | None:
        try:
            text = read_identity_text(self.columns.cell(self.row, Field.IDENTITY))
            return read_identity(text, key=key) if text else None
        except DigitsLost:
            self.add(Code.DIGITS_LOST, Field.IDENTITY)
        except IdentityInvalid:
            self.add(Code.IDENTITY_INVALID, Field.IDENTITY)
        return None

    def warn_if_differs(self, column: Field, said: object, from_identity: object) -> None:
        if said is not None and said != from_identity:
            self.add(Code.IDENTITY_DISAGREES, column)

    def check_days(self, born_on: date | None, since: date | None) -> None:
        for column, day in ((Field.BORN_ON, born_on), (Field.SINCE, since)):
            if day is not None and day > self.today:
                self.add(Code.IN_FUTURE, column, day.isoformat())
        if born_on is not None and since is not None and since < born_on:
            self.add(Code.BEFORE_BIRTH, Field.SINCE, since.isoformat())

    def add(self, code: Code, column: Field, detail: str = "") -> None:
        self.problems.append(Problem(code, column, detail))
