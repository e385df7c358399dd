"""Single transferable vote by Meek's method: options keep a share of each paper and pass on the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..contest import Contest
from ..merging import merge_rows
from ..profile import Profile
from ..result import About, Amount, Result, Settled, Stage, Step, Tie, fixed
from ..ties import TieStaysOpen, choose

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


class _MeekCount:
    """One count under way. Amounts are whole numbers of the last decimal; options are their indices."""

    def __init__(self, contest: Contest, profile: Profile) -> None:
        self.contest = contest
        counted = profile.orders[:, 0] >= 0
        self.orders = profile.orders[counted]
        self.weights = profile.weights[counted]
        self.valid = int(self.weights.sum())
        self.keeps = [_ONE] * len(contest.options)
        self.votes = [0] * len(contest.options)
        self.before = list(self.votes)
        self.quota = 0
        self.surplus = 0
        self.continuing = list(range(len(contest.options)))
        self.elected: list[int] = []
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []

    def run(self, profile: Profile) -> Result:
        tied = None
        self.stand(Step.COUNT)
        try:
            while self.valid and self.seats_left and self.continuing:
                self.take_step()
        except TieStaysOpen as stop:
            self.ties.append(stop.tie)
            tied = replace(stop.tied, certain=self.names(self.elected))
        return Result(
            contest=self.contest,
            valid=self.valid,
            blank=profile.blank,
            spoiled=profile.spoiled + profile.valid - self.valid,
            stages=tuple(self.stages),
            elected=self.names(self.elected),
            quota=self.stages[0].quota,
            ties=tuple(self.ties),
            tied=tied,
        )

    @property
    def seats_left(self) -> int:
        return self.contest.seats - len(self.elected)

    def take_step(self) -> None:
        """Pass on what those just elected hold above the quota, or exclude the last."""
        if self.stages[-1].elected and self.surplus >= _CONVERGED:
            self.stand(Step.SURPLUS, [option for option in self.elected if self.votes[option] > self.quota])
            return
        last = self.last()
        self.continuing = [option for option in self.continuing if option not in last]
        for option in last:
            self.keeps[option] = 0
        self.stand(Step.EXCLUSION, last)

    def last(self) -> list[int]:
        """Return whom to exclude: the last, or all without a vote together. Raises TieStaysOpen."""
        lowest = min(self.votes[option] for option in self.continuing)
        level = [option for option in self.continuing if self.votes[option] <= lowest + self.surplus]
        try:
            chosen = choose(
                self.contest,
                dict.fromkeys(self.names(level), 0),
                self.names(level),
                about=About.EXCLUSION,
                earlier=[stage.totals for stage in self.stages[:-1]],
            )
        except TieStaysOpen as stop:
            empty = [option for option in level if not self.votes[option]]
            if len(empty) < len(level) or len(self.continuing) - len(empty) < self.seats_left:
                raise
            self.ties.append(replace(stop.tie, settled=Settled.NO_DIFFERENCE, chosen=stop.tie.names))
            return empty
        if chosen.tie:
            self.ties.append(chosen.tie)
        return [self.contest.options.index(chosen.name)]

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
        self.close_stage(step, source, exhausted=sum(count for options, count in papers if not options))

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
        """Count every paper by the keep factors as they stand, and work out quota and surplus from it."""
        self.votes = [0] * len(self.keeps)
        for options, count in papers:
            left = _ONE
            for option in options:
                kept = _round_up(left * self.keeps[option], _ONE)
                self.votes[option] += kept * count
                left -= kept
        self.quota = sum(self.votes) // (self.contest.seats + 1) + 1
        self.surplus = sum(max(self.votes[option] - self.quota, 0) for option in self.elected)

    def lower_factors(self) -> None:
        for option in self.elected:
            factor = _round_up(self.keeps[option] * self.quota, self.votes[option])
            self.keeps[option] = min(factor, _ONE)

    def reached(self) -> list[int]:
        return [option for option in self.continuing if self.votes[option] >= self.quota]

    def close_stage(self, step: Step, source: Sequence[int], *, exhausted: int) -> None:
        """See who is elected at the end of a stage, and write the stage down."""
        reached = self.reached()
        self.continuing = [option for option in self.continuing if option not in reached]
        if self.valid and len(self.continuing) <= self.seats_left - len(reached):
            reached, self.continuing = reached + self.continuing, []
        reached.sort(key=lambda option: (-self.votes[option], self.contest.options[option]))
        self.elected += reached
        self.surplus = sum(max(self.votes[option] - self.quota, 0) for option in self.elected)
        changes = [now - before for now, before in zip(self.votes, self.before, strict=True)]
        self.before = list(self.votes)
        self.stages.append(
            Stage(
                number=len(self.stages) + 1,
                step=step,
                totals=self.by_name(self.votes),
                changes={name: change for name, change in self.by_name(changes).items() if change},
                source=self.names(source),
                non_transferable=fixed(self.valid * _ONE - sum(self.votes), _DECIMALS),
                exhausted=exhausted,
                quota=fixed(self.quota, _DECIMALS),
                elected=self.names(reached),
            )
        )

    def by_name(self, amounts: Sequence[int]) -> dict[str, Amount]:
        return {
            name: fixed(amount, _DECIMALS) for name, amount in zip(self.contest.options, amounts, strict=True)
        }

    def names(self, options: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.contest.options[option] for option in options)


def _round_up(amount: int, divisor: int) -> int:
    return -(-amount // divisor)
