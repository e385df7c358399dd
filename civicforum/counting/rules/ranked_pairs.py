"""Ranked pairs, with every order in which equal majorities can be locked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import groupby, permutations

from ..contest import Contest
from ..profile import Profile
from ..result import About, Result, Settled, Tie
from .pairwise import count_pairs, result_of_standing
from .standing import Reach, joined, unrelated

Majority = tuple[int, int]
Table = tuple[tuple[int, ...], ...]

_MOST_WORK = 1_000_000


class _TooMuchWork(Exception):
    """There are more orders of equal majorities than can be tried."""


def ranked_pairs(contest: Contest, profile: Profile) -> Result:
    """Lock majorities one by one, the strongest first, except those that make a cycle with what is locked.

    A majority is the stronger the more papers are behind it (winning votes), and of as many the one that
    fewer papers oppose. Options left out are last; two options with as many papers on either side have no
    majority. Whoever no locked majority puts below another stands first.

    Majorities of equal strength: all that lie on no cycle with the others and the locked ones are locked
    together. For those left every set is tried that some order of locking can end with. When all outcomes
    seat the same, the tie does not matter and is noted as such; else those who could have a seat left are
    tied. Where the sets are too many to try, the tie is among the smallest set of options that beat or equal
    each other and beat all others outside (the Smith set; for later seats, what is such a set among the
    rest), which holds every possible winner.

    A lot needs to hold the tied names only. It seats the luckiest of them whom some order of locking seats,
    then the next luckiest who can have a seat beside those, and so on. (Zavist and Tideman instead draw a
    ranking of all options beforehand, and take equal majorities in its order.)

    `order` and the totals, how many others an option stands above, hold what all outcomes agree on.
    Source: Tideman, Independence of clones as a criterion for voting rules, Social Choice and Welfare 4
    (1987), 185-206, which orders by margins; Zavist and Tideman, Complete independence of clones in the
    ranked pairs rule, Social Choice and Welfare 6 (1989), 167-173, for what to do about ties.
    """
    over = count_pairs(profile)
    outcomes = _outcomes(tuple(map(tuple, over.tolist())))
    result = result_of_standing(contest, profile, over, outcomes)
    differing = _differing(contest, outcomes)
    if differing and not result.ties:
        return replace(result, ties=(Tie(1, About.PAIR, differing, Settled.NO_DIFFERENCE),))
    return result


@lru_cache(maxsize=1)
def _outcomes(over: Table) -> frozenset[Reach]:
    """Return the standings that the orders of equal majorities can lead to.

    Kept for the next call: whoever asks what each lot would bring counts the same pairs again and again.
    """
    try:
        return _Locking(len(over)).lock_all(_by_strength(over))
    except _TooMuchWork:
        return frozenset([_dominance(over)])


class _Locking:
    """Locks majorities in every order that their strengths allow, as long as the work is bounded."""

    def __init__(self, options: int) -> None:
        self.options = options
        self.work_left = _MOST_WORK

    def lock_all(self, groups: Iterable[list[Majority]]) -> frozenset[Reach]:
        outcomes = frozenset([unrelated(self.options)])
        for equals in groups:
            outcomes = frozenset(end for reach in outcomes for end in self.lock_equals(reach, equals))
        return outcomes

    def lock_equals(self, locked: Reach, equals: list[Majority]) -> Iterator[Reach]:
        """Yield what equal majorities can add to what is locked.

        Whichever is locked first, the locked ones end as a largest set without a cycle. So a majority of the
        group is either locked, or kept out by others that put its loser above its winner; both are tried.
        """
        ways: list[tuple[Reach, list[Majority], tuple[Majority, ...]]] = [(locked, equals, ())]
        while ways:
            reach, equals, kept_out = ways.pop()
            undecided = [pair for pair in equals if not _decided(reach, *pair)]
            together = self.join(reach, undecided)
            if not all(together[lower] >> upper & 1 for upper, lower in kept_out):
                continue
            clashing = [(upper, lower) for upper, lower in undecided if together[lower] >> upper & 1]
            reach = self.join(reach, [pair for pair in undecided if pair not in clashing])
            if not clashing:
                yield reach
                continue
            first, *others = clashing
            ways.append((joined(reach, *first), others, kept_out))
            ways.append((reach, others, (*kept_out, first)))

    def join(self, reach: Reach, pairs: list[Majority]) -> Reach:
        self.work_left -= len(pairs) * self.options
        if self.work_left < 0:
            raise _TooMuchWork
        for pair in pairs:
            reach = joined(reach, *pair)
        return reach


def _decided(reach: Reach, upper: int, lower: int) -> bool:
    return bool(reach[upper] >> lower & 1 or reach[lower] >> upper & 1)


def _by_strength(over: Table) -> Iterator[list[Majority]]:
    """Yield the majorities of equal strength together, the strongest first."""

    def strength(pair: Majority) -> tuple[int, int]:
        upper, lower = pair
        return -over[upper][lower], over[lower][upper]

    majorities = [
        pair for pair in permutations(range(len(over)), 2) if over[pair[0]][pair[1]] > over[pair[1]][pair[0]]
    ]
    for _, equals in groupby(sorted(majorities, key=strength), key=strength):
        yield list(equals)


def _dominance(over: Table) -> Reach:
    """Return who is above whom in every outcome, as far as beating alone tells it.

    One option is above another when no chain of options, each of which beats or equals the next, leads from
    the other to it.
    """
    options = range(len(over))
    chain = unrelated(len(over))
    for upper, lower in permutations(options, 2):
        if over[upper][lower] >= over[lower][upper]:
            chain = joined(chain, upper, lower)
    return tuple(
        sum(1 << lower for lower in options if lower == upper or not chain[lower] >> upper & 1)
        for upper in options
    )


def _differing(contest: Contest, outcomes: frozenset[Reach]) -> tuple[str, ...]:
    """Return the options that do not stand above the same others in all outcomes."""
    rows = zip(*outcomes, strict=True)
    return tuple(
        sorted(name for name, reaches in zip(contest.options, rows, strict=True) if len(set(reaches)) > 1)
    )
