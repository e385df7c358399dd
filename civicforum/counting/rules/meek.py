"""Single transferable vote by Meek's method: options keep a share of each paper and pass on the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..contest import Contest
from ..merging import merge_rows
from ..profile import Profile
from ..result import About, Result, Settled, Step
from ..ties import TieStaysOpen
from .staged import StagedCount

_DECIMALS = 9
_ONE: int = 10**_DECIMALS
_CONVERGED: int = 10**3  # a millionth of a vote, in units of the last decimal

_Papers = tuple[tuple[int, ...], int]
"""The options on some papers that still count, best first, and how many papers say so."""


def meek_stv(contest: Contest, profile: Profile) -> Result:
    """Count by Meek's method in fixed decimals.

    A paper is worth one vote. Each option keeps its keep factor (1 while it continues, 0 once excluded) of
    what reaches it and passes on the rest, so that later choices count for elected options too. The factors
    of those elected are lowered, factor x quota / votes, until together they hold less than a millionth of a
    vote above the quota; then the last is excluded, and the count of all papers begins again. The quota is
    votes held / (seats + 1), cut after the ninth decimal, plus one unit of it; it falls as papers run out of
    choices. What is kept and the factors are rounded up at the ninth decimal. Options that are closer than
    the surplus still held count as level, and are settled by earlier stages, else by lot.

    Source: Meek, Une nouvelle approche du scrutin transférable, Mathématiques et sciences humaines 25 and 29
    (1969, 1970); Hill, Wichmann and Woodall, Algorithm 123, The Computer Journal 30 (1987) 277-281, whose
    reals are replaced by nine decimals as in the New Zealand Local Electoral Regulations 2001, schedule 1A.
    """
    return _MeekCount(contest, profile).run(profile)


class _MeekCount(StagedCount):
    """One count under way."""

    decimals = _DECIMALS

    def __init__(self, contest: Contest, profile: Profile) -> None:
        super().__init__(contest, profile)
        self.keeps = [_ONE] * len(contest.options)

    def first_stage(self) -> None:
        self.stand(Step.COUNT)

    def take_step(self) -> None:
        """Pass on what those just elected hold above the quota, or exclude the last."""
        if self.stages[-1].elected and self.surplus >= _CONVERGED:
            self.stand(Step.SURPLUS, [option for option in self.elected if self.totals[option] > self.quota])
            return
        last = self.last()
        self.close_to(last)
        for option in last:
            self.keeps[option] = 0
        self.stand(Step.EXCLUSION, last)

    def last(self) -> list[int]:
        """Return whom to exclude: the last, or all without a vote together. Raises TieStaysOpen."""
        lowest = min(self.totals[option] for option in self.continuing)
        level = [option for option in self.continuing if self.totals[option] <= lowest + self.surplus]
        try:
            return [self.choose(level, About.EXCLUSION, dict.fromkeys(self.names(level), 0))]
        except TieStaysOpen as stop:
            empty = [option for option in level if not self.totals[option]]
            if len(empty) < len(level) or len(self.continuing) - len(empty) < self.seats_left:
                raise
            self.ties.append(replace(stop.tie, settled=Settled.NO_DIFFERENCE, chosen=stop.tie.names))
            return empty

    def stand(self, step: Step, source: Sequence[int] = ()) -> None:
        """Share out the papers until somebody is elected or the surplus stays, and write the stage down."""
        papers = self.papers_that_count()
        self.share_out(papers)
        while not self.reached():
            held = self.surplus
            if held < _CONVERGED:
                break
            self.lower_factors()
            self.share_out(papers)
            if self.surplus >= held:
                break
        self.exhausted = sum(count for options, count in papers if not options)
        self.close_stage(step, source)

    def papers_that_count(self) -> list[_Papers]:
        """Return the papers by the options that keep something of them, up to the first that keeps all.

        Most of a million papers become equal here, because a continuing option ends what a paper says.
        """
        continues = np.zeros(len(self.keeps) + 1, dtype=np.bool_)
        continues[self.continuing] = True
        ended = np.logical_or.accumulate(continues[self.orders], axis=1)
        counts = np.array([*self.keeps, 0])[self.orders] > 0
        counts[:, 1:] &= ~ended[:, :-1]
        options = np.where(counts, self.orders, -1)
        in_front = np.argsort(~counts, axis=1, kind="stable")
        rows, weights = merge_rows(np.take_along_axis(options, in_front, axis=1), self.weights)
        return [
            (tuple(option for option in row if option >= 0), count)
            for row, count in zip(rows.tolist(), weights.tolist(), strict=True)
        ]

    def share_out(self, papers: Sequence[_Papers]) -> None:
        """Count every paper by the keep factors as they stand, and work out the quota from it."""
        self.totals = [0] * len(self.keeps)
        for options, count in papers:
            left = _ONE
            for option in options:
                kept = _round_up(left * self.keeps[option], _ONE)
                self.totals[option] += kept * count
                left -= kept
        self.quota = sum(self.totals) // (self.contest.seats + 1) + 1

    @property
    def surplus(self) -> int:
        """Return what the elected hold above the quota together."""
        return sum(max(self.totals[option] - self.quota, 0) for option in self.elected)

    def lower_factors(self) -> None:
        for option in self.elected:
            factor = _round_up(self.keeps[option] * self.quota, self.totals[option])
            self.keeps[option] = min(factor, _ONE)

    def reached(self) -> list[int]:
        return [option for option in self.continuing if self.totals[option] >= self.quota]


def _round_up(amount: int, divisor: int) -> int:
    return -(-amount // divisor)
