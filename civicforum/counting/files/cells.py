"""The records of a csv: quoted cells, and lines that a quoted cell joins."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from .errors import BadFile, Fault


def split_record(record: str, line: int) -> list[str]:
    """Return the cells without blanks around them. Raises BadFile on a quotation mark where none can be."""
    if '"' not in record:
        return [cell.strip() for cell in record.split(",")]
    try:
        return [cell.strip() for cell in next(csv.reader([record], strict=True))]
    except (csv.Error, StopIteration) as error:
        raise BadFile(Fault.QUOTES, "a quotation mark stands in the wrong place", line) from error


def without_empty_end(cells: list[str]) -> list[str]:
    """Return the cells up to the last that is not empty; a spreadsheet fills all rows to one width."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def join_record(cells: Iterable[object]) -> str:
    """Return the cells as one line of a csv, without the end of the line."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()
