"""Majority judgment: the best median grade is first."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from ..contest import Contest
from ..profile import Profile
from ..result import About, Result, Settled, Stage, Step, Tie, Tied
from .grades import ItemGrades, check_scale, count_grades

Values = Sequence[int]


def majority_judgment(contest: Contest, profile: Profile) -> Result:
    """Rank options by their majority-grades, then by the grades in the middle once these are taken away.

    Source: M. Balinski and R. Laraki, "A theory of measuring, electing, and ranking", PNAS 104 (2007),
    8720-8725: the majority-grade is the middlemost grade, the lower of the two in the middle where the number
    of ballots is even; options that are level have one such grade removed each, again and again, until they
    differ (the majority-value; the book "Majority Judgment", MIT Press 2010, has the same). Only options with
    the same number of every grade stay level: they are `Tied` when a seat depends on it.

    An option without a grade on a ballot that grades others has the worst grade there, as in the experiment
    of Orsay in 2007 (Balinski and Laraki, "Election by Majority Judgment: Experimental Evidence", 2011).
    Blank papers grade nothing and stand beside the count.

    A stage is a place in the order in which grades are removed where options that had been level part; its
    totals are the grades there, 0 the worst. The first holds the majority-grades.

    Raises ValueError for ballots that are not grades on `contest.scale`.
    """
    check_scale(profile, contest.scale)
    items = count_grades(profile, contest.scale)
    values = majority_values(items)
    order = _groups(values)
    result = Result(
        contest=contest,
        valid=profile.valid,
        blank=profile.blank,
        spoiled=profile.spoiled,
        stages=_stages(values),
        elected=(),
        order=order,
    )
    return _elect(result) if profile.valid else result


def majority_grade(item: ItemGrades) -> str | None:
    """Return the majority-grade of one item, no grade being the worst; None without a ballot."""
    values = majority_values([item])[item.item]
    return list(item.counts)[-1 - values[0]] if item.graded + item.ungraded else None


def majority_values(items: Sequence[ItemGrades]) -> dict[str, Values]:
    """Return the grades, 0 the worst, in the order in which they leave the middle, where any item's change.

    From the middle, grades are removed in turn from below and from above, so that those at one distance from
    it go together. Within a run of equal pairs nothing can tell two items apart: the first of each run is
    enough, and how much is compared depends on items and grades, not on the number of ballots.

    Raises ValueError for items with different numbers of ballots.
    """
    steps = {item.item: list(accumulate(_from_worst(item))) for item in items}
    (ballots,) = {bounds[-1] for bounds in steps.values()}
    low, high = (ballots - 1) // 2, ballots // 2
    starts = {0}
    for bounds in steps.values():
        for bound in bounds:
            starts.add(bound - high)  # the first distance at which the upper grade is above this one
            starts.add(low - bound + 1)  # the first distance at which the lower grade is at most this one
    distances = sorted(distance for distance in starts if 0 <= distance <= low)
    return {
        item: [
            bisect_right(bounds, place)
            for distance in distances
            for place in (low - distance, high + distance)
        ]
        for item, bounds in steps.items()
    }


def _from_worst(item: ItemGrades) -> list[int]:
    counts = list(item.counts.values())[::-1]
    return [counts[0] + item.ungraded, *counts[1:]]


def _groups(values: Mapping[str, Values]) -> tuple[tuple[str, ...], ...]:
    """Return the options from best to last; those that are level share a group."""
    groups: dict[tuple[int, ...], list[str]] = {}
    for name in sorted(values):
        groups.setdefault(tuple(values[name]), []).append(name)
    return tuple(tuple(groups[value]) for value in sorted(groups, reverse=True))


def _stages(values: Mapping[str, Values]) -> tuple[Stage, ...]:
    """Return the majority-grades, and each later place where options level until there part."""
    stages: list[Stage] = []
    parted = 0
    for place in range(max(map(len, values.values()))):
        apart = len({tuple(value[: place + 1]) for value in values.values()})
        if apart > parted or not stages:
            totals = {name: value[place] for name, value in values.items()}
            stages.append(Stage(number=len(stages) + 1, step=Step.COUNT, totals=totals))
        parted = apart
    return tuple(stages) or (Stage(number=1, step=Step.COUNT, totals=dict.fromkeys(values, 0)),)


def _elect(result: Result) -> Result:
    """Fill the seats from the order; whoever is level at the last seat is tied, unless a lot was drawn."""
    contest, elected = result.contest, tuple[str, ...]()
    for group in result.order:
        left = contest.seats - len(elected)
        if len(group) > left > 0:
            return _settle(result, elected, group, left)
        elected += group if left else ()
    return _with_elected(result, elected)


def _settle(result: Result, elected: tuple[str, ...], level: tuple[str, ...], seats: int) -> Result:
    tie = Tie(len(result.stages), About.ELECTION, level)
    drawn = result.contest.drawn(level)
    if drawn is None:
        tied = Tied(level, About.ELECTION, seats, result.contest.open_tie, certain=elected)
        return replace(_with_elected(result, elected), ties=(tie,), tied=tied)
    tie = replace(tie, settled=Settled.LOT, chosen=drawn[:seats])
    return replace(_with_elected(result, elected + drawn[:seats]), ties=(tie,))


def _with_elected(result: Result, elected: tuple[str, ...]) -> Result:
    *earlier, last = result.stages
    return replace(result, elected=elected, stages=(*earlier, replace(last, elected=elected)))
