"""How many have voted, and what may be told of it: never of fewer than five people (DESIGN.md section 6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# Of fewer people a figure would tell what somebody did.
FEWEST = 5


class GroupTurnout(NamedTuple):
    """How many of a residents' group took part; `name` "" is that of the smaller groups together."""

    name: str
    voted: int
    on_roll: int


def told_by_group(groups: Sequence[GroupTurnout]) -> list[GroupTurnout]:
    """Return the groups of at least five people, and the smaller ones as one line with the name "".

    Where these are fewer than five together, the smallest of the others goes into that line too: otherwise
    the total less all the others would tell of them. Nothing is told of fewer than five people in all, nor
    where one line would be the total again.
    """
    shown = sorted((one for one in groups if one.on_roll >= FEWEST), key=lambda one: one.on_roll)
    rest = [one for one in groups if one.on_roll < FEWEST]
    while rest and sum(one.on_roll for one in rest) < FEWEST and shown:
        rest.append(shown.pop(0))
    kept = [one for one in groups if one in shown]
    if rest:
        kept.append(GroupTurnout("", sum(one.voted for one in rest), sum(one.on_roll for one in rest)))
    return kept if len(kept) > 1 else []
