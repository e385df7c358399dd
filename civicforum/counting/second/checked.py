"""Counting twice: our result, and what the second engine says of it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from time import monotonic

from ..contest import Contest
from ..counting import count
from ..profile import Profile
from ..result import Result
from .comparison import EnginesDisagree, Reason, SecondCount, Status, compare
from .process import MEGABYTES, NotAnswered, TookTooLong, TookTooMuch, ask
from .question import as_read, expected_cost, has_second_engine, names_of, put

ENGINE = "py-vote-core"
SECONDS = 20.0


@dataclass(frozen=True)
class Checked:
    """A result that the second engine does not contradict."""

    result: Result
    second: SecondCount


def checked_count(contest: Contest, profile: Profile, *, seconds: float = SECONDS) -> Checked:
    """Count, and give the result out unless the second engine contradicts its winners.

    Raises EnginesDisagree, and what `count` raises.
    """
    return check(count(contest, profile), profile, seconds=seconds)


def check(result: Result, profile: Profile, *, seconds: float = SECONDS) -> Checked:
    """Have a result checked that was counted from these ballots. Raises EnginesDisagree."""
    second = second_opinion(result, profile, seconds=seconds)
    if second.status is Status.DISAGREES:
        raise EnginesDisagree(result, second)
    return Checked(result, second)


def recount(contest: Contest, profile: Profile, *, seconds: float = SECONDS) -> SecondCount:
    """Return what the second engine says of our count, a contradiction too. Raises what `count` raises."""
    return second_opinion(count(contest, profile), profile, seconds=seconds)


def second_opinion(result: Result, profile: Profile, *, seconds: float = SECONDS) -> SecondCount:
    """Return what the second engine says of this result.

    Args:
        profile: the ballots it was counted from.
        seconds: what the second engine may take; it is not even started on ballots that need more.
    """
    contest = result.contest
    if not has_second_engine(contest):
        return _not_checked(Reason.NO_SECOND_ENGINE)
    ballots = as_read(contest, profile)
    cost = expected_cost(contest, ballots)
    if cost.seconds > seconds or cost.megabytes > MEGABYTES:
        detail = f"about {cost.seconds:.0f} seconds and {cost.megabytes:.0f} megabytes"
        return _not_checked(Reason.TOO_LARGE, detail)
    began = monotonic()
    try:
        answer = ask(put(contest, ballots), seconds=seconds)
    except NotAnswered as failure:
        return _not_checked(_reason(failure), str(failure), monotonic() - began)
    winners = names_of(contest, answer["winners"])
    status, reason = compare(result, winners, tie=answer["tie"])
    detail = "it brought used up papers back" if answer["reset"] else ""
    return SecondCount(ENGINE, _version(), status, winners, reason, detail, monotonic() - began)


def _reason(failure: NotAnswered) -> Reason:
    if isinstance(failure, TookTooLong):
        return Reason.TOO_LONG
    return Reason.TOO_LARGE if isinstance(failure, TookTooMuch) else Reason.ENGINE_FAILED


def _not_checked(reason: Reason, detail: str = "", seconds: float = 0.0) -> SecondCount:
    return SecondCount(ENGINE, _version(), Status.NOT_CHECKED, reason=reason, detail=detail, seconds=seconds)


def _version() -> str:
    try:
        return version(ENGINE)
    except PackageNotFoundError:
        return "not installed"
