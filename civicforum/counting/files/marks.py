"""The marks of a ballot as words and places beside the options."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from ..profile import BallotKind
from .box import MOST_GRADES, Groups
from .errors import BadFile, Fault, shown
from .names import clean_name
from .numbers import place_number
from .words import word

CHOICES = {"for": 1, "against": 2, "abstain": 3}
_WORDS_SHOWN = 4
SPOILED = "spoiled"
_APPROVAL = {"yes": 1, "no": 0}


def scale_of(kind: BallotKind, line: int, words: Sequence[str]) -> tuple[str, ...]:
    """Return the scale that this kind of ballot needs or must not have. Raises BadFile."""
    scale = tuple(clean_name(grade, line) for grade in words)
    if kind is not BallotKind.GRADES:
        if scale:
            raise BadFile(Fault.HEADER, f"only grades have a scale, not {kind.value}", line)
        return ()
    if SPOILED in map(word, scale):
        raise BadFile(Fault.HEADER, f"{SPOILED} is no word for a grade", line)
    if not 1 < len(scale) <= MOST_GRADES or not all(scale) or len(set(scale)) < len(scale):
        reason = f"grades need a scale of 2 to {MOST_GRADES} different words, the best first"
        raise BadFile(Fault.HEADER, reason, line)
    return scale


class MarkReader:
    """Reads the marks of one contest's ballots."""

    def __init__(self, kind: BallotKind, options: Sequence[str], scale: Sequence[str]) -> None:
        self._options = len(options)
        self._is_ranking = kind is BallotKind.RANKING
        self._marks: Mapping[str, int] = {
            BallotKind.APPROVAL: _APPROVAL,
            BallotKind.CHOICES: CHOICES,
        }.get(kind, {grade: place for place, grade in enumerate(scale, start=1)})
        self._normal: Callable[[str], str] = str if kind is BallotKind.GRADES else word
        self._known: dict[str, int] = {}
        self._levels = range(1, max(self._marks.values(), default=0) + 1)

    def groups(self, cells: Sequence[str], line: int) -> Groups:
        """Return the numbers of the options by mark. Raises BadFile."""
        if len(cells) > self._options:
            reason = f"{len(cells)} marks on the ballot, the file has {self._options} options"
            raise BadFile(Fault.SHAPE, reason, line)
        by_mark: dict[int, list[int]] = {}
        for number, cell in enumerate(cells, start=1):
            if cell:
                by_mark.setdefault(self._mark(cell, line), []).append(number)
        if self._is_ranking:
            return [by_mark[place] for place in sorted(by_mark)]
        return [by_mark.get(level, []) for level in self._levels]

    def _mark(self, cell: str, line: int) -> int:
        mark = self._known.get(cell)
        if mark is None:
            mark = self._known[cell] = self._read(cell, line)
        return mark

    def _read(self, cell: str, line: int) -> int:
        if self._is_ranking:
            return place_number(cell, line)
        mark = self._marks.get(self._normal(cell))
        if mark is None:
            reason = f"{shown(cell)} is no mark here: {listed(self._marks)} or nothing"
            raise BadFile(Fault.MARK, reason, line)
        return mark


def listed(words: Iterable[str]) -> str:
    """Return the first few of these words for a message."""
    return ", ".join(map(shown, islice(words, _WORDS_SHOWN)))


def mark_words(kind: BallotKind, scale: Sequence[str]) -> Sequence[str]:
    """Return the words of the marks from 1 on; a ranking has none."""
    words: Mapping[BallotKind, Sequence[str]] = {
        BallotKind.RANKING: (),
        BallotKind.APPROVAL: ("x",),
        BallotKind.CHOICES: tuple(CHOICES),
        BallotKind.GRADES: scale,
    }
    return words[kind]
