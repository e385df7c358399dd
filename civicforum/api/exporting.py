"""Whole lists as files, written row by row as the database hands them out: JSON Lines and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from pydantic import BaseModel

from civicforum.api.kinds.kind import Kind, Scope
from civicforum.api.shapes.common import Shape
from civicforum.database import db
from civicforum.spreadsheets import plain_text

ROWS_AT_ONCE = 200
# Spreadsheets need it to read Chinese.
MARK = "\ufeff"


def shape_of(kind: Kind[Any, Any]) -> type[Shape]:
    """Return the shape of the rows of an export: the whole of each thing where it is no list of its own."""
    return kind.whole.shape if kind.whole else kind.shape


def list_all(kind: Kind[Any, Any], asked: Scope) -> Iterator[Shape]:
    """Yield everything of a kind in its order; no more than a few hundred rows are in memory."""
    # Rows are written after the request is over, and with it the session it was asked in.
    scope = replace(asked, session=db.session())
    statement = kind.ordered(scope, kind.filters()).execution_options(yield_per=ROWS_AT_ONCE)
    for rows in scope.session.scalars(statement).partitions():
        if kind.whole:
            for row in rows:
                yield kind.whole.write(scope, row.id)
        else:
            yield from kind.write(scope, rows)


def write_lines(kind: Kind[Any, Any], scope: Scope) -> Iterator[str]:
    """Yield JSON Lines: an answer of the API a line."""
    for shape in list_all(kind, scope):
        yield shape.model_dump_json() + "\n"


def write_csv(kind: Kind[Any, Any], scope: Scope) -> Iterator[str]:
    """Yield CSV: a column for each field, "body.name" for one within another, JSON for a list."""
    names = list(columns(shape_of(kind)))
    yield MARK + _row(names)
    for shape in list_all(kind, scope):
        values = shape.model_dump(mode="json")
        yield _row([cell(_at(values, name)) for name in names])


def columns(shape: type[BaseModel], before: str = "") -> Iterator[str]:
    """Yield the columns of a shape, in the order of its fields."""
    for name, field in shape.model_fields.items():
        inner = _inner(field.annotation)
        if inner is None:
            yield before + name
        else:
            yield from columns(inner, f"{before}{name}.")


def _inner(annotation: Any) -> type[BaseModel] | None:
    """Return the shape that a field holds, or may hold."""
    options = [one for one in (annotation, *get_args(annotation)) if isinstance(one, type)]
    is_list = annotation is list or getattr(annotation, "__origin__", None) in (list, dict)
    found = [one for one in options if issubclass(one, BaseModel)]
    return found[0] if found and not is_list else None


def _at(values: Mapping[str, Any], name: str) -> Any:
    found: Any = values
    for part in name.split("."):
        found = None if found is None else found[part]
    return found


def cell(value: Any) -> Any:
    """Return a value as a cell: lists as JSON, and no text that a spreadsheet would calculate."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return plain_text(value) if isinstance(value, str) else value


def _row(cells: list[Any]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
