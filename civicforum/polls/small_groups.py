"""Breakdowns that show nobody: small groups are hidden, and never alone, so that no total gives them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """A group on the roll, and how many of it took part."""

    name: str
    size: int
    taking_part: int


def shown_groups(groups: Sequence[Group], *, least: int) -> tuple[list[Group], list[Group]]:
    """Return the groups to show and those to hide, which may only be shown added up.

    A group with fewer than `least` people is hidden. One hidden group, or several with fewer people together,
    could be worked out from the total: then the next smallest is hidden with them.
    """
    hidden = hidden_names({group.name: group.size for group in groups}, least=least)
    return [one for one in groups if one.name not in hidden], [one for one in groups if one.name in hidden]


def hidden_names(sizes: Mapping[str, int], *, least: int) -> frozenset[str]:
    """Return the names whose figures are not shown by themselves."""
    by_size = sorted(sizes, key=lambda name: (sizes[name], name))
    hidden = [name for name in by_size if sizes[name] < least]
    if not hidden:
        return frozenset()
    for name in by_size[len(hidden) :]:
        if len(hidden) > 1 and sum(sizes[one] for one in hidden) >= least:
            break
        hidden.append(name)
    return frozenset(hidden)
