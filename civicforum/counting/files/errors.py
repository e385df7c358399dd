"""Why a file is refused: a fault that a page can translate, the line, and a reason a clerk understands."""

from __future__ import annotations

from enum import StrEnum

_LONGEST_QUOTE = 40


class Fault(StrEnum):
    """What is wrong with a file. Pages have words for each."""

    UNREADABLE = "unreadable"
    FORMAT = "format"
    TOO_LARGE = "too_large"
    ENCODING = "encoding"
    NUL = "nul"
    EMPTY = "empty"
    HEADER = "header"
    NAME = "name"
    SHAPE = "shape"
    QUOTES = "quotes"
    JSON = "json"
    NUMBER = "number"
    COUNT = "count"
    MARK = "mark"
    UNKNOWN_OPTION = "unknown_option"
    REPEATED_OPTION = "repeated_option"
    KIND = "kind"
    SHARED_PLACE = "shared_place"
    INCOMPLETE = "incomplete"
    SUM = "sum"
    CUT_OFF = "cut_off"


class BadFile(ValueError):
    """A file that cannot be read as ballots.

    Attributes:
        line: number from 1 where the fault stands; None when it is in no single line.
        reason: one English sentence without a full stop.
    """

    def __init__(self, fault: Fault, reason: str, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.fault = fault
        self.reason = reason
        self.line = line


class CannotWrite(ValueError):
    """Ballots that the format has no way to write; the text says which and why."""


def shown(text: str) -> str:
    """Return what a file says for a message: in quotation marks, short, without control signs."""
    clipped = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
    return '"' + "".join(sign if sign.isprintable() else "�" for sign in clipped) + '"'
