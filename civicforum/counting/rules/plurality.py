"""Plurality: the most votes win, with one name on a paper or with several."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..contest import Contest
from ..profile import BallotKind, Profile
from ..result import Result
from ..ties import top
from .one_stage import RANKED_OR_APPROVED, add_up, expect, one_stage


def plurality(contest: Contest, profile: Profile) -> Result:
    """Count one name on each paper: the first preference of a ranking, the only mark of an approval ballot.

    A paper on which several share the first place bears too many marks and is spoiled. The most-voted fill
    the seats; with more than one seat that is the single non-transferable vote. Source: Robert's Rules of
    Order Newly Revised, 12th ed. (2020), section 44, plurality vote.
    """
    expect(profile, *RANKED_OR_APPROVED)
    first = profile.marks == 1
    return _count(contest, profile, first, np.count_nonzero(first, axis=1) == 1)


def block_plurality(contest: Contest, profile: Profile) -> Result:
    """Count approval ballots with at most `contest.most_marks` marks; a paper with more is spoiled.

    Each mark is one vote, and the most-voted fill the seats. Source: 选举法 art 44, by which a ballot with
    more names than are to be elected is void, and one with as many or fewer is valid.
    """
    expect(profile, BallotKind.APPROVAL)
    marked = profile.marks > 0
    return _count(contest, profile, marked, np.count_nonzero(marked, axis=1) <= contest.most_marks)


def _count(
    contest: Contest, profile: Profile, marked: NDArray[np.bool_], stands: NDArray[np.bool_]
) -> Result:
    votes = add_up(profile, marked & stands[:, np.newaxis])
    valid = int(profile.weights[stands].sum())
    return one_stage(contest, profile, votes, top(contest, votes, contest.seats), valid=valid)
