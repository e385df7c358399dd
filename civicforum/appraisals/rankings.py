"""Places in a ranking, and what changed since the last time (DOMAIN.md row 4-18, part D11).

Places are those of the standard competition ranking (1, 2, 2, 4): as many stand before somebody as have a
better score. Whoever has no score, or too few raters, has no place, and moves nobody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from civicforum.appraisals.rules import CycleKind

Name = TypeVar("Name")

# A re-appraisal of somebody who was helped is about that person alone.
RANKED_KINDS = frozenset(CycleKind) - {CycleKind.SUPPORT}


@dataclass(frozen=True)
class Standing:
    """What a place is given for."""

    score: Fraction | None
    raters: int


def places_of(standings: Mapping[Name, Standing], *, has_enough: Callable[[int], bool]) -> dict[Name, int]:
    """Return the places of all who have one, the best first; a place that is shared in the order given.

    Args:
        has_enough: tells whether so many raters are enough for a place.

    Fewer than two are no ranking: then nobody has a place.
    """
    scores = {
        name: one.score for name, one in standings.items() if one.score is not None and has_enough(one.raters)
    }
    if len(scores) < 2:
        return {}
    ordered = sorted(scores, key=lambda name: -scores[name])
    return {name: 1 + sum(other > scores[name] for other in scores.values()) for name in ordered}


@dataclass(frozen=True)
class Change:
    """How a result differs from the one before it; None where one of the two has no such figure.

    `places` is above 0 for who moved up, `score` for whose score grew.
    """

    places: int | None
    score: Fraction | None


def change_of(
    *, rank: int | None, score: Fraction | None, old_rank: int | None, old_score: Fraction | None
) -> Change:
    """Return what changed from the old result to this one."""
    return Change(
        old_rank - rank if rank is not None and old_rank is not None else None,
        score - old_score if score is not None and old_score is not None else None,
    )
