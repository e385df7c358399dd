"""What a paper with places says: gaps, names written twice, and places with two marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class PlaceRules:
    """How far a paper is read.

    Attributes:
        most_gaps: empty places in a row that are passed over; after one more the paper says nothing further.
            None passes over any number of them.
        overmark_ends: a place with two marks ends the paper; otherwise it is passed over as if empty.

    The Scottish order reads a paper up to the first number that is missing or given twice: no gap, and an
    over-marked place ends it (SSI 2007/42, rules 45 to 52). Minneapolis passed over one empty place in 2013.
    """

    most_gaps: int | None = 0
    overmark_ends: bool = True


def read_places(places: Sequence[Sequence[str]], rules: PlaceRules) -> tuple[str, ...]:
    """Return the names that a paper ranks, best first.

    A name that stands there already is passed over, because it can be chosen only once.

    Args:
        places: the names marked at each place, the first place first; none, one, or too many.
    """
    names: list[str] = []
    gaps = 0
    for marked in places:
        if len(marked) > 1 and rules.overmark_ends:
            break
        gaps = 0 if len(marked) == 1 else gaps + 1
        if rules.most_gaps is not None and gaps > rules.most_gaps:
            break
        if len(marked) == 1 and marked[0] not in names:
            names.append(marked[0])
    return tuple(names)
