"""A count that goes on by stages until the seats are filled: what every transferable vote has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..contest import Contest
from ..profile import Profile
from ..result import About, Amount, Result, Stage, Step, Tie, fixed
from ..ties import TieStaysOpen, choose


class StagedCount(ABC):
    """One count under way.

    Amounts are whole numbers of the last decimal, options are their indices. A paper counts when one option
    alone stands first on it.
    """

    decimals: int

    def __init__(self, contest: Contest, profile: Profile) -> None:
        counted = profile.orders[:, 0] >= 0
        if not counted.all():
            profile = replace(profile, marks=profile.marks[counted], weights=profile.weights[counted])
        self.contest = contest
        self.orders = profile.orders
        self.weights = profile.weights
        self.valid = profile.valid
        self.totals = [0] * len(contest.options)
        self.quota = 0
        self.exhausted = 0
        self.continuing = list(range(len(contest.options)))
        self.elected: list[int] = []
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []
        self._before = list(self.totals)

    @abstractmethod
    def first_stage(self) -> None:
        """Count the papers and write the first stage down."""

    @abstractmethod
    def take_step(self) -> None:
        """Make the next transfer or exclusion and write its stage down. Raises TieStaysOpen."""

    def run(self, profile: Profile) -> Result:
        """Count to the end, or to a tie that stays open."""
        tied = None
        self.first_stage()
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
    def unit(self) -> int:
        """Return one vote."""
        return int(10**self.decimals)

    @property
    def seats_left(self) -> int:
        """Return how many seats are open."""
        return self.contest.seats - len(self.elected)

    def choose(self, among: Sequence[int], about: About, totals: Mapping[str, Amount] | None = None) -> int:
        """Return whom the rule takes of these by the totals as they stand. Raises TieStaysOpen."""
        earlier = [stage.totals for stage in self.stages[:-1]]
        now = self.stages[-1].totals if totals is None else totals
        chosen = choose(self.contest, now, self.names(among), about=about, earlier=earlier)
        if chosen.tie:
            self.ties.append(chosen.tie)
        return self.contest.options.index(chosen.name)

    def close_to(self, options: Sequence[int]) -> None:
        """See that these options receive no more papers."""
        self.continuing = [option for option in self.continuing if option not in options]

    def close_stage(self, step: Step, source: Sequence[int] = ()) -> list[int]:
        """See who is elected at the end of a stage, write the stage down, and return those elected."""
        elected = [option for option in self.continuing if self.totals[option] >= self.quota]
        self.close_to(elected)
        if self.valid and len(self.continuing) <= self.seats_left - len(elected):
            elected += self.continuing
            self.close_to(elected)
        elected.sort(key=lambda option: (-self.totals[option], self.contest.options[option]))
        self.elected += elected
        self.stages.append(self._stage(step, source, elected))
        return elected

    def _stage(self, step: Step, source: Sequence[int], elected: Sequence[int]) -> Stage:
        changes = [now - before for now, before in zip(self.totals, self._before, strict=True)]
        self._before = list(self.totals)
        return Stage(
            number=len(self.stages) + 1,
            step=step,
            totals=self._by_name(self.totals),
            changes={name: change for name, change in self._by_name(changes).items() if change},
            source=self.names(source),
            non_transferable=fixed(self.valid * self.unit - sum(self.totals), self.decimals),
            exhausted=self.exhausted,
            quota=self.quota_amount(),
            elected=self.names(elected),
        )

    def quota_amount(self) -> Amount:
        """Return the quota as a stage shows it."""
        return fixed(self.quota, self.decimals)

    def _by_name(self, amounts: Sequence[int]) -> dict[str, Amount]:
        return {
            name: fixed(amount, self.decimals)
            for name, amount in zip(self.contest.options, amounts, strict=True)
        }

    def names(self, options: Sequence[int]) -> tuple[str, ...]:
        """Return the names of these options."""
        return tuple(self.contest.options[option] for option in options)
