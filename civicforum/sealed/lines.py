"""Lines of the board: JSON that can be written in one way only, and the hash chain over them."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, NoReturn, TypeAlias

from .checks import Check, Refused, require
from .hashing import h32

Record: TypeAlias = dict[str, Any]

FIRST_HEAD = bytes(32)
GREATEST_WHOLE = 2**53 - 1  # the largest that every JavaScript reader keeps exact
DEEPEST = 64  # readers differ in how deep they can go


def to_base64(data: bytes) -> str:
    """Return base64url without padding (RFC 4648 section 5)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64(text: str) -> bytes:
    """Return the bytes; raise Refused unless the text is their one spelling."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise Refused(Check.LINE_FIELDS, "not base64url") from error
    require(to_base64(data) == text, Check.LINE_FIELDS, "not the one spelling in base64url")
    return data


def write_line(record: Record) -> bytes:
    """Return the line of a record: sorted keys, no spaces, UTF-8, whole numbers. Bytes become base64url."""
    return json.dumps(
        record, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=to_base64
    ).encode()


def read_line(raw: bytes) -> Record:
    """Return the record of a line; raise Refused unless the bytes are its one spelling."""
    try:
        record = json.loads(raw.decode(), parse_float=_refuse, parse_int=_whole)
        is_one_spelling = not _is_too_deep(record) and write_line(record) == raw
    except (ValueError, RecursionError) as error:
        raise Refused(Check.LINE_CANONICAL) from error
    require(is_one_spelling and isinstance(record, dict), Check.LINE_CANONICAL)
    return record  # type: ignore[no-any-return]


def _is_too_deep(record: Any) -> bool:
    """Tell whether a value stands more than DEEPEST objects and arrays below the line's own object."""
    values = [record]
    for _ in range(DEEPEST + 1):
        values = [
            inner
            for value in values
            if isinstance(value, dict | list)
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
    return bool(values)


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) > GREATEST_WHOLE:
        raise ValueError(text)
    return number


def line_digest(raw: bytes) -> bytes:
    """Return the digest that the chain folds, and that may be published before the line itself."""
    return h32("line", raw)


def extend(head: bytes, digest: bytes) -> bytes:
    """Return the head after one more line, from that line's digest."""
    return h32("chain", head, digest)
