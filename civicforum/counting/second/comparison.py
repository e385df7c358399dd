"""What the second count means for the first: who may win besides whoever did, where the rule met a tie."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from ..contest import Rule
from ..result import About, Pairs, Result, Settled
from .question import VARIANTS


class Status(StrEnum):
    """What the second count says about the result."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    VARIANT = "variant"
    NOT_CHECKED = "not_checked"


class Reason(StrEnum):
    """Why a result was not checked.

    TIE_OPEN: its winner is one of those our count leaves possible. TIE_SETTLED: both met a tie, which each
    settles in its own way.
    """

    NO_SECOND_ENGINE = "no_second_engine"
    NO_VOTES = "no_votes"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    TIE_OPEN = "tie_open"
    TIE_SETTLED = "tie_settled"
    ENGINE_FAILED = "engine_failed"


@dataclass(frozen=True)
class SecondCount:
    """What the second engine made of the same ballots.

    Attributes:
        engine, version: which it is.
        winners: sorted by name; empty where it gave no answer.
        reason: set when `status` is NOT_CHECKED.
        detail: what the engine said when it failed, or what it would have cost; English.
        seconds: how long it took; two counts are equal whatever they took.
    """

    engine: str
    version: str
    status: Status
    winners: tuple[str, ...] = ()
    reason: Reason | None = None
    detail: str = ""
    seconds: float = field(default=0.0, compare=False)


class EnginesDisagree(Exception):
    """Two engines elect different options, so that no result is given out.

    Attributes: result, ours; second, the other.
    """

    def __init__(self, result: Result, second: SecondCount) -> None:
        super().__init__(
            f"the engines disagree: civicforum {_claim(result)}, "
            f"{second.engine} {second.version} elects {_list(second.winners)}; "
            "a person has to look at the ballots before a result is given out"
        )
        self.result = result
        self.second = second


def compare(result: Result, winners: Collection[str], *, tie: bool) -> tuple[Status, Reason | None]:
    """Judge a result by the winners of the second engine.

    Args:
        tie: whether that engine took somebody by its own order of the options on the way.
    """
    if result.contest.rule in VARIANTS:
        return Status.VARIANT, None
    if not winners and not result.valid:
        return Status.NOT_CHECKED, Reason.NO_VOTES
    if result.tied is None and set(winners) == set(result.elected):
        return Status.AGREES, None
    if _ties_allow(result, set(winners), tie):
        return Status.NOT_CHECKED, Reason.TIE_OPEN if result.tied else Reason.TIE_SETTLED
    return Status.DISAGREES, None


def _ties_allow(result: Result, winners: set[str], tie: bool) -> bool:
    """Tell whether a tie explains other winners than ours.

    In counts of votes both engines meet the same ties. Of ties between pairs this one knows too few (defect
    11), and ranked pairs with equal winning votes it takes by its order of the options, ours by who has the
    smaller opposition: there any two may part who could have been locked in first.
    """
    rule, elected = result.contest.rule, set(result.elected)
    if rule is Rule.IRV:
        return tie and winners <= _left_at_first_tie(result)
    if rule is Rule.RANKED_PAIRS and tie and result.pairs:
        return elected | winners <= _smith_set(result.pairs)
    level = {name for met in result.ties if met.about is About.ELECTION for name in met.names}
    if not level or not (tie or rule in {Rule.SCHULZE, Rule.RANKED_PAIRS}):
        return False
    return elected - level <= winners <= elected | level


def _left_at_first_tie(result: Result) -> set[str]:
    """Return who was still in when the count met its first tie that made a difference; nobody without one."""
    stages = [met.stage for met in result.ties if met.settled is not Settled.NO_DIFFERENCE]
    if not stages:
        return set()
    before = result.stages[: min(stages)]
    return set(result.contest.options) - {name for stage in before for name in stage.excluded}


def _smith_set(pairs: Pairs) -> set[str]:
    """Return the fewest options of which each beats all others; whoever ranked pairs elect is among them."""
    over = pairs.over

    def with_those_not_beaten(name: str) -> set[str]:
        held = {name}
        while more := {
            other for other in over.keys() - held if any(over[other][x] >= over[x][other] for x in held)
        }:
            held |= more
        return held

    return min(map(with_those_not_beaten, over), key=len)


def _claim(result: Result) -> str:
    if result.tied:
        return f"leaves a tie of {_list(result.tied.names)}"
    return f"elects {_list(result.elected)}"


def _list(names: Collection[str]) -> str:
    return ", ".join(map(repr, names)) or "nobody"
