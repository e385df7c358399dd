"""Ballots as a file gives them, checked and merged into a profile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from ..columns import rank_text
from ..profile import MOST_BALLOTS, BallotKind, Profile
from .errors import BadFile, Fault

MOST_OPTIONS = 9_999
MOST_GRADES = 100
MOST_CELLS = 10**8  # different ballots x options: 200 MB of marks

Groups = Sequence[Sequence[int]]
"""Numbers of options: those in the first group bear mark 1, those in the second mark 2, and so on."""


class BallotBox:
    """Collects ballots, equal ones merged.

    Args:
        options: how many the file has. lowest: the number of the first of them in the file.
        withdrawn: numbers of those who withdrew; rankings are kept as if they did not stand.
    """

    def __init__(self, options: int, *, lowest: int = 1, withdrawn: Collection[int] = ()) -> None:
        numbers = range(lowest, lowest + options)
        self.standing = [number for number in numbers if number not in withdrawn]
        self._new_number = {number: place for place, number in enumerate(self.standing, start=1)}
        self._numbers = numbers
        self._unchanged = lowest == 1 and not withdrawn
        self._counts = Counter[str]()

    def add(self, line: int, groups: Groups, count: int = 1) -> None:
        """Put equal ballots in. Raises BadFile, as `text`."""
        self.put(self.text(line, groups), count)

    def put(self, text: str, count: int = 1) -> None:
        """Put equal ballots in, as `text` wrote them."""
        self._counts[text] += count

    def text(self, line: int, groups: Groups) -> str:
        """Return a ballot as one text, the same for equal ballots.

        Raises BadFile on an option that does not exist, or stands there twice.
        """
        numbers = [number for group in groups for number in group]
        self._check(line, numbers)
        if not self._unchanged:
            groups = self._renumbered(groups)
        return rank_text(groups) if numbers else ""

    def profile(
        self,
        options: Sequence[str],
        kind: BallotKind = BallotKind.RANKING,
        *,
        blank: int = 0,
        spoiled: int = 0,
    ) -> Profile:
        """Return the profile; `options` names those who stand, in the order of their numbers.

        Raises BadFile when there are more ballots than can be counted.
        """
        self._check_size(blank + spoiled)
        if kind in (BallotKind.CHOICES, BallotKind.GRADES):
            rows = ((self._row(text), count) for text, count in self._counts.items())
            return Profile.of_marks(kind, options, rows, blank=blank, spoiled=spoiled)
        if blank:
            self._counts[""] += blank
        lines = "".join(f"{text}\t{count}\n" for text, count in self._counts.items())
        return Profile.of_lines(options, lines.encode(), kind=kind, spoiled=spoiled)

    def _check(self, line: int, numbers: Sequence[int]) -> None:
        if not numbers:
            return
        if min(numbers) < self._numbers[0] or max(numbers) > self._numbers[-1]:
            stranger = next(number for number in numbers if number not in self._numbers)
            reason = f"option {stranger} does not exist, the file has {len(self._numbers)} options"
            raise BadFile(Fault.UNKNOWN_OPTION, reason, line)
        if len(set(numbers)) < len(numbers):
            twice = Counter(numbers).most_common(1)[0][0]
            raise BadFile(Fault.REPEATED_OPTION, f"option {twice} stands on the ballot twice", line)

    def _renumbered(self, groups: Groups) -> Groups:
        new = self._new_number
        renumbered = [[new[number] for number in group if number in new] for group in groups]
        if len(new) == len(self._numbers):
            return renumbered
        return [group for group in renumbered if group]

    def _check_size(self, besides: int) -> None:
        if self._counts.total() + besides > MOST_BALLOTS:
            raise BadFile(Fault.TOO_LARGE, f"the file has more than {MOST_BALLOTS} ballots")
        if len(self._counts) * len(self._numbers) > MOST_CELLS:
            raise BadFile(Fault.TOO_LARGE, "the file has too many different ballots for so many options")

    def _row(self, text: str) -> list[int]:
        row = [0] * len(self.standing)
        for mark, group in enumerate(text.split(">"), start=1):
            for number in group.split("=") if group else ():
                row[int(number) - 1] = mark
        return row
