"""Ballots, equal ones merged: a row of small numbers for each different ballot, and how often it was cast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import ImpossibleBallot, parse_lines, rank_text
from .merging import merge_rows

Counts = NDArray[np.int64]
Marks = NDArray[np.uint16]
Orders = NDArray[np.int16]

MOST_BALLOTS = 10**12
"""Above this, sums in 64 bits could go wrong without a word: a thousandfold of what the world could cast."""

Ranking = Sequence[str | Sequence[str]]
"""Names, best first; names in a group share a place."""


class BallotKind(StrEnum):
    """What the number beside an option means; 0 is always nothing.

    RANKING: the place, 1 the first; options may share a place. APPROVAL: 1. CHOICES: 1 for, 2 against,
    3 abstain. GRADES: 1 the best of the scale, 2 the next.
    """

    RANKING = "ranking"
    APPROVAL = "approval"
    CHOICES = "choices"
    GRADES = "grades"


@dataclass(frozen=True, eq=False)
class Profile:
    """The ballots of one contest.

    Raises ImpossibleBallot for a negative number of ballots, or more than MOST_BALLOTS.

    Attributes:
        marks: one row a different ballot, one column an option (ballots x options, the numbers of `kind`).
        weights: how many ballots each row stands for.
        blank: papers without a mark. spoiled: papers that cannot stand. Neither is among the rows.
    """

    kind: BallotKind
    options: tuple[str, ...]
    marks: Marks
    weights: Counts
    blank: int = 0
    spoiled: int = 0

    def __post_init__(self) -> None:
        # A sum of floats cannot overflow, and is near enough for this.
        cast = self.weights.sum(dtype=np.float64) + self.blank + self.spoiled
        if cast > MOST_BALLOTS or min(self.blank, self.spoiled, int(self.weights.min(initial=0))) < 0:
            raise ImpossibleBallot(f"nobody can cast so many ballots: {cast:.0f}")

    @classmethod
    def of_rankings(
        cls, options: Sequence[str], ballots: Iterable[Ranking] | Mapping[Any, int], *, spoiled: int = 0
    ) -> Profile:
        """Build from rankings, one a ballot or with a count each: `[("A", ("B", "C"))]`, `{("A", "B"): 12}`.

        Raises ImpossibleBallot on an unknown or repeated name, or a negative count.
        """
        number = {name: index for index, name in enumerate(options, start=1)}
        texts: Counter[str] = Counter()
        for ballot, count in _counted(ballots):
            texts[rank_text(_levels(ballot, number))] += count
        lines = "".join(f"{text}\t{count}\n" for text, count in texts.items())
        return cls.of_lines(options, lines.encode(), spoiled=spoiled)

    @classmethod
    def of_approvals(
        cls, options: Sequence[str], ballots: Iterable[Sequence[str]] | Mapping[Any, int], *, spoiled: int = 0
    ) -> Profile:
        """Build from sets of names, one a ballot or with a count each. Raises ImpossibleBallot."""
        together: Counter[Any] = Counter()
        for names, count in _counted(ballots):
            together[(tuple(names),) if names else ()] += count
        profile = cls.of_rankings(options, together, spoiled=spoiled)
        return replace(profile, kind=BallotKind.APPROVAL)

    @classmethod
    def of_lines(
        cls,
        options: Sequence[str],
        lines: bytes,
        *,
        kind: BallotKind = BallotKind.RANKING,
        spoiled: int = 0,
    ) -> Profile:
        """Build from the canonical column, grouped: lines of `2>1=3<tab>17`, the option numbers from 1.

        This is what PostgreSQL writes for `COPY (SELECT ranking, count(*) ... GROUP BY ranking) TO STDOUT`;
        an empty ranking is a blank paper. Raises ImpossibleBallot with the number of the line.
        """
        marks, weights = parse_lines(lines, len(options))
        written = marks.any(axis=1)
        blank = int(weights[~written].sum())
        if blank or not written.all():
            marks, weights = marks[written], weights[written]
        return cls(kind, tuple(options), marks, weights, blank=blank, spoiled=spoiled)

    @classmethod
    def of_marks(
        cls,
        kind: BallotKind,
        options: Sequence[str],
        rows: Iterable[tuple[Sequence[int], int]],
        *,
        blank: int = 0,
        spoiled: int = 0,
    ) -> Profile:
        """Build from rows of numbers, one for each option, with how many papers bear them.

        Raises ImpossibleBallot when a row has another length, or a number or count is negative.
        """
        counted = Counter[tuple[int, ...]]()
        for row, count in rows:
            if len(row) != len(options) or min(row, default=0) < 0 or count < 0:
                raise ImpossibleBallot(f"impossible row: {list(row)}, {count} papers")
            counted[tuple(row)] += count
        empty = counted.pop((0,) * len(options), 0)
        marks = np.array(list(counted), dtype=np.uint16).reshape(-1, len(options))
        weights = np.fromiter(counted.values(), dtype=np.int64, count=len(counted))
        return cls(kind, tuple(options), marks, weights, blank=blank + empty, spoiled=spoiled)

    @property
    def valid(self) -> int:
        """Return how many ballots say something."""
        return int(self.weights.sum())

    @property
    def cast(self) -> int:
        """Return all papers, the blank and the spoiled ones too."""
        return self.valid + self.blank + self.spoiled

    def merged(self) -> Profile:
        """Return the same ballots with equal rows merged; rows that nobody cast are dropped."""
        marks, weights = merge_rows(self.marks, self.weights)
        return replace(self, marks=marks, weights=weights)

    def ordered(self, options: Sequence[str]) -> Profile:
        """Return the same ballots with the options in this order.

        Raises ImpossibleBallot when the names are not the same.
        """
        if tuple(options) == self.options:
            return self
        if sorted(options) != sorted(self.options):
            raise ImpossibleBallot("the ballots have other options than the contest")
        number = {name: index for index, name in enumerate(self.options)}
        return replace(self, options=tuple(options), marks=self.marks[:, [number[name] for name in options]])

    @cached_property
    def orders(self) -> Orders:
        """Return each row as option indices, best first, -1 from where the paper says no more.

        A paper says no more from the first place that two options share: a rule that counts one name at a
        time cannot tell which of them is meant. The last column is -1 in every row.
        """
        end = int(self.marks.max(initial=0))
        orders = np.full((len(self.marks), end + 1), -1, dtype=np.int16)
        cells, row_starts = orders.reshape(-1), np.arange(0, orders.size, end + 1)
        for option, places in enumerate(self.marks.T):
            # No place, less one, is the largest number there is: such an option falls into the last column.
            cells[row_starts + np.minimum(places - np.uint16(1), end)] = option
        orders[:, end] = -1
        if np.count_nonzero(orders >= 0) < np.count_nonzero(self.marks):
            orders[self._from_shared_places(orders.shape)] = -1
        return orders

    def _from_shared_places(self, shape: tuple[int, ...]) -> NDArray[np.bool_]:
        rows, columns = np.nonzero(self.marks)
        cells = rows * shape[1] + self.marks[rows, columns] - 1
        sharing = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape) > 1
        return np.logical_or.accumulate(sharing, axis=1)

    def texts(self) -> list[tuple[str, int]]:
        """Return the canonical column and the count of every row."""
        texts = []
        for row, weight in zip(self.marks.tolist(), self.weights.tolist(), strict=True):
            levels: dict[int, list[int]] = {}
            for index, place in enumerate(row):
                if place:
                    levels.setdefault(place, []).append(index + 1)
            texts.append((rank_text(levels[place] for place in sorted(levels)), weight))
        return texts

    def rankings(self) -> list[tuple[tuple[tuple[str, ...], ...], int]]:
        """Return every row as groups of names, best first, with its count."""
        named = []
        for text, weight in self.texts():
            levels = (level.split("=") for level in text.split(">"))
            named.append(
                (tuple(tuple(self.options[int(number) - 1] for number in level) for level in levels), weight)
            )
        return named


def _counted(ballots: Iterable[Ranking] | Mapping[Any, int]) -> Iterable[tuple[Ranking, int]]:
    if isinstance(ballots, Mapping):
        return ballots.items()
    return ((ballot, 1) for ballot in ballots)


def _levels(ballot: Ranking, number: Mapping[str, int]) -> Iterator[list[int]]:
    for level in ballot:
        names = (level,) if isinstance(level, str) else level
        unknown = [name for name in names if name not in number]
        if unknown:
            raise ImpossibleBallot(f"there is no option {unknown[0]}")
        yield [number[name] for name in names]
