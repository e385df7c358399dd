"""How many of each residents' group took part, told of no fewer than five people (DESIGN.md section 6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from civicforum.polls.small_groups import hidden_names

# Of fewer people a figure would tell what somebody did.
FEWEST = 5


class GroupTurnout(NamedTuple):
    """How many of a residents' group took part; `name` "" is that of the smaller groups together."""

    name: str
    voted: int
    on_roll: int


def told_by_group(groups: Sequence[GroupTurnout]) -> list[GroupTurnout]:
    """Return the groups whose figures tell of nobody, and the others as one line with the name "".

    Nothing is told where one line would be the total again, or would be of fewer than five people.
    """
    hidden = hidden_names({one.name: one.on_roll for one in groups}, least=FEWEST)
    told = [one for one in groups if one.name not in hidden]
    rest = [one for one in groups if one.name in hidden]
    if rest:
        told.append(GroupTurnout("", sum(one.voted for one in rest), sum(one.on_roll for one in rest)))
    return told if len(told) > 1 else []
