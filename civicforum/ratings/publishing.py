"""Which figures may be published, so that no rater is told by them or by comparing two publications.

Totals only grow by batches of at least `least` ratings, and so does every name of a breakdown: what is too
small is added up with others, for good. What a ruling sets aside leaves in a batch that outweighs it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from civicforum.polls.small_groups import hidden_names
from civicforum.ratings.rules import LEVELS, RatingLevel

TOTAL, SERVED, ITEM = "total", "served", "item"
BREAKDOWNS = (SERVED, ITEM)
# The whole, or in a breakdown all names that are only shown added up.
TOGETHER = ""
NO_ITEM = "-"
# With more people at the counters, that two breakdowns may stand beside one another is not worked out.
MOST_COMPARED = 10

Figures = dict[str, dict[str, list[int]]]
Hidden = dict[str, list[str]]


@dataclass(frozen=True)
class Rated:
    """A rating as it is counted: its level, and by breakdown the name under which it counts."""

    level: RatingLevel
    names: Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """What a publication adds to the one before, and by breakdown the names it only adds up."""

    figures: Figures
    hidden: Hidden


def change(new: Sequence[Rated], removed: Sequence[Rated], *, least: int) -> Change | None:
    """Return what may be published of new ratings and removed ones; None while it would tell too much.

    `removed` carry the names under which they were counted, TOGETHER where they were added up.
    """
    hidden = {name: _hidden(name, new, removed, least) for name in BREAKDOWNS}
    if not _may_stand_together(new, hidden, least):
        hidden[ITEM] = {rated.names[ITEM] for rated in new}
    figures: Figures = {TOTAL: {TOGETHER: _count(new, removed)}}
    for breakdown in BREAKDOWNS:
        figures[breakdown] = _break_down(breakdown, new, removed, hidden[breakdown])
    cells = [cell for parts in figures.values() for cell in parts.values()]
    if any(min(cell) < 0 or 0 < sum(cell) < least for cell in cells):
        return None
    if sum(figures[TOTAL][TOGETHER]) < least:
        return None
    return Change(figures, {name: sorted(names) for name, names in hidden.items()})


def choose_removed(new: Sequence[Rated], waiting: Sequence[Rated], *, least: int) -> list[int]:
    """Return the places of those set aside that can leave with these new ratings; the others wait."""
    chosen: list[int] = []
    for place in range(len(waiting)):
        tried = [waiting[at] for at in (*chosen, place)]
        if change(new, tried, least=least) is not None:
            chosen.append(place)
    return chosen


def add(before: Figures | None, more: Figures) -> Figures:
    """Return the totals after a change."""
    sums: Figures = {}
    for dimension in (TOTAL, *BREAKDOWNS):
        old, new = (before or {}).get(dimension, {}), more[dimension]
        sums[dimension] = {
            name: [a + b for a, b in zip(old.get(name, _NONE), new.get(name, _NONE), strict=True)]
            for name in {*old, *new}
        }
    return sums


_NONE = [0] * len(LEVELS)


def _hidden(breakdown: str, new: Sequence[Rated], removed: Sequence[Rated], least: int) -> set[str]:
    sizes = {rated.names[breakdown]: 0 for rated in new}
    for rated in new:
        sizes[rated.names[breakdown]] += 1
    for rated in removed:
        if (name := rated.names[breakdown]) in sizes:
            sizes[name] -= 1
    return set(hidden_names(sizes, least=least))


def _break_down(
    breakdown: str, new: Sequence[Rated], removed: Sequence[Rated], hidden: Collection[str]
) -> dict[str, list[int]]:
    def shown(rated: Rated) -> str:
        return TOGETHER if rated.names[breakdown] in hidden else rated.names[breakdown]

    names = {shown(rated) for rated in new} | {rated.names[breakdown] for rated in removed}
    return {
        name: _count(
            [rated for rated in new if shown(rated) == name],
            [rated for rated in removed if rated.names[breakdown] == name],
        )
        for name in sorted(names)
    }


def _count(new: Iterable[Rated], removed: Iterable[Rated]) -> list[int]:
    counts = [0] * len(LEVELS)
    for rated in new:
        counts[LEVELS.index(rated.level)] += 1
    for rated in removed:
        counts[LEVELS.index(rated.level)] -= 1
    return counts


def _may_stand_together(new: Sequence[Rated], hidden: Mapping[str, Collection[str]], least: int) -> bool:
    """Tell whether no figure of one breakdown less figures of the other leaves fewer than `least` people.

    That happens where somebody alone does certain items: whoever knows it takes the items from the person.
    """

    def shown(rated: Rated, breakdown: str) -> str:
        return TOGETHER if rated.names[breakdown] in hidden[breakdown] else rated.names[breakdown]

    cells: dict[tuple[str, str], int] = {}
    for rated in new:
        cell = (shown(rated, SERVED), shown(rated, ITEM))
        cells[cell] = cells.get(cell, 0) + 1
    people, items = {person for person, _ in cells}, {item for _, item in cells}
    if len(people) > MOST_COMPARED:
        return False
    for size in range(1, len(people) + 1):
        for group in combinations(sorted(people), size):
            inside = {item for item in items if all(p in group for p, i in cells if i == item)}
            rest = sum(n for (p, i), n in cells.items() if p in group and i not in inside)
            if 0 < rest < least:
                return False
    return True
