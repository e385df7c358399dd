"""A share that a number has to reach or to exceed, and the arithmetic that anybody can check."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor


class ImpossibleCount(ValueError):
    """Counts that no vote can produce: a negative number, or more ballots than persons."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole that is needed: `Share(Fraction(2, 3))` or `Share(Fraction(1, 2), more_than=True)`.

    以上 includes the number, 超过 and 过半数 do not (民法典 art 1259): that is `more_than`, and it decides
    votes. No share is written down here; whoever counts passes in what the law in force prescribes.

    Raises ValueError unless 0 < of <= 1.
    """

    of: Fraction
    more_than: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.of, int | Fraction) or not 0 < self.of <= 1:
            raise ValueError(f"a share is a fraction above 0 and at most 1, not {self.of!r}")

    def least(self, whole: int) -> int:
        """Return the smallest number that holds out of `whole`. A share of nobody is never reached."""
        bound = self.of * whole
        return max(1, floor(bound) + 1 if self.more_than else ceil(bound))

    def check(self, part: int, whole: int) -> ShareCheck:
        """Compare a part with this share of the whole. Raises ImpossibleCount on a negative number."""
        if part < 0 or whole < 0:
            raise ImpossibleCount(f"impossible count: {part} of {whole}")
        return ShareCheck(self, part, whole)


@dataclass(frozen=True, slots=True)
class ShareCheck:
    """Whether a share is reached, and by how much."""

    share: Share
    numerator: int
    denominator: int

    @property
    def least(self) -> int:
        """Return the smallest number that would have held."""
        return self.share.least(self.denominator)

    @property
    def holds(self) -> bool:
        """Tell whether the number is large enough."""
        return self.numerator >= self.least
