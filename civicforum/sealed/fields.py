"""Reading a record strictly: exactly the fields it should have, each of its type and range."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .checks import Check, Refused, require
from .group import Ciphertext, Point, parse_point
from .lines import GREATEST_WHOLE, Record, from_base64

T = TypeVar("T")


def exactly(record: Any, needed: Iterable[str], optional: Iterable[str] = ()) -> Record:
    """Return the record; raise Refused when a field is missing or not known."""
    require(isinstance(record, dict), Check.LINE_FIELDS, "not an object")
    missing = set(needed) - set(record)
    strange = set(record) - set(needed) - set(optional)
    require(not missing, Check.LINE_FIELDS, "missing: " + ", ".join(sorted(missing)))
    require(not strange, Check.LINE_FIELDS, "not known: " + ", ".join(sorted(strange)))
    return record  # type: ignore[no-any-return]


def whole(value: Any, least: int = 0, greatest: int = GREATEST_WHOLE) -> int:
    """Return a whole number in least..greatest; `true` is not 1."""
    if type(value) is not int or not least <= value <= greatest:
        raise Refused(Check.LINE_FIELDS, f"not a whole number from {least} to {greatest}")
    return value


def truth(value: Any) -> bool:
    """Return true or false."""
    if type(value) is not bool:
        raise Refused(Check.LINE_FIELDS, "not true or false")
    return value


def text(value: Any, longest: int = 500) -> str:
    """Return a text that is not empty, in Unicode's normal form C."""
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise Refused(Check.LINE_FIELDS, f"not a text of 1 to {longest} characters")
    require(unicodedata.is_normalized("NFC", value), Check.LINE_FIELDS, "a text is not in normal form C")
    return value


def data(value: Any, length: int | None = None) -> bytes:
    """Return the bytes of base64url, of this length if one is given."""
    if not isinstance(value, str):
        raise Refused(Check.LINE_FIELDS, "not base64url")
    found = from_base64(value)
    require(length in (None, len(found)), Check.LINE_FIELDS, f"not {length} bytes")
    return found


def point(value: Any) -> Point:
    """Return a published group element."""
    return parse_point(data(value, 32))


def ciphertext(value: Any) -> Ciphertext:
    """Return a published pair of group elements."""
    a, b = array(value, point, 2)
    return Ciphertext(a, b)


def array(value: Any, read: Callable[[Any], T], length: int | None = None) -> list[T]:
    """Return a list whose items `read` has read, of this length if one is given."""
    if not isinstance(value, list):
        raise Refused(Check.LINE_FIELDS, "not a list")
    require(length in (None, len(value)), Check.LINE_FIELDS, f"not a list of {length}")
    return [read(item) for item in value]
