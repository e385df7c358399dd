"""The canonical column of a ranking: `2>1=3`, option numbers from 1 as they stand on the ballot paper.

One text for one ballot, so that a database groups equal ballots: options that share a place are written in
ascending order, nothing follows the last option ranked, and a blank paper is the empty text.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_LONGEST_NUMBER = 4
_LONGEST_COUNT = 15
_ZERO, _NINE, _NEXT, _SAME, _TAB, _END = b"09>=\t\n"


class ImpossibleBallot(ValueError):
    """A ballot that names no option, or one option twice, or a count that nobody can cast."""


def rank_text(levels: Iterable[Iterable[int]]) -> str:
    """Return the canonical text of option numbers in groups, best first."""
    return ">".join("=".join(str(number) for number in sorted(level)) for level in levels)


def parse_lines(lines: bytes, options: int) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    r"""Read lines of `ranking<tab>count\n`: the places (lines x options, 0 unranked) and the counts.

    A million ballots can have 150,000 different rankings, so that all lines are read at once. Each number is
    found by the sign that ends it. Raises ImpossibleBallot with the first line that cannot be read.
    """
    if not lines:
        return np.zeros((0, options), dtype=np.uint16), np.zeros(0, dtype=np.int64)
    text = np.frombuffer(lines if lines.endswith(b"\n") else lines + b"\n", dtype=np.uint8)
    sign_at = np.flatnonzero((text < _ZERO) | (text > _NINE)).astype(np.int32)
    sign = text[sign_at]
    start = np.concatenate(([0], sign_at[:-1] + 1)).astype(np.int32)
    length = sign_at - start
    ends = sign == _END
    line = np.cumsum(ends, dtype=np.int32) - ends
    _check_shape(sign, length, line)

    ended, ranked = np.flatnonzero(ends), np.flatnonzero(~ends & (length > 0))
    counts = _numbers(text, start[ended], length[ended])
    numbers = _numbers(text, start[ranked], length[ranked])
    rows = line[ranked]
    _refuse((numbers < 1) | (numbers > options), rows, "there is no option of this number")

    # The place of a number is how many `>` stand before it in its line, and one.
    behind = np.cumsum(sign == _NEXT, dtype=np.int32) - (sign == _NEXT)
    at_line_start = np.concatenate(([0], behind[ended][:-1]))
    cells = rows.astype(np.int64) * options + numbers - 1
    marks = np.zeros((len(counts), options), dtype=np.uint16)
    marks.reshape(-1)[cells] = behind[ranked] - at_line_start[rows] + 1
    if np.count_nonzero(marks) < len(rows):
        twice = np.bincount(cells, minlength=marks.size)[cells] > 1
        _refuse(twice, rows, "an option stands on the ballot twice")
    return marks, counts


def _check_shape(sign: NDArray[np.uint8], length: NDArray[np.int32], line: NDArray[np.int32]) -> None:
    tabs, ends = sign == _TAB, sign == _END
    before = np.concatenate(([_END], sign[:-1]))  # the sign that the number follows
    empty = length == 0
    blank_paper = tabs & (before == _END)
    strange = ~(tabs | ends | (sign == _NEXT) | (sign == _SAME))
    _refuse(strange, line, "only numbers, > and = make a ranking")
    _refuse(ends != (before == _TAB), line, "a line is a ranking, a tab and a count")
    _refuse(empty & ~blank_paper, line, "a number is missing")
    _refuse(length > np.where(ends, _LONGEST_COUNT, _LONGEST_NUMBER), line, "a number is too long")


def _numbers(
    text: NDArray[np.uint8], start: NDArray[np.int32], length: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Read the decimal numbers at these places, one digit of all that have so many at a time."""
    numbers = text[start].astype(np.int64) - _ZERO
    digit, longer = 1, np.flatnonzero(length > 1)
    while len(longer):
        numbers[longer] = numbers[longer] * 10 + (text[start[longer] + digit] - _ZERO)
        digit += 1
        longer = longer[length[longer] > digit]
    return numbers


def _refuse(wrong: NDArray[np.bool_], line: NDArray[np.int32], why: str) -> None:
    if wrong.any():
        raise ImpossibleBallot(f"line {int(line[wrong.argmax()]) + 1}: {why}")
