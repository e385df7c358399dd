"""Single transferable vote with the weighted inclusive Gregory method, on all papers of a transfer at once.

The value of a paper is a whole number of the smallest decimal the rules count in, so that every total is
exact. Equal papers always stand with the same option at the same value: they are one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..columns import ImpossibleBallot
from ..contest import Contest
from ..profile import Counts, Profile
from ..result import About, Amount, Result, Settled, Step
from ..ties import TieStaysOpen
from .staged import StagedCount

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class GregoryRules:
    """Where the published rules differ.

    Attributes:
        decimals: how many of a paper's value are kept; the rest is cut off, not rounded.
        quota_each_stage: worked out anew from the votes still in the count, or once from the valid papers.
        share_first: surplus / votes is cut to the decimals before it multiplies the value of a paper.
    """

    decimals: int
    quota_each_stage: bool = False
    share_first: bool = False


def count_gregory(contest: Contest, profile: Profile, rules: GregoryRules) -> Result:
    """Count by these rules; `scottish_stv` and `albany_stv` say what each prescribes."""
    return _GregoryCount(contest, profile, rules).run(profile)


class _GregoryCount(StagedCount):
    """One count under way."""

    def __init__(self, contest: Contest, profile: Profile, rules: GregoryRules) -> None:
        super().__init__(contest, profile)
        self.rules = rules
        self.decimals = rules.decimals
        if self.valid * self.unit > np.iinfo(np.int64).max:
            raise ImpossibleBallot("more papers than can be added up exactly")
        # Beside each option the end of a paper, at -1, which takes the papers without a further choice.
        self.receives = np.ones(len(contest.options) + 1, dtype=np.bool_)
        self.holder = np.full(len(self.weights), -1, dtype=np.int16)  # the option a paper stands with
        self.values = [self.unit]  # every value that a paper has had; `worth` is its place in this list
        self.worth = np.zeros(len(self.weights), dtype=np.int32)
        self.waiting: list[int] = []  # elected, surplus not yet transferred

    def first_stage(self) -> None:
        self.quota = self.work_out_quota(self.valid * self.unit)
        self.give(np.arange(len(self.weights)))
        self.close_stage(Step.COUNT)

    def take_step(self) -> None:
        """Transfer the largest surplus, or exclude whoever has the fewest votes."""
        if self.waiting:
            self.transfer_surplus(self.choose(self.waiting, About.SURPLUS))
            return
        try:
            lowest = [self.choose(self.continuing, About.EXCLUSION)]
        except TieStaysOpen as stop:
            lowest = self.out_whatever_the_lot(len(stop.tie.names))
            if not lowest:
                raise
            self.ties.append(replace(stop.tie, settled=Settled.NO_DIFFERENCE, chosen=self.names(lowest)))
        self.exclude(lowest)

    def out_whatever_the_lot(self, level: int) -> list[int]:
        """Return those at the bottom who all go out whichever of the last goes first, or nobody.

        So it is when all their votes together lift none of them to the next option above, and lift nobody to
        the quota while another seat would stay open. `level` of them are level at the very bottom.
        """
        ranked = sorted(
            self.continuing, key=lambda option: (self.totals[option], self.contest.options[option])
        )
        for size in range(level, len(ranked) - self.seats_left + 1):
            together = sum(self.totals[option] for option in ranked[:size])
            above = [self.totals[option] for option in ranked[size:]]
            stays_below = self.seats_left == 1 or above[-1] + together < self.quota
            if together < above[0] and stays_below:
                return ranked[:size]
        return []

    def transfer_surplus(self, option: int) -> None:
        votes, self.totals[option] = self.totals[option], self.quota
        self.waiting.remove(option)
        rows = np.flatnonzero(self.holder == option)
        worth = self.worth.take(rows)
        lowered = np.zeros(len(self.values), dtype=np.int32)
        for present in np.flatnonzero(np.bincount(worth)).tolist():
            lowered[present] = len(self.values)
            self.values.append(self.new_value(self.values[present], votes))
        self.worth[rows] = lowered.take(worth)
        self.give(rows)
        self.close_stage(Step.SURPLUS, [option])

    def new_value(self, value: int, votes: int) -> int:
        """Return what a paper of this value is worth once the surplus of its holder is passed on."""
        surplus = votes - self.quota
        if self.rules.share_first:
            return value * (surplus * self.unit // votes) // self.unit
        return surplus * value // votes

    def exclude(self, options: Sequence[int]) -> None:
        self.close_to(options)
        for option in options:
            self.totals[option] = 0
            self.give(np.flatnonzero(self.holder == option))
        self.close_stage(Step.EXCLUSION, options)

    def give(self, rows: Rows) -> None:
        """Pass papers to the next option on them that may receive."""
        choices = self.orders.take(rows, axis=0)
        next_place = self.receives.take(choices).argmax(axis=1)
        row_starts = np.arange(0, choices.size, choices.shape[1])
        to = choices.ravel().take(row_starts + next_place)
        self.holder[rows] = to
        papers = self.weights.take(rows)
        self.exhausted += int(papers[to < 0].sum())
        received: Counts = np.zeros(len(self.receives), dtype=np.int64)
        values = np.array(self.values, dtype=np.int64).take(self.worth.take(rows))
        np.add.at(received, to.astype(np.intp), papers * values)
        self.totals = [total + more for total, more in zip(self.totals, received.tolist(), strict=False)]

    def close_to(self, options: Sequence[int]) -> None:
        super().close_to(options)
        self.receives[options] = False

    def close_stage(self, step: Step, source: Sequence[int] = ()) -> list[int]:
        if self.rules.quota_each_stage:
            self.quota = self.work_out_quota(sum(self.totals))
        elected = super().close_stage(step, source)
        self.waiting += [option for option in elected if self.totals[option] > self.quota]
        return elected

    def work_out_quota(self, votes: int) -> int:
        """Return the smallest whole number of votes that one option more than the seats cannot reach."""
        return (votes // (self.unit * (self.contest.seats + 1)) + 1) * self.unit

    def quota_amount(self) -> Amount:
        return self.quota // self.unit
