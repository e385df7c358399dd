"""What changed between two versions of a text: sentence by sentence, and within a sentence by characters.

Chinese has no spaces, so that a character is the least that changes; a Latin word or a number stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import takewhile

# A comparison takes time with the product of both lengths: above this, a passage is shown as replaced.
MOST_PAIRS = 1_000_000
# Passages with less in common than this share are easier to read as one taken out and one put in.
LEAST_ALIKE = 0.4
_SENTENCES = re.compile(r"[^。；！？;!?\n]*[。；！？;!?\n]+|[^。；！？;!?\n]+")
_PIECES = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|\s+|.", re.DOTALL)


class Change(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Part:
    """A stretch of text, and whether it stands in both versions, in the older or in the newer one."""

    change: Change
    text: str


def compare(before: str, after: str) -> list[Part]:
    """Return the parts of both texts in reading order; what was taken out comes before what replaced it.

    Those that are not ADDED make up `before`, those that are not REMOVED make up `after`.
    """
    old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    parts: list[Part] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Part(Change.SAME, "".join(old[i:j])))
        elif j - i == m - k:
            # As many as before: each was changed by itself, as when a name is replaced throughout.
            for gone, come in zip(old[i:j], new[k:m], strict=True):
                parts += _within(gone, come)
        else:
            parts += _within("".join(old[i:j]), "".join(new[k:m]))
    return _joined(parts)


def sides(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """Return the parts of the older and of the newer version, for two columns."""
    return (
        [part for part in parts if part.change is not Change.ADDED],
        [part for part in parts if part.change is not Change.REMOVED],
    )


def _within(gone: str, come: str) -> list[Part]:
    """Compare one passage, without what both begin and end with."""
    old, new = _PIECES.findall(gone), _PIECES.findall(come)
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    return [
        Part(Change.SAME, "".join(old[:start])),
        *_middle(old[start : len(old) - end], new[start : len(new) - end]),
        Part(Change.SAME, "".join(old[len(old) - end :])),
    ]


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many pieces both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _middle(old: Sequence[str], new: Sequence[str]) -> list[Part]:
    if not old or not new or len(old) * len(new) > MOST_PAIRS:
        return _replaced(old, new)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.quick_ratio() < LEAST_ALIKE or matcher.ratio() < LEAST_ALIKE:
        return _replaced(old, new)
    parts: list[Part] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        parts += [Part(Change.SAME, "".join(old[i:j]))] if tag == "equal" else _replaced(old[i:j], new[k:m])
    return parts


def _replaced(old: Sequence[str], new: Sequence[str]) -> list[Part]:
    return [Part(Change.REMOVED, "".join(old)), Part(Change.ADDED, "".join(new))]


def _joined(parts: Iterable[Part]) -> list[Part]:
    """Leave out empty parts, and join neighbours of one kind."""
    joined: list[Part] = []
    for part in parts:
        if part.text and joined and joined[-1].change is part.change:
            joined[-1] = Part(part.change, joined[-1].text + part.text)
        elif part.text:
            joined.append(part)
    return joined
