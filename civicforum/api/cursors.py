"""Cursors: where in a list a page ended, so that the next one starts there whatever was added meanwhile.

A cursor is the key of the last row in base64, not a secret: whoever changes it starts somewhere else.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from civicforum.api.filters import MOST
from civicforum.errors import Invalid


def write_cursor(values: Sequence[Any]) -> str:
    """Return the values of a key as one word of letters, digits, "-" and "_"."""
    text = json.dumps([_plain(value) for value in values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str, types: Sequence[type]) -> list[Any]:
    """Return the values of a key of these types. Raises Invalid for anything write_cursor has not written."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(values, list):
            raise TypeError(values)
        return [_read(value, kind) for value, kind in zip(values, types, strict=True)]
    except (ValueError, TypeError, RecursionError) as error:
        raise Invalid("not a cursor of this list", "cursor") from error


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if isinstance(value, int) else str(value)


def _read(value: Any, kind: type) -> Any:
    if kind is int:
        return _integer(value)
    if not isinstance(value, str) or "\x00" in value or not value.isprintable():
        raise ValueError(value)
    if kind is uuid.UUID:
        return uuid.UUID(value)
    if kind is datetime:
        return _instant(value)
    return date.fromisoformat(value) if kind is date else value


def _integer(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST:
        raise ValueError(value)
    return value


def _instant(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(value)
    return found
