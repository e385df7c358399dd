"""Transferable votes: the Scottish order, Albany, and instant-runoff, the same count for one seat."""

from __future__ import annotations

from ..contest import Contest
from ..profile import Profile
from ..result import Result
from .gregory import GregoryRules, count_gregory


def scottish_stv(contest: Contest, profile: Profile) -> Result:
    """Count as the Scottish Local Government Elections Order 2007 prescribes (SSI 2007/42, rules 45 to 52).

    Weighted inclusive Gregory method: the quota is floor(valid / (seats + 1)) + 1 and stays; surpluses go
    first, one a stage and the largest first; every paper of the elected option moves at
    surplus x present value / votes, cut after the fifth decimal; nobody elected or excluded receives a
    paper. Ties are settled by the most recent stage where the totals differ, else by lot. The count ends
    when as many options continue as there are seats left.
    """
    return count_gregory(contest, profile, GregoryRules(decimals=5))


def albany_stv(contest: Contest, profile: Profile) -> Result:
    """Count as Albany, California, counted its council election of November 2022.

    As the Scottish order, but the quota is worked out anew at each stage from the votes still in the count,
    and the share of the surplus is cut after the sixth decimal before it multiplies the value of a paper.
    Source: the stage figures of the Alameda County Registrar of Voters, which these rules reproduce.
    """
    return count_gregory(contest, profile, GregoryRules(decimals=6, quota_each_stage=True, share_first=True))


def irv(contest: Contest, profile: Profile) -> Result:
    """Count by instant-runoff: the last goes out until somebody has more than half of the votes left.

    One at a time, the quota being floor(votes still in the count / 2) + 1. Ties are settled as in the
    Scottish order. Source: Robert's Rules of Order Newly Revised, 12th ed., section 45, preferential voting.

    Raises ValueError for more than one seat.
    """
    if contest.seats != 1:
        raise ValueError("instant-runoff fills one seat; more are for scottish-stv or meek-stv")
    return count_gregory(contest, profile, GregoryRules(decimals=0, quota_each_stage=True))
