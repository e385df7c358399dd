"""The Schulze method."""

from __future__ import annotations

import numpy as np

from ..contest import Contest
from ..profile import Counts, Profile
from ..result import Result
from .pairwise import count_pairs, result_of_standing
from .standing import from_table


def schulze(contest: Contest, profile: Profile) -> Result:
    """Put an option above another when its strongest path to it is stronger than the strongest path back.

    A step of a path leads from the winner of a pair to its loser and is as strong as the number of papers
    that put the winner first (winning votes, not margins); a path is as strong as its weakest step. Options
    left out are last. `order` is the Schulze ranking, its first group the potential winners; the total of an
    option in the only stage is how many others it stands above. The seats go to the first of the ranking;
    those level across the last seat are tied, and a lot among them settles it.
    Source: Schulze, A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
    single-winner election method, Social Choice and Welfare 36 (2011), 267-303, section 2.
    """
    over = count_pairs(profile)
    strength = strongest_paths(over)
    return result_of_standing(contest, profile, over, [from_table(strength > strength.T)])


def strongest_paths(over: Counts) -> Counts:
    """Return the strength of the strongest path from each option to each other, 0 where there is none."""
    strength = np.where(over > over.T, over, 0)
    for between in range(len(strength)):
        through = np.minimum(strength[:, between, np.newaxis], strength[np.newaxis, between, :])
        strength = np.maximum(strength, through)
    return strength
