"""Grades: how often each was given, the most frequent one, and averages of groups that weigh differently.

An appraisal ballot (民主测评) has one scale, such as 优秀 / 称职 / 基本称职 / 不称职, for every person or
service on it. The grade of an item is the one with the most votes (appraisal plans of Sungang street, Luohu,
Shenzhen); where two have as many, both are named and nothing decides between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..profile import BallotKind, Profile
from ..shares import ImpossibleCount, Share, ShareCheck


@dataclass(frozen=True)
class ItemGrades:
    """What was said of one item.

    Attributes:
        counts: papers by grade, every grade of the scale, the best first.
        ungraded: papers that grade other items and not this one. blank, spoiled: papers that grade nothing.
    """

    item: str
    counts: Mapping[str, int]
    ungraded: int
    blank: int = 0
    spoiled: int = 0

    @property
    def graded(self) -> int:
        """Return how many papers grade this item."""
        return sum(self.counts.values())

    @property
    def cast(self) -> int:
        """Return all papers that came back."""
        return self.graded + self.ungraded + self.blank + self.spoiled

    @property
    def modal(self) -> tuple[str, ...]:
        """Return the grade given most often; several where they are level, none where nobody graded."""
        most = max(self.counts.values())
        return tuple(grade for grade, count in self.counts.items() if count == most > 0)

    def share(self, *grades: str) -> Fraction | None:
        """Return what part of those who graded gave one of these grades; None where nobody graded."""
        return Fraction(self.number(grades), self.graded) if self.graded else None

    def check(self, share: Share, *grades: str) -> ShareCheck:
        """Tell whether these grades together reach a share of all papers that came back."""
        return share.check(self.number(grades), self.cast)

    def number(self, grades: Sequence[str]) -> int:
        """Return how many papers give one of these grades. Raises ValueError for one off the scale."""
        if not self.counts.keys() >= set(grades):
            raise ValueError(f"the scale is {', '.join(self.counts)}, not {', '.join(grades)}")
        return sum(self.counts[grade] for grade in set(grades))


def count_grades(profile: Profile, scale: Sequence[str]) -> tuple[ItemGrades, ...]:
    """Count every grade of every item. The scale has the best grade first, as the numbers of the profile.

    Raises ValueError for ballots that are not grades, or that have more grades than the scale.
    """
    check_scale(profile, scale)
    by_grade = [profile.weights @ (profile.marks == mark) for mark in range(1, len(scale) + 1)]
    return tuple(
        ItemGrades(
            item,
            counts := {grade: int(sums[column]) for grade, sums in zip(scale, by_grade, strict=True)},
            ungraded=profile.valid - sum(counts.values()),
            blank=profile.blank,
            spoiled=profile.spoiled,
        )
        for column, item in enumerate(profile.options)
    )


def check_scale(profile: Profile, scale: Sequence[str]) -> None:
    """Raise ValueError unless the ballots are grades on this scale."""
    if profile.kind is not BallotKind.GRADES:
        raise ValueError(f"grades are counted from grades, not from a {profile.kind}")
    if not scale or len(set(scale)) < len(scale):
        raise ValueError("a scale has at least one grade, each once")
    if profile.marks.max(initial=0) > len(scale):
        raise ValueError(f"a ballot has a grade beyond the {len(scale)} of the scale")


@dataclass(frozen=True)
class RaterGroup:
    """What one group of raters said, and what it weighs, as published before the vote opened.

    Attributes:
        weight: exact; the weights of all groups sum to 1.
        least: how many have to grade for the group to have an average at all.
    """

    name: str
    weight: Fraction
    grades: ItemGrades
    least: int = 1


@dataclass(frozen=True)
class GroupAverage:
    """The average of one group; None where too few graded."""

    name: str
    weight: Fraction
    raters: int
    average: Fraction | None

    @property
    def too_few(self) -> bool:
        """Tell whether the group is too small for a figure."""
        return self.average is None


@dataclass(frozen=True)
class WeightedAverage:
    """Groups and their weighted average; None where one has too few raters: no other weights are declared."""

    groups: tuple[GroupAverage, ...]
    average: Fraction | None

    @property
    def too_few(self) -> tuple[str, ...]:
        """Return the groups in which too few graded."""
        return tuple(group.name for group in self.groups if group.too_few)


def weigh_groups(groups: Sequence[RaterGroup], points: Mapping[str, int | Fraction]) -> WeightedAverage:
    """Return the weighted average of the groups' average points, exact.

    Source of the shape: the appraisal of social workers in a street of Jiaxing, 2015, where the street weighs
    30, colleagues 10 and residents 60 of 100, with a least size of the residents' panel.

    Args:
        points: what each grade is worth; a grade without points, such as 不了解, is in no average.

    Raises ValueError when the weights do not sum to 1, one is not exact or below 0, or points name a grade
    that a scale does not have; ImpossibleCount for two groups of one name.
    """
    _check_groups(groups, points)
    averages = tuple(_average(group, points) for group in groups)
    known = [group.weight * group.average for group in averages if group.average is not None]
    return WeightedAverage(averages, sum(known, Fraction(0)) if len(known) == len(averages) else None)


def _check_groups(groups: Sequence[RaterGroup], points: Mapping[str, int | Fraction]) -> None:
    weights = [group.weight for group in groups]
    if not all(isinstance(number, int | Fraction) for number in (*weights, *points.values())):
        raise ValueError("weights and points are whole numbers or fractions")
    if min(weights, default=Fraction(0)) < 0 or sum(weights) != 1:
        raise ValueError(f"the weights of the groups sum to {sum(weights)}, not to 1")
    if len({group.name for group in groups}) < len(groups):
        raise ImpossibleCount("two groups have one name")
    for group in groups:
        group.grades.number(tuple(points))


def _average(group: RaterGroup, points: Mapping[str, int | Fraction]) -> GroupAverage:
    raters = group.grades.number(tuple(points))
    total = sum(group.grades.counts[grade] * Fraction(worth) for grade, worth in points.items())
    enough = raters >= max(group.least, 1)
    return GroupAverage(group.name, group.weight, raters, Fraction(total) / raters if enough else None)
