"""Approval voting."""

from __future__ import annotations

from ..contest import Contest
from ..profile import Profile
from ..result import Result
from ..ties import top
from .one_stage import RANKED_OR_APPROVED, add_up, expect, one_stage


def approval(contest: Contest, profile: Profile) -> Result:
    """Count how many papers approve each option; the most-approved fill the seats.

    On rankings every option that is ranked counts as approved, in whatever place.
    Source: Brams and Fishburn, Approval Voting, American Political Science Review 72 (1978), 831-847.
    """
    expect(profile, *RANKED_OR_APPROVED)
    votes = add_up(profile, profile.marks > 0)
    return one_stage(contest, profile, votes, top(contest, votes, contest.seats))
