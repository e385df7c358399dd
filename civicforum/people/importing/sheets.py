"""The first sheet of a workbook, cell by cell.

openpyxl reads what is small: the parts, the styles. Cells and shared texts come by the hundred thousand, and
it builds a tree of objects for each of them; here they are read as they pass by.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import IO, Any
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHARED_STRINGS

Value = str | int | float | bool | date | datetime | time | timedelta | None
CHUNK = 65_536


def sheet_rows(content: bytes, *, columns: int) -> Iterator[tuple[int, tuple[Value, ...]]]:
    """Yield the rows of the first sheet that say something at all: line, and the cells of its first columns.

    Formulas give the value that was last computed. Raises what openpyxl and the parser raise on damage.
    """
    reader: Any = ExcelReader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    strings: list[str] = []
    part = reader.package.find(SHARED_STRINGS)
    if part is not None:
        with reader.archive.open(part.PartName[1:]) as source:
            strings.extend(_run(source, _Strings()))
    sheets = (relation.target for _, relation in reader.parser.find_sheets() if "worksheet" in relation.Type)
    place = next(sheets, None)
    if place is None:
        raise ValueError("a workbook without a sheet")
    with reader.archive.open(place) as source:
        yield from _run(source, _Sheet(reader.wb, strings, columns))


class _Texts:
    """Follows the parser through the pieces of a text; how it is pronounced is passed over."""

    def __init__(self) -> None:
        self.done: list[Any] = []
        self.pieces: list[str] = []
        self.is_taking = False
        self.is_phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "t":
            self.is_taking = not self.is_phonetic
        elif tag == "rPh":
            self.is_phonetic = True
        else:
            self.open(tag, attributes)

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "t":
            self.is_taking = False
        elif tag == "rPh":
            self.is_phonetic = False
        else:
            self.close(tag)

    def text(self, data: str) -> None:
        if self.is_taking:
            self.pieces.append(data)

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def close(self, tag: str) -> None:
        raise NotImplementedError


class _Strings(_Texts):
    """The texts that cells refer to by their number."""

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self.pieces = []

    def close(self, tag: str) -> None:
        if tag == "si":
            self.done.append("".join(self.pieces).replace("x005F_", ""))


class _Sheet(_Texts):
    """The rows of a sheet, as (line, cells)."""

    def __init__(self, book: Any, strings: list[str], columns: int) -> None:
        super().__init__()
        self.strings, self.columns, self.epoch = strings, columns, book.epoch
        self.dates: set[int] = book._date_formats
        self.spans: set[int] = book._timedelta_formats
        self.line = self.column = 0
        self.kind, self.style = "n", 0
        self.cells: list[Value] = []

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            place = attributes.get("r")
            self.column = _column(place.rstrip("0123456789")) if place else self.column + 1
            self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
            self.pieces = []
        elif tag == "v":
            self.is_taking = True
        elif tag == "row":
            # A row that stands where one stood already comes below it.
            self.line = max(self.line + 1, int(attributes.get("r", 0)))
            self.column, self.cells = 0, []

    def close(self, tag: str) -> None:
        if tag == "c":
            if self.pieces and self.column <= self.columns:
                self.cells.extend([None] * (self.column - len(self.cells)))
                self.cells[self.column - 1] = self.value("".join(self.pieces))
        elif tag == "v":
            self.is_taking = False
        elif tag == "row" and self.cells:
            self.done.append((self.line, tuple(self.cells)))

    def value(self, text: str) -> Value:
        """Return what a cell of the kind at hand says."""
        if self.kind == "s":
            return self.strings[int(text)]
        if self.kind == "b":
            return bool(int(text))
        if self.kind == "d":
            return _instant(text)
        if self.kind != "n":
            return text
        number = float(text) if "." in text or "e" in text.lower() else int(text)
        if self.style not in self.dates:
            return number
        try:
            found: Value = from_excel(number, self.epoch, timedelta=self.style in self.spans)
        except (OverflowError, ValueError):
            return "#VALUE!"
        return found


def _run(source: IO[bytes], reader: _Texts) -> Iterator[Any]:
    """Parse a part and yield what its reader has done so far, again and again."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = _refuse
    is_last = False
    while not is_last:
        chunk = source.read(CHUNK)
        is_last = not chunk
        parser.Parse(chunk, is_last)
        yield from reader.done
        reader.done.clear()


def _refuse(*_declared: object) -> None:
    # No program that writes sheets declares any; one that stands for itself many times would fill the memory.
    raise ValueError("a sheet declares an entity")


_column: Callable[[str], int] = cache(column_index_from_string)
_instant: Callable[[str], date | datetime | time | timedelta] = from_ISO8601
