"""What pages say of a grouping: figures of five people or more, and no difference that gives fewer away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from civicforum.opinions import (
    Dot,
    Grouping,
    Matrix,
    Memory,
    Plane,
    Tally,
    dots_of,
    held_by,
    shared_by_all,
    tally_of,
)
from civicforum.polls.small_groups import hidden_names
from civicforum.statements.rules import LEAST_SHOWN

# Whoever answered too little to be in a group counts in the totals all the same, where they are enough.
REST = "rest"
# What is kept of a place: enough for a picture.
DIGITS = 3


@dataclass(frozen=True)
class GroupShown:
    """A group by its name, 0 or higher: `x` and `y` are its middle, `holds` what sets it apart."""

    name: int
    people: int
    x: float
    y: float
    holds: list[tuple[int, bool]]


@dataclass(frozen=True)
class Shown:
    """A grouping as it may be read by anybody.

    Attributes:
        groups: in the order of their names; one where no different groups were found, none with too few
        people. left_out: how many answered too little to be placed. totals: by statement all answers to it;
        only statements with LEAST_SHOWN or more. cells: by group and statement the answers of the group,
        where they may be shown. shared: what all groups answer alike: statement, and whether they agree.
        dots: the picture. pulls: how much each statement pulls people apart, 0 to 100.
    """

    groups: list[GroupShown]
    left_out: int
    totals: dict[int, Tally]
    cells: dict[int, dict[int, Tally]]
    shared: list[tuple[int, bool]]
    dots: list[Dot]
    pulls: dict[int, int]

    def elsewhere(self, name: int, statement: int) -> Tally:
        """Return the answers of the other groups that are shown, together."""
        others = (
            cells[statement] for other, cells in self.cells.items() if other != name and statement in cells
        )
        return sum(others, Tally())


def shown_of(everybody: Matrix, grouping: Grouping) -> Shown:
    """Return what may be shown. `everybody`: the answers of all, also of those who could not be placed."""
    placed = set(grouping.people)
    rest = _columns(everybody, np.array([person not in placed for person in everybody.people], dtype=bool))
    cells = {name: _columns(grouping.matrix, grouping.labels == name) for name in grouping.names}
    totals: dict[int, Tally] = {}
    visible: dict[int, dict[int, Tally]] = {name: {} for name in grouping.names}
    for number in everybody.statements:
        parts = {str(name): cells[name][number] for name in cells}
        # Fewer than that are in no figure: in the total, they would have a group hidden for their sake.
        if rest[number].total >= LEAST_SHOWN:
            parts[REST] = rest[number]
        totals[number] = sum(parts.values(), Tally())
        for name in _visible(parts):
            visible[name][number] = cells[name][number]
    # Of people who are one group, the group's figures are the whole's but for those left out.
    holds = held_by(visible) if len(visible) > 1 else {}
    return Shown(
        groups=[
            GroupShown(
                name,
                int((grouping.labels == name).sum()),
                round(float(grouping.centres[name][0]), DIGITS),
                round(float(grouping.centres[name][1]), DIGITS),
                holds=[(held.statement, held.agrees) for held in holds.get(name, [])],
            )
            for name in grouping.names
        ],
        left_out=grouping.left_out,
        totals={number: total for number, total in totals.items() if total.total >= LEAST_SHOWN},
        cells=visible,
        shared=[(shared.statement, shared.agrees) for shared in shared_by_all(visible)],
        dots=[
            dot
            for name in grouping.names
            for dot in dots_of(grouping.points[grouping.labels == name], name, smallest=LEAST_SHOWN)
        ],
        pulls=grouping.memory.plane.pulls() if grouping.memory else {},
    )


def _columns(matrix: Matrix, chosen: Any) -> dict[int, Tally]:
    values = matrix.values[chosen]
    return {number: tally_of(values[:, at]) for at, number in enumerate(matrix.statements)}


def _visible(parts: Mapping[str, Tally]) -> list[int]:
    """Return the groups whose answers to one statement may be shown beside the total of all parts."""
    sizes = {name: tally.total for name, tally in parts.items() if tally.total}
    hidden = hidden_names(sizes, least=LEAST_SHOWN)
    return [int(name) for name in sizes if name != REST and name not in hidden]


def to_json(shown: Shown) -> dict[str, Any]:
    return {
        "groups": [
            {"name": group.name, "people": group.people, "x": group.x, "y": group.y, "holds": group.holds}
            for group in shown.groups
        ],
        "left_out": shown.left_out,
        "totals": _tallies(shown.totals),
        "cells": {str(name): _tallies(cells) for name, cells in shown.cells.items()},
        "shared": shown.shared,
        "dots": [[round(dot.x, DIGITS), round(dot.y, DIGITS), dot.people, dot.group] for dot in shown.dots],
        "pulls": {str(number): pull for number, pull in shown.pulls.items()},
    }


def from_json(kept: Mapping[str, Any]) -> Shown:
    return Shown(
        groups=[
            GroupShown(
                group["name"],
                group["people"],
                group["x"],
                group["y"],
                [(number, agrees) for number, agrees in group["holds"]],
            )
            for group in kept["groups"]
        ],
        left_out=kept["left_out"],
        totals=_tallies_from(kept["totals"]),
        cells={int(name): _tallies_from(cells) for name, cells in kept["cells"].items()},
        shared=[(number, agrees) for number, agrees in kept["shared"]],
        dots=[Dot(x, y, people, group) for x, y, people, group in kept["dots"]],
        pulls={int(number): pull for number, pull in kept["pulls"].items()},
    )


def memory_to_json(memory: Memory) -> dict[str, Any]:
    plane = memory.plane
    return {
        "statements": list(plane.statements),
        "means": plane.means.tolist(),
        "axes": plane.axes.tolist(),
        "usual": plane.usual,
        # JSON has no NaN: nobody of the group answered that statement.
        "profiles": {
            str(name): [None if np.isnan(mean) else mean for mean in profile.tolist()]
            for name, profile in memory.profiles.items()
        },
        "challenger": memory.challenger,
        "waited": memory.waited,
    }


def memory_from_json(kept: Mapping[str, Any]) -> Memory:
    plane = Plane(kept["statements"], np.array(kept["means"]), np.array(kept["axes"]), kept["usual"])
    profiles = {int(name): np.array(means, dtype=np.float64) for name, means in kept["profiles"].items()}
    return Memory(plane, profiles, kept["challenger"], kept["waited"])


def _tallies(tallies: Mapping[int, Tally]) -> dict[str, list[int]]:
    return {str(number): [tally.agrees, tally.disagrees, tally.passes] for number, tally in tallies.items()}


def _tallies_from(kept: Mapping[str, list[int]]) -> dict[int, Tally]:
    return {int(number): Tally(*counts) for number, counts in kept.items()}
