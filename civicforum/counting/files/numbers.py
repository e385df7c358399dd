"""Whole numbers as files write them: ASCII digits, short, never a float and never a power."""

from __future__ import annotations

import re

from ..profile import MOST_BALLOTS
from .box import MOST_OPTIONS
from .errors import BadFile, Fault, shown

_DIGITS = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+|[eE][+-]?[0-9]+)?")
_LONGEST = 15
_OPTIONS = {str(number): number for number in range(MOST_OPTIONS + 1)}


def option_number(text: str, line: int) -> int:
    """Return the number of an option, not yet looked up. Raises BadFile."""
    if text in _OPTIONS:
        return _OPTIONS[text]
    if not _DIGITS.fullmatch(text):
        raise BadFile(Fault.NUMBER, f"{shown(text)} is not the number of an option", line)
    if len(text) > _LONGEST:
        raise BadFile(Fault.UNKNOWN_OPTION, f"option {shown(text)} does not exist", line)
    return int(text)


def place_number(text: str, line: int) -> int:
    """Return a place on a ballot, from 1. Raises BadFile."""
    place = _whole(text, line, "a place", Fault.MARK)
    if not 0 < place <= MOST_OPTIONS:
        raise BadFile(Fault.MARK, f"{shown(text)} is not a place: places are from 1 to {MOST_OPTIONS}", line)
    return place


def ballot_count(text: str, line: int) -> int:
    """Return how many ballots are meant, at least one. Raises BadFile."""
    return checked_count(_whole(text, line, "a number of ballots", Fault.COUNT), line)


def checked_count(count: int, line: int) -> int:
    """Return the count when so many ballots can have been cast. Raises BadFile."""
    if not 0 < count <= MOST_BALLOTS:
        raise BadFile(Fault.COUNT, f"{shown(str(count))} ballots: a count is from 1 to {MOST_BALLOTS}", line)
    return count


def options_and_seats(options: str, seats: str, line: int) -> tuple[int, int]:
    """Return the two numbers of a heading. Raises BadFile."""
    return (
        heading_number(options, line, "the number of options"),
        heading_number(seats, line, "the number of seats"),
    )


def heading_number(text: str, line: int, what: str, *, most: int = MOST_OPTIONS) -> int:
    """Return a number of the heading, from 1 to `most`. Raises BadFile."""
    number = _whole(text, line, what, Fault.HEADER)
    if not 0 < number <= most:
        raise BadFile(Fault.HEADER, f"{what} is from 1 to {most}, not {shown(text)}", line)
    return number


def _whole(text: str, line: int, what: str, fault: Fault) -> int:
    if _DIGITS.fullmatch(text):
        if len(text) > _LONGEST:
            raise BadFile(fault, f"{shown(text)} is too large for {what}", line)
        return int(text)
    if not _NUMBER.fullmatch(text):
        raise BadFile(fault, f"{shown(text)} is not {what}", line)
    why = "it cannot be negative" if text.startswith("-") else "it must be a whole number, digits only"
    raise BadFile(fault, f"{shown(text)} is not {what}: {why}", line)
