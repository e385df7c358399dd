"""What a group holds, and what all groups share: whole counts, and shares as fractions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from civicforum.opinions.matrix import AGREE, DISAGREE, PASS, Floats

# The square of 1.6449: a difference that chance alone makes in one case of twenty, tested on one side.
LEAST_Z_SQUARED = Fraction(27055, 10000)
# Shares of fewer people say nothing of a group, and are not shown.
LEAST_VOTERS = 5
MOST_HELD = 5
MOST_SHARED = 5
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Tally:
    """How many agree, disagree and pass."""

    agrees: int = 0
    disagrees: int = 0
    passes: int = 0

    @property
    def total(self) -> int:
        return self.agrees + self.disagrees + self.passes

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.agrees + other.agrees, self.disagrees + other.disagrees, self.passes + other.passes)

    def count(self, *, agrees: bool) -> int:
        return self.agrees if agrees else self.disagrees

    def smoothed(self, *, agrees: bool) -> Fraction:
        """Return the share that agrees (or disagrees), counted as if two more had answered, one of them so.

        Laplace's rule of succession: four of four is less certain than forty of forty.
        """
        return Fraction(self.count(agrees=agrees) + 1, self.total + 2)


@dataclass(frozen=True)
class Held:
    """A statement by which a group differs: the smoothed shares that answer so within it and elsewhere."""

    statement: int
    agrees: bool
    share: Fraction
    elsewhere: Fraction


@dataclass(frozen=True)
class Shared:
    """A statement that every group answers alike; `agreement` is the product over the groups."""

    statement: int
    agrees: bool
    agreement: Fraction


Tallies = Mapping[int, Tally]


def tally_of(column: Floats) -> Tally:
    """Return how often each answer stands in a column of a matrix."""
    return Tally(int((column == AGREE).sum()), int((column == DISAGREE).sum()), int((column == PASS).sum()))


def z_squared(here: Tally, elsewhere: Tally, *, agrees: bool) -> Fraction:
    """Return the square of the two-proportion z statistic of the smoothed shares, variance pooled."""
    n, m = here.total + 2, elsewhere.total + 2
    pooled = Fraction(here.count(agrees=agrees) + elsewhere.count(agrees=agrees) + 2, n + m)
    difference = here.smoothed(agrees=agrees) - elsewhere.smoothed(agrees=agrees)
    return difference**2 / (pooled * (1 - pooled) * (Fraction(1, n) + Fraction(1, m)))


def held_by(groups: Mapping[int, Tallies]) -> dict[int, list[Held]]:
    """Return by group what it holds, most telling first, MOST_HELD at most.

    `groups`: by group and statement the counts that may be shown. A statement is a group's own when
    LEAST_VOTERS of it and as many elsewhere answered, more than half of it answer so, and more than elsewhere
    by more than chance. The wider the difference of the shares, the more telling.
    """
    found: dict[int, list[Held]] = {}
    for name, tallies in groups.items():
        own = []
        for number, here in tallies.items():
            others = [group[number] for other, group in groups.items() if other != name and number in group]
            elsewhere = sum(others, Tally())
            own += [held for agrees in (True, False) if (held := _held(number, here, elsewhere, agrees))]
        own.sort(key=lambda held: (held.elsewhere - held.share, held.statement))
        found[name] = own[:MOST_HELD]
    return found


def _held(number: int, here: Tally, elsewhere: Tally, agrees: bool) -> Held | None:
    if min(here.total, elsewhere.total) < LEAST_VOTERS:
        return None
    share, others = here.smoothed(agrees=agrees), elsewhere.smoothed(agrees=agrees)
    if share <= max(HALF, others) or z_squared(here, elsewhere, agrees=agrees) < LEAST_Z_SQUARED:
        return None
    return Held(number, agrees, share, others)


def shared_by_all(groups: Mapping[int, Tallies]) -> list[Shared]:
    """Return what all groups answer alike, most agreed first, MOST_SHARED at most.

    Every group has to have answered with LEAST_VOTERS and more than half of it so. They are ordered by the
    product of the smoothed shares, in which one group's dissent weighs as much as another's, whatever their
    sizes.
    """
    numbers = set.intersection(*(set(tallies) for tallies in groups.values())) if groups else set()
    found = []
    for number in sorted(numbers):
        tallies = [group[number] for group in groups.values()]
        if min(tally.total for tally in tallies) < LEAST_VOTERS:
            continue
        for agrees in (True, False):
            shares = [tally.smoothed(agrees=agrees) for tally in tallies]
            if min(shares) > HALF:
                found.append(Shared(number, agrees, _product(shares)))
    found.sort(key=lambda shared: (-shared.agreement, shared.statement))
    return found[:MOST_SHARED]


def _product(shares: list[Fraction]) -> Fraction:
    product = Fraction(1)
    for share in shares:
        product *= share
    return product
