"""Who is elected whichever way an open lot falls."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import permutations

from .contest import Contest
from .result import Result

_MOST_COUNTS = 60
_MOST_WORK = 25_000  # counts x options x options: a count of many options has as many stages


class _TooManyWays(Exception):
    """The lots that could fall are too many to try them all."""


@dataclass
class _Ways:
    """Counts what would come of every lot."""

    count: Callable[[Contest], Result]
    counts_left: int

    def elected_anyway(self, result: Result) -> set[str]:
        if result.tied is None:
            return set(result.elected)
        outcomes = [self.after(result.contest.with_lot(*draw)) for draw in permutations(result.tied.names)]
        return set.intersection(*outcomes)

    def after(self, contest: Contest) -> set[str]:
        if not self.counts_left:
            raise _TooManyWays
        self.counts_left -= 1
        return self.elected_anyway(self.count(contest))


def with_certain(result: Result, count: Callable[[Contest], Result]) -> Result:
    """Return a result with an open tie that says who is elected whichever way the lots fall.

    Every lot is tried, and every lot that follows from it, up to 60 counts and fewer of many options; beyond
    that only those already elected are certain. In a small vote a tie in the middle of a count often changes
    nothing at its end.
    """
    if result.tied is None:
        return result
    certain = set(result.tied.certain)
    ways = _Ways(count, min(_MOST_COUNTS, _MOST_WORK // len(result.contest.options) ** 2))
    with suppress(_TooManyWays):
        certain |= ways.elected_anyway(result)
    later = sorted(certain - set(result.elected))
    return replace(result, tied=replace(result.tied, certain=(*result.elected, *later)))
