"""One JSON object in a line, without what makes JSON mean two things or stop a reader."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from .errors import BadFile, Fault, shown

_LONGEST_INTEGER = 16

Json = dict[str, Any]


class _Unfit(ValueError):
    """Well formed, and still nothing that a file of ballots says."""


def parse_object(text: str, line: int) -> Json:
    """Return the object of a line: no key twice, no fractions, no NaN, no huge numbers. Raises BadFile."""
    try:
        value = _DECODER.decode(text)
    except _Unfit as error:
        raise BadFile(Fault.JSON, str(error), line) from error
    except json.JSONDecodeError as error:
        raise BadFile(Fault.JSON, f"this is not JSON at sign {error.pos + 1}: {error.msg}", line) from error
    except RecursionError as error:
        raise BadFile(Fault.JSON, "brackets are nested too deeply", line) from error
    if not isinstance(value, dict):
        raise BadFile(Fault.JSON, "each line is one object in braces", line)
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Unfit("a key stands in one object twice")
    return found


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER:
        raise _Unfit(f"{shown(digits)} is too large")
    return int(digits)


def _no_number(text: str) -> NoReturn:
    raise _Unfit(f"{shown(text)} is not a whole number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=_integer, parse_float=_no_number, parse_constant=_no_number
)
