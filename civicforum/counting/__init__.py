"""Ballots in, result out. Counts are exact, and the order of ballots and options never matters.

    contest = Contest(("Ann", "Bob", "Cem"), Rule.SCOTTISH_STV, seats=2)
    profile = Profile.of_rankings(contest.options, {("Ann", "Bob"): 12, ("Cem",): 7, ("Bob", "Ann"): 6})
    result = count(contest, profile)
    result.elected, result.quota, [stage.totals for stage in result.stages]

A tie that the rule leaves open is `result.tied`; after the lot is drawn in public, count
`contest.with_lot("Bob", "Ann")`. Whether a motion's tally carries it is for the rulebook to judge.
"""

from .columns import ImpossibleBallot
from .contest import Contest, ImpossibleContest, Remedy, Rule
from .counting import count
from .papers import PlaceRules, read_places
from .profile import BallotKind, Profile
from .result import About, Amount, Choices, Pairs, Result, Settled, Stage, Step, Tie, Tied, decimal_text
from .rules.motion import (
    MORE_FOR_THAN_AGAINST,
    Basis,
    Majority,
    MotionChoice,
    MotionTally,
    check_majority,
    count_motion,
)
from .shares import ImpossibleCount, Share, ShareCheck

__all__ = [
    "MORE_FOR_THAN_AGAINST",
    "About",
    "Amount",
    "BallotKind",
    "Basis",
    "Choices",
    "Contest",
    "ImpossibleBallot",
    "ImpossibleContest",
    "ImpossibleCount",
    "Majority",
    "MotionChoice",
    "MotionTally",
    "Pairs",
    "PlaceRules",
    "Profile",
    "Remedy",
    "Result",
    "Rule",
    "Settled",
    "Share",
    "ShareCheck",
    "Stage",
    "Step",
    "Tie",
    "Tied",
    "check_majority",
    "count",
    "count_motion",
    "decimal_text",
    "read_places",
]
