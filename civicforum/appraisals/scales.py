"""The grades that a form offers: the usual scales, their points, and what makes a scale sound.

Points are exact: a whole number or a fraction as text, "" for a level that counts in no average (不了解).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from civicforum.errors import Invalid

LONGEST_LEVEL, LONGEST_TITLE = 40, 200
FEWEST_LEVELS, MOST_LEVELS = 2, 7
# Source: the plans of Sungang street, Shenzhen Luohu, for both scales; 不了解 is common practice.
DUTY_LEVELS = ("优秀", "称职", "基本称职", "不称职")
DUTY_POINTS = ("100", "80", "60", "0")
BODY_LEVELS = ("满意", "基本满意", "不满意")
BODY_POINTS = ("100", "60", "0")


@dataclass(frozen=True, kw_only=True)
class ScalePlan:
    """One question of the form; `appraisals.models.Scale` keeps it."""

    title: str
    levels: tuple[str, ...]
    points: tuple[str, ...]
    poor_from: int
    ends_with_unfit: bool = False


def duty_scale(title: str) -> ScalePlan:
    """Return the scale for a person's fitness: its worst grade says unfit (不称职)."""
    return ScalePlan(title=title, levels=DUTY_LEVELS, points=DUTY_POINTS, poor_from=3, ends_with_unfit=True)


def body_scale(title: str) -> ScalePlan:
    """Return the scale for a body's work, a department's or a firm's."""
    return ScalePlan(title=title, levels=BODY_LEVELS, points=BODY_POINTS, poor_from=2)


def parse_points(text: str) -> Fraction | None:
    """Return the points of a level, None where it counts in no average.

    Raises Invalid ("points") for what is neither a whole number nor a fraction, or is below 0.
    """
    written = text.strip()
    if not written:
        return None
    found = _exact(written)
    if found is None or found < 0:
        raise Invalid("points", "points")
    return found


def parse_weight(text: str) -> Fraction:
    """Return a weight written as "3/10", "30%" or "1". Raises Invalid ("weight") unless 0 < weight ≤ 1."""
    written = text.strip().replace("％", "%").replace(" ", "")
    is_percent = written.endswith("%")
    found = _exact(written.removesuffix("%"))
    if found is None:
        raise Invalid("weight", "weight")
    weight = found / 100 if is_percent else found
    if not 0 < weight <= 1:
        raise Invalid("weight", "weight")
    return weight


def sum_text(weights: Iterable[Fraction]) -> str:
    """Return weights with their sum, "30% + 10% + 60% = 100%"; fractions where one is no whole percentage."""
    parts = list(weights)
    is_whole = all((part * 100).denominator == 1 for part in parts)
    words = percent if is_whole else str
    return f"{' + '.join(map(words, parts))} = {words(sum(parts, Fraction(0)))}"


def percent(share: Fraction) -> str:
    """Return a share as a percentage where that is a whole one, else as the fraction: "30%", "1/3"."""
    hundredths = share * 100
    return f"{hundredths}%" if hundredths.denominator == 1 else str(share)


def check_scale(scale: ScalePlan) -> None:
    """Refuse a scale that cannot be counted.

    Raises Invalid: "title", "levels" (2 to 7, none empty or too long), "same_level", "points" (as many as
    levels, none better than the one before it, at least two that count), "poor_from".
    """
    if not 0 < len(scale.title) <= LONGEST_TITLE:
        raise Invalid("title", "title")
    if not FEWEST_LEVELS <= len(scale.levels) <= MOST_LEVELS:
        raise Invalid("levels", "levels")
    if any(not level or len(level) > LONGEST_LEVEL for level in scale.levels):
        raise Invalid("levels", "levels")
    if len(set(scale.levels)) < len(scale.levels):
        raise Invalid("same_level", "levels")
    _check_points(scale)
    if not 1 <= scale.poor_from < len(scale.levels) or not scale.points[scale.poor_from]:
        raise Invalid("poor_from", "poor_from")


def _check_points(scale: ScalePlan) -> None:
    if len(scale.points) != len(scale.levels):
        raise Invalid("points", "points")
    counted = [one for one in map(parse_points, scale.points) if one is not None]
    if len(counted) < FEWEST_LEVELS or not _falls(counted):
        raise Invalid("points_order", "points")


def _falls(points: Sequence[Fraction]) -> bool:
    return all(worse < better for better, worse in pairwise(points))


def _exact(text: str) -> Fraction | None:
    """Return a whole number or a fraction of two; None for anything else, such as "1e5"."""
    top, slash, bottom = text.partition("/")
    parts = [top, bottom] if slash else [top]
    if any(not part.isascii() or not part.isdigit() or len(part) > 6 for part in parts):
        return None
    if slash and int(bottom) == 0:
        return None
    return Fraction(int(top), int(bottom) if slash else 1)
