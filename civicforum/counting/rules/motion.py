"""A motion: for, against or abstain, with blank and spoiled papers kept in the sum of those who took part."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class ImpossibleCount(ValueError):
    """Counts that no vote can produce: a negative number, or more ballots than persons."""


class MotionChoice(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"
    BLANK = "blank"
    SPOILED = "spoiled"


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
