"""What came out: every stage, every tie, and who is elected. Amounts are exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache

from .contest import Contest, Remedy

Amount = int | Fraction | Decimal
"""Decimal only where the rule prescribes fixed decimals; those are exact too."""


class Step(StrEnum):
    """What a stage did."""

    COUNT = "count"
    SURPLUS = "surplus"
    EXCLUSION = "exclusion"


class About(StrEnum):
    """What was to be settled when a tie was met."""

    ELECTION = "election"
    SURPLUS = "surplus"
    EXCLUSION = "exclusion"
    PAIR = "pair"


class Settled(StrEnum):
    """How a rule resolved a tie."""

    EARLIER_STAGE = "earlier_stage"
    LOT = "lot"
    NO_DIFFERENCE = "no_difference"


@dataclass(frozen=True)
class Tie:
    """Options that were level where the rule needed one of them.

    Attributes:
        stage: number of the stage at whose end they were level.
        names: in alphabetical order.
        settled: None where it stayed open. NO_DIFFERENCE: those chosen went out together, because all of
            them go out whichever is the first; about an election or pairs, nobody loses a seat by the choice.
        chosen: who was taken: excluded, elected, or the one whose surplus went first.
        by_stage: the earlier stage whose totals decided.
    """

    stage: int
    about: About
    names: tuple[str, ...]
    settled: Settled | None = None
    chosen: tuple[str, ...] = ()
    by_stage: int | None = None


@dataclass(frozen=True)
class Tied:
    """A tie that the rule leaves open: the count stops here until the remedy is done.

    Attributes:
        seats: how many of the names have to be chosen.
        certain: who is elected whichever way a lot falls, those already elected included.
    """

    names: tuple[str, ...]
    about: About
    seats: int
    remedy: Remedy
    certain: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stage:
    """The state at the end of one step.

    Attributes:
        number: from 1.
        source: whose votes moved: the one with a surplus, those excluded; empty for a first count.
        totals: of every option; 0 once excluded, the quota once a surplus is gone.
        changes: what each total gained or lost in this stage; options that did not change are left out.
        non_transferable: out of the count so far, papers without a further choice and decimals cut off.
        exhausted: papers without a further choice so far.
        quota: as it stood in this stage.
        elected: who reached election at the end of this stage, most votes first.
    """

    number: int
    step: Step
    totals: Mapping[str, Amount]
    changes: Mapping[str, Amount] = field(default_factory=dict)
    source: tuple[str, ...] = ()
    non_transferable: Amount = 0
    exhausted: int = 0
    quota: Amount | None = None
    elected: tuple[str, ...] = ()

    @property
    def excluded(self) -> tuple[str, ...]:
        """Return who went out in this stage."""
        return self.source if self.step is Step.EXCLUSION else ()


@dataclass(frozen=True)
class Pairs:
    """Options compared two by two: `over[a][b]` ballots put a above b."""

    over: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Choices:
    """How many papers were for, against and abstaining on one option."""

    in_favour: int
    against: int
    abstained: int


@dataclass(frozen=True)
class Result:
    """The outcome of a count.

    Attributes:
        valid: papers that said something the rule could count.
        quota: what the stages began with; None for a rule without one.
        elected: in the order of election; those elected at one stage by their votes, then by name.
        ties: every tie met, in order; the last one is open when `tied` is set.
        order: all options in groups from first to last, for rules that rank them; a group is level.
        choices: of every option, where papers say for, against or abstain.
    """

    contest: Contest
    valid: int
    blank: int
    spoiled: int
    stages: tuple[Stage, ...]
    elected: tuple[str, ...]
    quota: Amount | None = None
    ties: tuple[Tie, ...] = ()
    tied: Tied | None = None
    order: tuple[tuple[str, ...], ...] = ()
    pairs: Pairs | None = None
    choices: Mapping[str, Choices] = field(default_factory=dict)

    @property
    def seats_open(self) -> int:
        """Return how many seats nobody has won; those that an open tie is about are not among them."""
        return self.contest.seats - len(self.elected) - (self.tied.seats if self.tied else 0)

    @property
    def exhausted(self) -> int:
        """Return how many papers ran out of choices."""
        return self.stages[-1].exhausted if self.stages else 0


def fixed(units: int, decimals: int) -> Amount:
    """Return so many units of the last decimal as an amount; a whole number where there are no decimals."""
    return units * _unit(decimals) if decimals else units


@cache
def _unit(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def decimal_text(amount: Amount) -> str:
    """Return the amount in decimals, exact; a fraction without an end as `1/3`."""
    if not isinstance(amount, Fraction):
        return format(amount, "f") if isinstance(amount, Decimal) else str(amount)
    digits = 0
    while 10**digits % amount.denominator and digits < amount.denominator.bit_length():
        digits += 1
    scaled = amount * 10**digits
    return str(amount) if scaled.denominator > 1 else decimal_text(fixed(scaled.numerator, digits))
