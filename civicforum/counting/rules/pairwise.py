"""Options compared two by two: the table of pairs, and a result that rests on who stands above whom."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from ..contest import Contest
from ..profile import Counts, Profile
from ..result import Pairs, Result
from .one_stage import RANKED_OR_APPROVED, Seated, expect, one_stage
from .standing import Reach, agreed, count_below, groups, seat


def count_pairs(profile: Profile) -> Counts:
    """Return how many papers put one option above another, as `over[a, b]`.

    Options that a paper leaves out are below all that it ranks and level with each other. Raises ValueError
    for papers that neither rank nor approve.
    """
    expect(profile, *RANKED_OR_APPROVED)
    # No mark is 0; less one it becomes the largest number there is, a place below every other.
    places: NDArray[np.uint16] = np.ascontiguousarray(profile.marks.T) - np.uint16(1)
    return np.array([(place < places) @ profile.weights for place in places], dtype=np.int64)


def named_pairs(profile: Profile, over: Counts) -> Pairs:
    """Return the table with the names of the options."""
    rows = zip(profile.options, over.tolist(), strict=True)
    return Pairs(
        {
            upper: {lower: count for lower, count in zip(profile.options, row, strict=True) if lower != upper}
            for upper, row in rows
        }
    )


def result_of_standing(
    contest: Contest, profile: Profile, over: Counts, outcomes: Collection[Reach]
) -> Result:
    """Return the result of a rule by which one option stands above another.

    The total of an option in the only stage is how many others it stands above; where the rule allows several
    outcomes, in all of them. Without a ballot nobody is elected.
    """
    reach = agreed(outcomes)
    seated: Seated = seat(contest, outcomes) if profile.valid else ((), None, None)
    return one_stage(
        contest,
        profile,
        count_below(contest, reach),
        seated,
        order=groups(contest, reach),
        pairs=named_pairs(profile, over),
    )
