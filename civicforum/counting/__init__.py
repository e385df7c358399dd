"""Ballots in, result out. Counts are exact, and the order of ballots and options never matters.

    contest = Contest(("Ann", "Bob", "Cem"), Rule.SCOTTISH_STV, seats=2)
    profile = Profile.of_rankings(contest.options, {("Ann", "Bob"): 12, ("Cem",): 7, ("Bob", "Ann"): 6})
    result = count(contest, profile)
    result.elected, result.quota, [stage.totals for stage in result.stages]

A tie that the rule leaves open is `result.tied`; after the lot is drawn in public, count
`contest.with_lot("Bob", "Ann")`. Shares that a motion or a selection needs are passed in: the law that sets
them is in the rulebook, and not here.
"""

from .columns import ImpossibleBallot
from .contest import Contest, ImpossibleContest, Remedy, Rule
from .counting import count
from .places import PlaceRules, read_places
from .profile import BallotKind, Profile
from .result import About, Amount, Choices, Pairs, Result, Settled, Stage, Step, Tie, Tied, decimal_text
from .rules.committee import count_round
from .rules.committee_outcome import (
    Denominator,
    NextKind,
    NextStep,
    PollFault,
    PostOutcome,
    RoundOutcome,
    RoundRules,
)
from .rules.committee_papers import CommitteePaper, CommitteePaperRules, PaperFigures, PollFigures, Post
from .rules.grades import GroupAverage, ItemGrades, RaterGroup, WeightedAverage, count_grades, weigh_groups
from .rules.majority_judgment import majority_grade
from .rules.motion import (
    MORE_FOR_THAN_AGAINST,
    Basis,
    Majority,
    MotionChoice,
    MotionTally,
    check_majority,
    count_motion,
)
from .rules.papers import Ground, Mark, Paper, PaperRules
from .rules.selection import Selection, read_selection
from .shares import ImpossibleCount, Share, ShareCheck

__all__ = [
    "MORE_FOR_THAN_AGAINST",
    "About",
    "Amount",
    "BallotKind",
    "Basis",
    "Choices",
    "CommitteePaper",
    "CommitteePaperRules",
    "Contest",
    "Denominator",
    "Ground",
    "GroupAverage",
    "ImpossibleBallot",
    "ImpossibleContest",
    "ImpossibleCount",
    "ItemGrades",
    "Majority",
    "Mark",
    "MotionChoice",
    "MotionTally",
    "NextKind",
    "NextStep",
    "Pairs",
    "Paper",
    "PaperFigures",
    "PaperRules",
    "PlaceRules",
    "PollFault",
    "PollFigures",
    "Post",
    "PostOutcome",
    "Profile",
    "RaterGroup",
    "Remedy",
    "Result",
    "RoundOutcome",
    "RoundRules",
    "Rule",
    "Selection",
    "Settled",
    "Share",
    "ShareCheck",
    "Stage",
    "Step",
    "Tie",
    "Tied",
    "WeightedAverage",
    "check_majority",
    "count",
    "count_grades",
    "count_motion",
    "count_round",
    "decimal_text",
    "majority_grade",
    "read_places",
    "read_selection",
    "weigh_groups",
]
