"""A notice between plain text and page: what is written as lines is read back as headings, lists and tables.

一、投票时间                a heading: a Chinese number, and no full stop at the end
【第一居民小组（共3人）】    the caption of what follows
王小明　李红　赵强          names, with U+3000 between them
｜姓名｜得票｜              a row of a table; the first one is its head
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_HEADING = re.compile(r"[一二三四五六七八九十]+、[^。；]{1,30}")
_CAPTION = re.compile(r"【(.+)】")
_SPACE = "　"
_BAR = "｜"


@dataclass(frozen=True)
class Heading:
    text: str
    kind: str = "heading"


@dataclass(frozen=True)
class Paragraph:
    text: str
    kind: str = "paragraph"


@dataclass(frozen=True)
class Names:
    """A list of names under its caption."""

    caption: str
    names: tuple[str, ...]
    kind: str = "names"


@dataclass(frozen=True)
class Rows:
    """A table under its caption."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = "rows"


Block = Heading | Paragraph | Names | Rows


def names_list(caption: str, names: Iterable[str]) -> str:
    """Write a list of names under its caption."""
    return f"【{_plain(caption)}】\n{_SPACE.join(map(_plain, names))}"


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table under its caption."""
    return "\n".join([f"【{_plain(caption)}】", *(_row(row) for row in (head, *rows))])


def blocks_of(text: str) -> list[Block]:
    """Return what a notice consists of, in its order; what is no heading, list or table is a paragraph."""
    lines = [line for line in text.splitlines() if line.strip()]
    return list(_blocks(lines))


def parted(text: str, closing: str) -> tuple[list[Block], list[Block]]:
    """Return what stands before the signature and what is attached: all that follows the closing words."""
    before, mark, after = text.partition(f"\n{closing}")
    return blocks_of(before + mark), blocks_of(after)


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        rows = _rows_from(lines, at + 1)
        if (caption := _CAPTION.fullmatch(lines[at])) and rows:
            yield Rows(caption[1], rows[0], tuple(rows[1:]))
            at += 1 + len(rows)
        elif caption and at + 1 < len(lines):
            yield Names(caption[1], tuple(lines[at + 1].split(_SPACE)))
            at += 2
        else:
            yield Heading(lines[at]) if _HEADING.fullmatch(lines[at]) else Paragraph(lines[at].strip())
            at += 1


def _rows_from(lines: Sequence[str], start: int) -> list[tuple[str, ...]]:
    rows = []
    for line in lines[start:]:
        if not line.startswith(_BAR):
            break
        rows.append(tuple(line[1:-1].split(_BAR)))
    return rows


def _row(cells: Sequence[str]) -> str:
    return f"{_BAR}{_BAR.join(map(_plain, cells))}{_BAR}"


def _plain(cell: str) -> str:
    """Return a cell in one line without the signs that part cells."""
    return re.sub(r"[\s｜【】]+", " ", cell).strip()
