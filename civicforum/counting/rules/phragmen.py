"""Sequential Phragmén: proportional seats from approval ballots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..contest import Contest
from ..profile import Counts, Profile
from ..result import About, Amount, Result, Settled, Stage, Step, Tie, Tied
from .one_stage import RANKED_OR_APPROVED, as_amount, expect

# What ties may cost, in cells of the ballots: a few hundred ways in a small vote, ten in a very large one.
_MOST_WORK = 30_000_000
_WORK_OF_A_WAY = 100_000

Ends = frozenset[frozenset[int]]
"""Every set of options that can hold the seats in the end."""


class _TooManyWays(Exception):
    """There are more ways on from a tie than can be tried."""


def phragmen(contest: Contest, profile: Profile) -> Result:
    """Fill the seats one by one so that those represented carry their representatives as evenly as possible.

    Each seat is a load of 1 on the papers that approve its holder. The next seat goes to whom it would leave
    the heaviest of these papers with the smallest load, all of them carrying the same after it. The totals of
    a stage say this in votes: n papers with loads of L together before count as n / (1 + L) votes, 1 over
    the load they would each carry, so that a first total is the number of approvals and the most votes win.
    Whoever is elected keeps the total of that stage. Nobody is elected without an approval. On rankings every
    option that is ranked counts as approved.

    A tie for a seat does not matter when one of those level can go first and still leave every set of
    holders possible that was possible before: that one goes first, and it is noted so. To find out, the ways
    on are tried, as far as they are not too many. Any other tie stays open unless a lot was drawn.
    Source: Phragmén, Sur une méthode nouvelle pour réaliser, dans les élections, la représentation
    proportionnelle des partis (1894), as in Janson, Phragmén's and Thiele's election methods
    (arXiv:1611.08826), section 3, and in Brill, Freeman, Janson and Lackner, Phragmén's voting methods and
    justified representation (AAAI 2017), as seq-Phragmén.
    """
    expect(profile, *RANKED_OR_APPROVED)
    return _Count(contest, profile).run(profile)


@dataclass(frozen=True, eq=False)
class _Loads:
    """Who is elected so far, and what each paper carries.

    Attributes:
        approves: options x rows.
        elected: options in the order of election.
        loads: what a paper can carry: nothing, or what it got when the first, second, ... was elected.
        carried: which of `loads` each row carries.
    """

    approves: NDArray[np.bool_]
    weights: Counts
    elected: tuple[int, ...]
    loads: tuple[Fraction, ...]
    carried: NDArray[np.intp]

    @classmethod
    def of(cls, profile: Profile) -> _Loads:
        rows = len(profile.weights)
        approves = np.ascontiguousarray(profile.marks.T > 0)
        return cls(approves, profile.weights, (), (Fraction(0),), np.zeros(rows, dtype=np.intp))

    def votes(self) -> dict[int, Fraction]:
        """Return the votes of every option that is not elected."""
        by_load = np.zeros((len(self.weights), len(self.loads)), dtype=np.int64)
        by_load[np.arange(len(self.weights)), self.carried] = self.weights
        papers = (self.approves @ by_load).tolist()
        return {
            option: sum(counts) / (1 + self.together(counts))
            for option, counts in enumerate(papers)
            if option not in self.elected
        }

    def together(self, papers: Sequence[int]) -> Fraction:
        """Return what so many papers of each load carry together."""
        return sum((load * count for load, count in zip(self.loads, papers, strict=True)), Fraction(0))

    def best(self, votes: Mapping[int, Fraction]) -> list[int]:
        most = max(votes.values(), default=Fraction(0))
        return [option for option, count in votes.items() if count == most > 0]

    def key(self) -> tuple[object, ...]:
        """Return what is equal for loads that came about in another order."""
        loads = sorted(set(self.loads))
        place = np.array([loads.index(load) for load in self.loads])
        return frozenset(self.elected), *loads, place[self.carried].tobytes()

    def with_seat(self, option: int, votes: Fraction) -> _Loads:
        carried = np.where(self.approves[option], len(self.loads), self.carried)
        return replace(self, elected=(*self.elected, option), loads=(*self.loads, 1 / votes), carried=carried)


class _Count:
    """One count under way."""

    def __init__(self, contest: Contest, profile: Profile) -> None:
        self.contest = contest
        self.seats = min(contest.seats, len(contest.options))
        self.loads = _Loads.of(profile)
        self.totals: dict[str, Amount] = dict.fromkeys(contest.options, 0)
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []
        self.tied: Tied | None = None
        self.known_ends: dict[tuple[object, ...], Ends] = {}
        self.work_left = _MOST_WORK

    def run(self, profile: Profile) -> Result:
        while len(self.loads.elected) < self.seats and self.fill_seat():
            pass
        return Result(
            contest=self.contest,
            valid=profile.valid,
            blank=profile.blank,
            spoiled=profile.spoiled,
            stages=tuple(self.stages),
            elected=self.names(self.loads.elected),
            ties=tuple(self.ties),
            tied=self.tied,
        )

    def fill_seat(self) -> bool:
        """Count the votes for the next seat; tell whether somebody got it."""
        votes = self.loads.votes()
        best = self.loads.best(votes)
        if not best and self.stages:
            return False
        taken = best if len(best) < 2 else self.break_tie(best, votes)
        self.close_stage(votes, taken)
        for option in taken:
            self.loads = self.loads.with_seat(option, votes[option])
        return bool(taken)

    def break_tie(self, level: list[int], votes: Mapping[int, Fraction]) -> list[int]:
        """Return the one who gets the seat, or nobody where the tie stays open."""
        names = tuple(sorted(self.names(level)))
        drawn = self.contest.drawn(names)
        ends = {} if drawn else self.ends_after(names, votes)
        harmless = [name for name in ends if ends[name] == frozenset().union(*ends.values())]
        taken = drawn[:1] if drawn else tuple(harmless[:1])
        if not taken:
            self.ties.append(Tie(len(self.stages) + 1, About.ELECTION, names))
            self.tied = self.open_tie(names, ends)
            return []
        settled = Settled.LOT if drawn else Settled.NO_DIFFERENCE
        self.ties.append(Tie(len(self.stages) + 1, About.ELECTION, names, settled, taken))
        return [self.contest.options.index(taken[0])]

    def open_tie(self, names: tuple[str, ...], ends: Mapping[str, Ends]) -> Tied:
        """Return the tie, for as many seats as its names have however the count ends; else for one."""
        level = {self.contest.options.index(name) for name in names}
        seats = min((len(end & level) for possible in ends.values() for end in possible), default=1)
        elected = self.names(self.loads.elected)
        return Tied(names, About.ELECTION, seats, self.contest.open_tie, certain=elected)

    def ends_after(self, names: tuple[str, ...], votes: Mapping[int, Fraction]) -> dict[str, Ends]:
        """Return how the count can end when each of them goes first; nothing where the ways are too many."""
        level = {name: self.contest.options.index(name) for name in names}
        try:
            return {
                name: self.ends(self.loads.with_seat(option, votes[option])) for name, option in level.items()
            }
        except _TooManyWays:
            return {}

    def ends(self, loads: _Loads) -> Ends:
        key = loads.key()
        if key not in self.known_ends:
            votes = loads.votes()
            best = loads.best(votes) if len(loads.elected) < self.seats else []
            self.work_left -= loads.approves.size + _WORK_OF_A_WAY
            if self.work_left < 0:
                raise _TooManyWays
            following = [self.ends(loads.with_seat(option, votes[option])) for option in best]
            self.known_ends[key] = (
                frozenset().union(*following) if best else frozenset([frozenset(loads.elected)])
            )
        return self.known_ends[key]

    def close_stage(self, votes: Mapping[int, Fraction], taken: list[int]) -> None:
        before = dict(self.totals)
        for option, count in votes.items():
            self.totals[self.contest.options[option]] = as_amount(count)
        changes = {
            name: as_amount(Fraction(now) - Fraction(before[name])) for name, now in self.totals.items()
        }
        self.stages.append(
            Stage(
                number=len(self.stages) + 1,
                step=Step.COUNT,
                totals=dict(self.totals),
                changes={name: change for name, change in changes.items() if change},
                source=self.names(self.loads.elected[-1:]),
                elected=self.names(taken),
            )
        )

    def names(self, options: tuple[int, ...] | list[int]) -> tuple[str, ...]:
        return tuple(self.contest.options[option] for option in options)
