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
from .profile import BallotKind, Profile
from .result import About, Amount, Pairs, Result, Settled, Stage, Step, Tie, Tied, decimal_text
from .rules.motion import ImpossibleCount, MotionChoice, MotionTally, count_motion

__all__ = [
    "About",
    "Amount",
    "BallotKind",
    "Contest",
    "ImpossibleBallot",
    "ImpossibleContest",
    "ImpossibleCount",
    "MotionChoice",
    "MotionTally",
    "Pairs",
    "Profile",
    "Remedy",
    "Result",
    "Rule",
    "Settled",
    "Stage",
    "Step",
    "Tie",
    "Tied",
    "count",
    "count_motion",
    "decimal_text",
]
