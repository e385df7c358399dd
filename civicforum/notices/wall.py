"""How a notice fits on a wall screen: in type as large as it may be, a long one in parts, one by one.

Nobody scrolls on a wall. Reckoned for a screen of 1920 by 1080, on which a Chinese character is as wide as
its type is high; the style sheet (components/_notice.scss) has the sizes of the same names.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """A size of type: how many characters stand in a line, and how many lines on the screen."""

    name: str
    characters: int
    lines: int


SIZES = (Size("", 25, 7), Size("long", 34, 10), Size("longer", 47, 14))


def fit(text: str) -> tuple[str, list[str]]:
    """Return the name of the size and the parts in which a text is shown; joined, they are the text."""
    for size in SIZES:
        if _count_lines(text, size) <= size.lines:
            return size.name, [text]
    return SIZES[-1].name, _split(text, SIZES[-1])


def _count_lines(text: str, size: Size) -> int:
    return sum(max(1, -(-len(line) // size.characters)) for line in text.split("\n"))


def _split(text: str, size: Size) -> list[str]:
    """Return parts that each fit, cut between lines where they may be."""
    parts, part = [], ""
    for line in _short_lines(text, size):
        if part and _count_lines((part + line).rstrip("\n"), size) > size.lines:
            parts.append(part)
            part = ""
        part += line
    return [*parts, part] if part else parts


def _short_lines(text: str, size: Size) -> list[str]:
    """Return the lines with their ends, those longer than a screen cut into what fits on one."""
    most = size.characters * size.lines
    return [
        line[start : start + most]
        for line in text.splitlines(keepends=True)
        for start in range(0, len(line), most)
    ]
