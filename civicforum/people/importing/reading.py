"""From an uploaded file to rows of cells, with the line each row stands in.

A file comes from anywhere: what is too large, packed to burst, or no table at all is refused unread.
"""

from __future__ import annotations

import csv
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from xml.parsers.expat import ExpatError

from openpyxl.utils.exceptions import InvalidFileException

from civicforum.people.importing.sheets import sheet_rows

Cell = str | int | float | bool | date | datetime | None

MAX_BYTES = 16 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 60
# A sheet may have blank lines in between; one that says it has a million is not read to its end.
MAX_LINES = 2 * MAX_ROWS

ZIP_START = b"PK\x03\x04"
OLD_EXCEL_START = b"\xd0\xcf\x11\xe0"
DELIMITERS = ",\t;"
# openpyxl has no error of its own for most damage; XML that does not parse is a SyntaxError. An entry that is
# encrypted, or packed in a way that zipfile does not know, is a RuntimeError.
_DAMAGED = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    OSError,
    RuntimeError,
    SyntaxError,
    ExpatError,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Fault(StrEnum):
    """Why a file cannot be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    OLD_EXCEL = "old_excel"
    WRONG_TYPE = "wrong_type"
    CORRUPT = "corrupt"
    NO_HEADINGS = "no_headings"
    HEADING_TWICE = "heading_twice"


class FileRefused(Exception):
    """The file cannot be read. `detail` names what the words are about, such as a heading."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.detail = detail


@dataclass(frozen=True)
class Row:
    """One row that is not blank, and its line in the file, counted from 1 as a spreadsheet does."""

    line: int
    cells: tuple[Cell, ...]


def read_rows(content: bytes) -> list[Row]:
    """Return the rows of a .xlsx or .csv file, told apart by their content. Raises FileRefused."""
    if not content.strip():
        raise FileRefused(Fault.EMPTY)
    if len(content) > MAX_BYTES:
        raise FileRefused(Fault.TOO_LARGE)
    if content.startswith(OLD_EXCEL_START):
        raise FileRefused(Fault.OLD_EXCEL)
    lines = _workbook_lines(content) if content.startswith(ZIP_START) else _text_lines(content)
    rows: list[Row] = []
    for line, cells in lines:
        if line > MAX_LINES:
            raise FileRefused(Fault.TOO_MANY_ROWS)
        filled = [place for place, cell in enumerate(cells, start=1) if cell not in (None, "")]
        if filled:
            rows.append(Row(line, cells[: filled[-1]]))
        # The first names the columns.
        if len(rows) > MAX_ROWS + 1:
            raise FileRefused(Fault.TOO_MANY_ROWS)
    if not rows:
        raise FileRefused(Fault.EMPTY)
    return rows


def _workbook_lines(content: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    _check_packing(content)
    try:
        for line, cells in sheet_rows(content, columns=MAX_COLUMNS):
            yield line, tuple(_plain(cell) for cell in cells)
    except FileRefused:
        raise
    except _DAMAGED as error:
        raise FileRefused(Fault.CORRUPT) from error


def _check_packing(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except _DAMAGED as error:
        raise FileRefused(Fault.CORRUPT) from error
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise FileRefused(Fault.WRONG_TYPE)
    # zipfile reads no more of an entry than it says it holds, so what it says can be relied on.
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise FileRefused(Fault.TOO_LARGE)


def _plain(cell: object) -> Cell:
    if cell is None or isinstance(cell, (str, int, float, date)):
        return cell
    return str(cell)


def _text_lines(content: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    text = _decoded(content)
    if _CONTROL.search(text):
        raise FileRefused(Fault.WRONG_TYPE)
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    if text.lstrip().startswith(("<", "{", "%PDF")) or not any(mark in text for mark in DELIMITERS):
        raise FileRefused(Fault.WRONG_TYPE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield line, tuple(cells[:MAX_COLUMNS])
            # A quoted cell may run over several lines: the row is named by its first.
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(Fault.CORRUPT) from error


def _decoded(content: bytes) -> str:
    """Decode UTF-8 with or without a mark, UTF-16 with one, else GB18030, which Chinese Excel writes."""
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(Fault.WRONG_TYPE)
