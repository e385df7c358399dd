"""A motion: for, against or abstain, with blank and spoiled papers kept in the sum of those who took part."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ..shares import ImpossibleCount, Share, ShareCheck


class MotionChoice(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"
    BLANK = "blank"
    SPOILED = "spoiled"


class Basis(StrEnum):
    """What those in favour are compared with.

    AGAINST: the votes against. FOR_AND_AGAINST: both sides, without abstentions. CAST: for, against and
    abstain. TAKING_PART: blank and spoiled papers too. ENTITLED: everybody who could have voted.
    """

    AGAINST = "against"
    FOR_AND_AGAINST = "for_and_against"
    CAST = "cast"
    TAKING_PART = "taking_part"
    ENTITLED = "entitled"


@dataclass(frozen=True, slots=True)
class Majority:
    """How many have to be in favour: a share of a basis.

    A share of those entitled is 应到会 of the 四议两公开 method, a share of those present (城市居民委员会
    组织法 arts 27, 29) is TAKING_PART where everybody present votes.

    Raises ValueError for a share of one side or both that a tie, or a minority, would reach.
    """

    share: Share
    basis: Basis

    def __post_init__(self) -> None:
        ties = {Basis.AGAINST: Fraction(1), Basis.FOR_AND_AGAINST: Fraction(1, 2)}
        level = ties.get(self.basis, Fraction(0))
        if self.share.of < level or (self.share.of == level and not self.share.more_than):
            raise ValueError("a tie does not carry a motion")


MORE_FOR_THAN_AGAINST = Majority(Share(Fraction(1), more_than=True), Basis.AGAINST)
"""The majority of those who say yes or no: Robert's Rules of Order Newly Revised, 12th ed., 44:1."""


@dataclass(frozen=True, slots=True)
class MotionTally:
    """What was voted on one motion.

    Attributes:
        blank: papers without a mark; spoiled: papers whose mark cannot stand.
        entitled: how many could have voted, when the caller says so.
    """

    in_favour: int
    against: int
    abstained: int
    blank: int
    spoiled: int
    entitled: int | None = None

    def __post_init__(self) -> None:
        counts = (self.in_favour, self.against, self.abstained, self.blank, self.spoiled)
        if min(counts) < 0 or (self.entitled is not None and self.taking_part > self.entitled):
            raise ImpossibleCount(f"impossible count: {self}")

    @property
    def cast(self) -> int:
        """Return the ballots that say something: for, against or abstain."""
        return self.in_favour + self.against + self.abstained

    @property
    def taking_part(self) -> int:
        """Return everybody who voted. Blank and spoiled papers stay in it (城市居民委员会组织法 art 19, read
        with 废票计入选票总数 of the Beijing measures)."""
        return self.cast + self.blank + self.spoiled

    @property
    def did_not_vote(self) -> int | None:
        """Return how many could vote and did not; None where nobody said how many could."""
        return None if self.entitled is None else self.entitled - self.taking_part

    def whole(self, basis: Basis) -> int:
        """Return the number that a majority is a share of. Raises ImpossibleCount when nobody said it."""
        if basis is Basis.ENTITLED:
            if self.entitled is None:
                raise ImpossibleCount("nobody said how many could vote")
            return self.entitled
        return {
            Basis.AGAINST: self.against,
            Basis.FOR_AND_AGAINST: self.in_favour + self.against,
            Basis.CAST: self.cast,
            Basis.TAKING_PART: self.taking_part,
        }[basis]


def check_majority(tally: MotionTally, majority: Majority = MORE_FOR_THAN_AGAINST) -> ShareCheck:
    """Tell whether a motion carries, with the arithmetic. Of nobody at all, nothing carries.

    Raises ImpossibleCount for a share of those entitled when the tally does not say how many they are.
    """
    return majority.share.check(tally.in_favour, tally.whole(majority.basis))


def count_motion(votes: Mapping[str, int] | Iterable[str], *, entitled: int | None = None) -> MotionTally:
    """Count a motion.

    Args:
        votes: one choice per ballot in any order, or the number of ballots of each choice.
        entitled: persons who could vote; the ballots may not outnumber them.

    Raises ImpossibleCount on a negative number, an unknown choice, or more ballots than persons.
    """
    counts = dict(votes) if isinstance(votes, Mapping) else Counter(votes)
    unknown = counts.keys() - set(MotionChoice)
    if unknown:
        raise ImpossibleCount(f"a motion has no choice {', '.join(sorted(unknown))}")
    return MotionTally(
        in_favour=counts.get(MotionChoice.FOR, 0),
        against=counts.get(MotionChoice.AGAINST, 0),
        abstained=counts.get(MotionChoice.ABSTAIN, 0),
        blank=counts.get(MotionChoice.BLANK, 0),
        spoiled=counts.get(MotionChoice.SPOILED, 0),
        entitled=entitled,
    )
