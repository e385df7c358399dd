"""Texts as group elements, and rankings as texts.

A text of up to 29 bytes becomes the first valid encoding of counter, length, the bytes padded with zeros, and
a zero byte; about one try in four is valid. The counter is even, because a canonical encoding is, and starts
at 2, so that the identity never stands for a text.
"""

from __future__ import annotations

from collections.abc import Sequence

from .group import IDENTITY, Point, is_encoding

LONGEST_TEXT = 29
SPOILED = "\ufffd"  # what an opened slot reads as when it holds no text
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class NotAText(ValueError):
    """A text too long to be sealed, or a group element that stands for none."""


def point_of_text(text: bytes) -> Point:
    """Return the group element that stands for up to 29 bytes; raise NotAText when there are more."""
    if len(text) > LONGEST_TEXT:
        raise NotAText(f"more than {LONGEST_TEXT} bytes")
    tail = bytes([len(text)]) + text.ljust(LONGEST_TEXT, b"\0") + b"\0"
    for counter in range(2, 256, 2):
        point = bytes([counter]) + tail
        if is_encoding(point):
            return point
    raise NotAText("no encoding")  # one text in 10^15


def text_of_point(point: Point) -> bytes:
    """Return the bytes that a group element stands for; raise NotAText when it stands for none."""
    length = point[1]
    if point_of_text(point[2 : 2 + length]) != point:
        raise NotAText("not the encoding of a text")
    return point[2 : 2 + length]


def read_text(point: Point) -> str:
    """Return what an opened text slot says: empty for nothing, SPOILED for what is no text."""
    if point == IDENTITY:
        return ""
    try:
        return text_of_point(point).decode()
    except ValueError:
        return SPOILED


def write_ranking(order: Sequence[int]) -> str:
    """Return a ranking as a text: option numbers from 0, best first, one base-36 digit each."""
    return "".join(DIGITS[option] for option in order)


def read_ranking(text: str, options: int, depth: int) -> tuple[int, ...] | None:
    """Return option numbers, best first, cut at `depth`; None when the text is not a ranking of these
    options.

    An empty text is the empty ranking: a blank ballot, not a spoiled one.
    """
    order = [DIGITS.find(digit) for digit in text]
    if not all(0 <= option < options for option in order) or len(set(order)) < len(order):
        return None
    return tuple(order[:depth])
