"""How sure a share is where raters are a sample of all who could have been asked.

The interval is the exact one of Clopper and Pearson (The use of confidence or fiducial limits illustrated in
the case of the binomial, Biometrika 26, 1934, 404-413): the shares under which the answers found are not
unlikely. It takes the sample as drawn from very many, so that for a small community it is rather too wide
than too narrow. It says nothing of those who were asked and did not answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

SURE = Fraction(95, 100)
# Bounds are thousandths: a tenth of a percent, rounded so that the interval never becomes too narrow.
STEPS = 1000


@dataclass(frozen=True)
class Interval:
    """Between which shares the share of all most likely lies."""

    low: Fraction
    high: Fraction


def interval_of(part: int, whole: int, *, sure: Fraction = SURE) -> Interval:
    """Return the interval of a share, in whole thousandths; with nobody asked it is 0 to 1.

    Raises ValueError where the part is negative or exceeds the whole.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"impossible share: {part} of {whole}")
    low = _low(part, whole, (1 - sure) / 2)
    return Interval(low, 1 - _low(whole - part, whole, (1 - sure) / 2))


def intervals_of(counts: Sequence[int]) -> tuple[Interval, ...]:
    """Return the interval of each count as a share of their sum."""
    whole = sum(counts)
    return tuple(interval_of(count, whole) for count in counts)


def _low(part: int, whole: int, tail: Fraction) -> Fraction:
    """Return the largest share in thousandths under which `part` or more of `whole` are rarer than `tail`."""
    if part == 0:
        return Fraction(0)
    found = _last(lambda step: chance_of_least(part, whole, Fraction(step, STEPS)) <= tail)
    return Fraction(found, STEPS)


def _last(holds: Callable[[int], bool]) -> int:
    """Return the last step that holds, of steps from 0, which does, up to where they stop to hold."""
    low, high = 0, STEPS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def chance_of_least(part: int, whole: int, share: Fraction) -> Fraction:
    """Return how likely `part` or more of `whole` are where each is with the chance `share`, exact."""
    if share in (0, 1):
        return Fraction(int(share == 1 or part == 0))
    yes, no = share.numerator, share.denominator - share.numerator
    # Of the smaller tail, each term from the one before it: whole numbers all the way.
    term, fewer = no**whole, 0
    for count in range(part):
        fewer += term
        term = term * (whole - count) * yes // ((count + 1) * no)
    total: int = share.denominator**whole
    return 1 - Fraction(fewer, total)
