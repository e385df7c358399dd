"""A failure in words that name no person: what it was and where, without the values it carried."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Their messages name code, not what people typed. Of all others only the kind is written.
OF_CODE = (AttributeError, TypeError, NameError, ImportError, RecursionError, MemoryError)
OF_TEMPLATES = frozenset({"UndefinedError", "TemplateNotFound", "TemplateSyntaxError"})
MOST_FRAMES = 40
LONGEST = 300


def describe(error: BaseException) -> list[str]:
    """Return a failure and what led to it as lines, the first cause first: kind, code, and frames."""
    lines: list[str] = []
    for number, one in enumerate(reversed(list(_chain(error)))):
        lines.append(("then: " if number else "") + _headline(one))
        frames = traceback.extract_tb(one.__traceback__)[-MOST_FRAMES:]
        lines += [f"  {_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return lines


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _headline(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    words = _words(error)
    return f"{kind}: {words}" if words else kind


def _words(error: BaseException) -> str:
    if isinstance(error, OF_CODE) or type(error).__name__ in OF_TEMPLATES:
        return str(error)[:LONGEST]
    if isinstance(error, OSError):
        return error.strerror or ""
    # Of the database: the details of an error repeat the row.
    state = getattr(error, "sqlstate", None)
    named = getattr(getattr(error, "diag", None), "constraint_name", None)
    statement = getattr(error, "statement", None)
    asked = " ".join(statement.split())[:LONGEST] if isinstance(statement, str) else ""
    return " ".join(filter(None, (state, named, asked)))


def _short(file: str) -> str:
    path = Path(file)
    if path.is_relative_to(ROOT):
        file = str(path.relative_to(ROOT))
    return file.partition("site-packages/")[2] or file
