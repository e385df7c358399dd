"""Who gets the seats where a rule says of some options only that one stands above another."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from ..contest import Contest
from ..result import About, Settled, Tie, Tied
from .one_stage import Seated

Reach = tuple[int, ...]
"""For each option the options that it stands above, and itself, as the bits of a number; transitive."""


def unrelated(options: int) -> Reach:
    """Return the standing in which nobody is above anybody."""
    return tuple(1 << option for option in range(options))


def joined(reach: Reach, upper: int, lower: int) -> Reach:
    """Return the standing with one option put above another, and all that follows from it."""
    gain = reach[lower]
    return tuple(row | gain if row >> upper & 1 else row for row in reach)


def from_table(above: NDArray[np.bool_]) -> Reach:
    """Return the standing from a transitive table, `above[a, b]` where a stands above b."""
    rows = above | np.eye(len(above), dtype=np.bool_)
    return tuple(sum(1 << int(lower) for lower in np.flatnonzero(row)) for row in rows)


def agreed(outcomes: Collection[Reach]) -> Reach:
    """Return what all of these standings say."""
    first, *others = outcomes
    for other in others:
        first = tuple(row & also for row, also in zip(first, other, strict=True))
    return first


def count_below(contest: Contest, reach: Reach) -> dict[str, int]:
    """Return how many options each one stands above."""
    return {name: row.bit_count() - 1 for name, row in zip(contest.options, reach, strict=True)}


def groups(contest: Contest, reach: Reach) -> tuple[tuple[str, ...], ...]:
    """Return the options in groups, best first: those above whom nobody stands, then the same among the rest.

    An option that is level with members of two groups is in the first of them. Names within a group are in
    alphabetical order.
    """
    left = set(range(len(reach)))
    found = []
    while left:
        best = {option for option in left if not any(reach[x] >> option & 1 for x in left - {option})}
        found.append(tuple(sorted(contest.options[option] for option in best)))
        left -= best
    return tuple(found)


def seat(contest: Contest, outcomes: Collection[Reach]) -> Seated:
    """Fill the seats from the top of a standing; where the rule allows several outcomes, from any of them.

    Whoever has a seat in every outcome, and however the level ones are put in order, is elected. Where that
    leaves a seat, those who could have it are tied. A lot that holds them all goes through its names, the
    luckiest first, and seats each one who can have a seat together with those seated before.
    """
    seats, options = min(contest.seats, len(contest.options)), range(len(contest.options))
    above = [_above(reach) for reach in outcomes]
    certain = {x for x in options if all(_most_ahead(reach, x) < seats for reach in outcomes)}
    possible = {x for x in options if any(over[x].bit_count() <= seats for over in above)}
    elected = tuple(name for group in groups(contest, agreed(outcomes)) for name in group)
    elected = tuple(name for name in elected if contest.options.index(name) in certain)
    if len(certain) == seats:
        return elected, None, None
    level = tuple(sorted(contest.options[x] for x in possible - certain))
    drawn = contest.drawn(level)
    if drawn is None:
        tied = Tied(level, About.ELECTION, seats - len(certain), contest.open_tie, certain=elected)
        return elected, Tie(1, About.ELECTION, level), tied
    lucky = _seat_by_lot(contest, above, certain, drawn)
    return elected + lucky, Tie(1, About.ELECTION, level, Settled.LOT, lucky), None


def _most_ahead(reach: Reach, option: int) -> int:
    """Return how many options can come before this one: all that it does not stand above."""
    return len(reach) - reach[option].bit_count()


def _above(reach: Reach) -> Reach:
    """Return for each option those who stand above it, and itself."""
    options = range(len(reach))
    return tuple(sum(1 << x for x in options if reach[x] >> option & 1) for option in options)


def _seat_by_lot(
    contest: Contest, above: Collection[Reach], certain: Collection[int], drawn: tuple[str, ...]
) -> tuple[str, ...]:
    seats = min(contest.seats, len(contest.options))
    lucky: list[str] = []
    # For every outcome that is still possible, the seated and all who stand above one of them.
    needed = [(over, _all_above(over, certain)) for over in above]
    for name in drawn:
        option = contest.options.index(name)
        fits = [
            (over, with_it) for over, held in needed if (with_it := held | over[option]).bit_count() <= seats
        ]
        if fits and len(lucky) + len(certain) < seats:
            needed = fits
            lucky.append(name)
    return tuple(lucky)


def _all_above(above: Reach, options: Collection[int]) -> int:
    together = 0
    for option in options:
        together |= above[option]
    return together
