"""Which rule counts what: one table from the name of a rule to its function."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .contest import Contest, Rule
from .lots import with_certain
from .profile import Profile
from .result import Result
from .rules import stv
from .rules.approval import approval
from .rules.borda import borda
from .rules.majority_judgment import majority_judgment
from .rules.meek import meek_stv
from .rules.phragmen import phragmen
from .rules.plurality import block_plurality, plurality
from .rules.ranked_pairs import ranked_pairs
from .rules.schulze import schulze
from .rules.selection import selection

RULES: Mapping[Rule, Callable[[Contest, Profile], Result]] = {
    Rule.PLURALITY: plurality,
    Rule.BLOCK_PLURALITY: block_plurality,
    Rule.APPROVAL: approval,
    Rule.BORDA: borda,
    Rule.IRV: stv.irv,
    Rule.SCOTTISH_STV: stv.scottish_stv,
    Rule.ALBANY_STV: stv.albany_stv,
    Rule.MEEK_STV: meek_stv,
    Rule.SCHULZE: schulze,
    Rule.RANKED_PAIRS: ranked_pairs,
    Rule.PHRAGMEN: phragmen,
    Rule.MAJORITY_JUDGMENT: majority_judgment,
    Rule.SELECTION: selection,
}


def count(contest: Contest, profile: Profile) -> Result:
    """Count the ballots of a contest by its rule.

    Raises ValueError when the rule cannot count such ballots or so many seats, and ImpossibleBallot when the
    ballots have other options than the contest.
    """
    rule, ballots = RULES[contest.rule], profile.ordered(contest.options)
    return with_certain(rule(contest, ballots), lambda drawn: rule(drawn, ballots))
