"""What is asked: the options, the seats, the rule, and what has been drawn by lot so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .shares import Share


class Rule(StrEnum):
    """The rules of `count`; the values are the names on the command line."""

    PLURALITY = "plurality"
    BLOCK_PLURALITY = "block-plurality"
    APPROVAL = "approval"
    BORDA = "borda"
    IRV = "irv"
    SCOTTISH_STV = "scottish-stv"
    ALBANY_STV = "albany-stv"
    MEEK_STV = "meek-stv"
    SCHULZE = "schulze"
    RANKED_PAIRS = "ranked-pairs"
    PHRAGMEN = "phragmen"
    MAJORITY_JUDGMENT = "majority-judgment"
    SELECTION = "selection"


class Remedy(StrEnum):
    """What must happen when a rule leaves a tie open."""

    NEW_VOTE = "new_vote"
    LOT = "lot"


# What the sources of these rules prescribe. The others choose persons or texts, where those who are level are
# voted on again (选举法 art 45, taken over by the measures of Shanghai, Zhejiang and Beijing).
_BY_LOT = {
    Rule.IRV,
    Rule.SCOTTISH_STV,
    Rule.ALBANY_STV,
    Rule.MEEK_STV,
    Rule.RANKED_PAIRS,
    Rule.SCHULZE,
    Rule.PHRAGMEN,
}


class ImpossibleContest(ValueError):
    """A contest that cannot be counted: no option, two of one name, no seat, a lot among strangers."""


@dataclass(frozen=True)
class Contest:
    """One question and the rule that answers it.

    Attributes:
        options: names, all different; their order never decides anything.
        seats: how many are to be elected, at least one.
        lots: draws made in public, each a tuple of names, the luckiest first. A tie is resolved by the
            first draw that holds all its names; whoever stands earlier in it is treated as if ahead.
        limit: the most marks that a paper of a block vote or selection may bear; the seats if not given.
        scale: the grades of a majority judgment, the best first.
        remedy: what must happen when a tie stays open; what the rule's source says if not given.
        threshold: the share of those who took part that a selection needs to elect somebody.

    Raises ImpossibleContest.
    """

    options: tuple[str, ...]
    rule: Rule
    seats: int = 1
    lots: tuple[tuple[str, ...], ...] = ()
    limit: int | None = None
    scale: tuple[str, ...] = ()
    remedy: Remedy | None = None
    threshold: Share | None = None

    def __post_init__(self) -> None:
        if not self.options:
            raise ImpossibleContest("a contest needs an option")
        if len(set(self.options)) < len(self.options):
            raise ImpossibleContest("two options have one name")
        if self.seats < 1 or (self.limit is not None and self.limit < 1):
            raise ImpossibleContest("a contest needs a seat, and papers with room for a mark")
        strangers = {name for draw in self.lots for name in draw} - set(self.options)
        if strangers:
            raise ImpossibleContest(f"a lot names no option: {', '.join(sorted(strangers))}")

    @property
    def most_marks(self) -> int:
        """Return how many options a paper may mark."""
        return self.limit or self.seats

    @property
    def open_tie(self) -> Remedy:
        """Return what must happen when a tie stays open."""
        return self.remedy or (Remedy.LOT if self.rule in _BY_LOT else Remedy.NEW_VOTE)

    def drawn(self, names: Sequence[str]) -> tuple[str, ...] | None:
        """Return these names in the order of the first draw that holds them all, or None."""
        for draw in self.lots:
            if set(names) <= set(draw):
                return tuple(name for name in draw if name in names)
        return None

    def with_lot(self, *names: str) -> Contest:
        """Return this contest with one more draw entered, the luckiest name first."""
        return replace(self, lots=(*self.lots, names))
