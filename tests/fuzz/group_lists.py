"""Lists of residents: tables, cells, identity numbers and telephone numbers."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from functools import cache

from civicforum.people.identity import IdentityInvalid, is_valid, read_identity
from civicforum.people.importing.columns import (
    CellInvalid,
    find_columns,
    read_day,
    read_phone,
    read_sex,
    read_yes_no,
)
from civicforum.people.importing.preview.entries import read_entries
from civicforum.people.importing.preview.planning import Known, make_plan
from civicforum.people.importing.reading import MAX_COLUMNS, FileRefused, read_rows
from civicforum.people.importing.stored import entry_from, to_json
from tests.fuzz.target import Target, as_text, in_parts, zipped
from tests.resident_lists import identity_number, lines, text, workbook

TODAY = date(2026, 3, 2)
KNOWN = Known((), {}, {"第一网格": "第一网格"}, {"第一居民小组": "第一居民小组"})


def _table(data: bytes) -> None:
    """Read a file of residents up to the plan that is shown, and back from how it is stored."""
    rows = read_rows(data)
    assert rows
    assert all(len(row.cells) <= MAX_COLUMNS for row in rows)
    columns, below = find_columns(rows)
    entries = read_entries(below, columns, identity_key="key", today=TODAY)
    for decision in make_plan(entries, KNOWN, today=TODAY).decisions:
        stored = json.loads(json.dumps(to_json(decision)))
        assert entry_from(stored) == decision.entry


def _workbook(data: bytes) -> None:
    _table(zipped(data))


def _tables() -> list[bytes]:
    rows = list(lines(3))
    return [
        text(rows),
        text(rows, encoding="gb18030"),
        text(rows, encoding="utf-16"),
        text(rows).replace(b",", b"\t"),
    ]


@cache
def _workbooks() -> tuple[bytes, ...]:
    book = workbook(list(lines(2)))
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    # Styles that nobody looks at are most of it; what follows from them is tried with the whole file.
    return in_parts(parts), book


def _cell(data: bytes) -> None:
    """Read a cell by every reader, as a text and as the number that it may be."""
    written = as_text(data)
    cells: list[str | float] = [written]
    with suppress(ValueError):
        cells.append(float(written))
    for cell in cells:
        for reader in (read_day, read_phone, read_sex, read_yes_no):
            try:
                reader(cell)
            except CellInvalid:
                continue


def _identity(data: bytes) -> None:
    number = as_text(data)
    found = read_identity(number, key="key")
    assert len(found.hash) == 64
    assert read_identity(number.lower(), key="key") == found


def _is_valid(data: bytes) -> None:
    number = as_text(data)
    if is_valid(number):
        assert len(number) == 18
        assert number.isascii()


def _numbers() -> Iterable[bytes]:
    return [identity_number(7, date(1960, 2, 29), is_male=True).encode(), "９９０１０１".encode()]


TARGETS = (
    Target(
        "lists.table",
        "a list of residents as CSV, in four encodings",
        "stored and read again it is the same",
        _table,
        _tables,
        (FileRefused,),
    ),
    Target(
        "lists.workbook",
        "a list of residents as a workbook",
        "stored and read again it is the same",
        _workbook,
        _workbooks,
        (FileRefused,),
        longest=30_000,
    ),
    Target(
        "lists.cell",
        "days, telephones, sexes, yes and no in a list",
        "",
        _cell,
        lambda: [b"1960-02-29", "1960年2月29日".encode(), b"13800000000", b"22000", b"1e999", b"nan"],
        longest=200,
    ),
    Target(
        "lists.identity",
        "an identity number, typed",
        "the case of its last sign does not matter",
        _identity,
        _numbers,
        (IdentityInvalid,),
        longest=80,
    ),
    Target(
        "lists.identity_valid",
        "the same number, as a rule judges it",
        "it has 18 ASCII signs",
        _is_valid,
        _numbers,
        longest=80,
    ),
)
