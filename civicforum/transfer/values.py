"""Values of columns as plain JSON, and back: exact both ways, and nothing else is let in."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    Time,
    Uuid,
    cast,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB

# PostgreSQL tells a column without a value from the JSON value null, and a CHECK may ask which it is.
JSON_NULL = {"civicforum:null": True}
BITS = {SmallInteger: 15, BigInteger: 63, Integer: 31}


class BadValue(ValueError):
    """A value that its column cannot hold; the message says what was expected."""


def selected(column: Column[Any]) -> ColumnElement[Any]:
    """Return what to select so that `to_plain` can write the column exactly."""
    if isinstance(column.type, JSONB):
        return cast(column, Text).label(column.name)
    if isinstance(column.type, Enum):
        return type_coerce(column, String).label(column.name)
    return column


def to_plain(column: Column[Any], value: Any) -> Any:
    """Return a selected value as JSON; bytes in base64, instants in UTC to the microsecond."""
    if value is None:
        return None
    if isinstance(column.type, JSONB):
        return JSON_NULL if value == "null" else json.loads(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | time | uuid.UUID):
        return str(value)
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def from_plain(column: Column[Any], value: Any) -> Any:
    """Return a JSON value as COPY writes it into the column. Raises BadValue."""
    if value is None:
        if not column.nullable:
            raise BadValue("a value")
        return None
    if isinstance(column.type, JSONB):
        return _json(value)
    if isinstance(column.type, ARRAY):
        return _array(value)
    return _READERS[type(column.type)](column.type, value)


def _text(kind: String, value: Any) -> str:
    if not isinstance(value, str) or not _is_storable(value):
        raise BadValue("text")
    if kind.length is not None and len(value) > kind.length:
        raise BadValue(f"at most {kind.length} characters")
    return value


def _enum(kind: Enum, value: Any) -> str:
    if value not in kind.enums:
        raise BadValue("one of " + ", ".join(str(each) for each in kind.enums))
    return str(value)


def _whole(kind: Integer, value: Any) -> int:
    if type(value) is not int or not -(2 ** BITS[type(kind)]) <= value < 2 ** BITS[type(kind)]:
        raise BadValue("a whole number")
    return value


def _number(_kind: Float[Any], value: Any) -> float:
    if type(value) not in (int, float):
        raise BadValue("a number")
    return float(value)


def _truth(_kind: Boolean, value: Any) -> bool:
    if type(value) is not bool:
        raise BadValue("true or false")
    return value


def _day(_kind: Date, value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise BadValue("a day") from error


def _hour(_kind: Time, value: Any) -> str:
    try:
        return time.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise BadValue("an hour of the day") from error


def _instant(_kind: DateTime, value: Any) -> str:
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadValue("an instant") from error
    if instant.tzinfo is None:
        raise BadValue("an instant with its time zone")
    return instant.isoformat()


def _id(_kind: Uuid[Any], value: Any) -> str:
    try:
        return str(uuid.UUID(value))
    except (AttributeError, TypeError, ValueError) as error:
        raise BadValue("an id") from error


def _bytes(_kind: LargeBinary, value: Any) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error) as error:
        raise BadValue("base64") from error


def _json(value: Any) -> str:
    text = "null" if value == JSON_NULL else json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not _is_storable(text) or _has_zero(value):
        raise BadValue("JSON without the character zero")
    return text


def _has_zero(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_zero(key) or _has_zero(each) for key, each in value.items())
    if isinstance(value, list):
        return any(_has_zero(each) for each in value)
    return isinstance(value, str) and "\x00" in value


def _array(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) and _is_storable(each) for each in value):
        raise BadValue("a list of texts")
    return value


def _is_storable(text: str) -> bool:
    """Tell whether PostgreSQL can hold a text: no character zero, no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


_READERS: dict[type, Any] = {
    String: _text,
    Text: _text,
    Enum: _enum,
    Integer: _whole,
    BigInteger: _whole,
    SmallInteger: _whole,
    Float: _number,
    Double: _number,
    Boolean: _truth,
    Date: _day,
    Time: _hour,
    DateTime: _instant,
    Uuid: _id,
    LargeBinary: _bytes,
}
