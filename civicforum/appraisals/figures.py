"""Exact numbers in print: a fraction, and the decimals that stand beside it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

PLACES = 2


def decimal(number: Fraction, places: int = PLACES) -> str:
    """Return a number with at most so many decimals, half rounded away from 0, without zeros at its end."""
    scale = 10**places
    rounded = (2 * abs(number.numerator) * scale + number.denominator) // (2 * number.denominator)
    whole, rest = divmod(rounded, scale)
    text = f"{whole}.{rest:0{places}}".rstrip("0").rstrip(".")
    return f"-{text}" if number < 0 and rounded else text


def equals(number: Fraction, places: int = PLACES) -> str:
    """Return what stands after a sum: "= 2106/25 = 84.24", "= 253/3 ≈ 84.33", "= 86"."""
    if number.denominator == 1:
        return f"= {number}"
    is_exact = (number * 10**places).denominator == 1
    return f"= {number} {'=' if is_exact else '≈'} {decimal(number, places)}"


def average_sum(counts: Sequence[int], points: Sequence[Fraction]) -> str:
    """Return an average with its sum, as in "(12 × 95 + 8 × 80) ÷ 20 = 89". Somebody has to be counted."""
    parts = " + ".join(f"{count} × {worth}" for count, worth in zip(counts, points, strict=True))
    total = sum((count * worth for count, worth in zip(counts, points, strict=True)), Fraction(0))
    return f"({parts}) ÷ {sum(counts)} {equals(total / sum(counts))}"


def weighted_sum(averages: Sequence[tuple[Fraction, Fraction]]) -> str:
    """Return a weighted score with its sum, of pairs (weight, average)."""
    parts = " + ".join(f"{weight} × {average}" for weight, average in averages)
    return f"{parts} {equals(sum((weight * average for weight, average in averages), Fraction(0)))}"
