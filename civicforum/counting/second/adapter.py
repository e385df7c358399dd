"""The one place that runs py-vote-core (imported as `py3votecore`), and what guards against its defects.

The numbers in brackets are those of the list of defects in `civicforum.counting.second`. The file needs
nothing of ours, so that it starts at once as a program, in a process of its own: a question in JSON on
standard input, the answer in JSON on standard output, limits as arguments.
"""

from __future__ import annotations

import json
import random
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from typing import Any, TypedDict

from py3votecore.condorcet import CondorcetHelper
from py3votecore.irv import IRV
from py3votecore.plurality import Plurality
from py3votecore.plurality_at_large import PluralityAtLarge
from py3votecore.ranked_pairs import RankedPairs
from py3votecore.schulze_method import SchulzeMethod
from py3votecore.stv import STV

# The engine counts IRV and STV in floats, which hold every whole number up to here.
MOST_PAPERS = 2**53


class Question(TypedDict):
    """What the second engine is asked.

    Attributes:
        system: a key of SYSTEMS.
        options: how many. They are known by the texts "1", "2"..., never by a name that somebody typed (14).
        lot: every option once, the luckiest first (3, 4).
        ballots: how many papers, and the canonical column of the ranking on them, `2>1=3`; where preference
            plays no part, the options marked in any order.
    """

    system: str
    options: int
    seats: int
    lot: list[str]
    ballots: list[tuple[int, str]]


class Answer(TypedDict):
    """What it said.

    Attributes:
        winners: in the order of their numbers; empty where no paper says anything.
        tie: the engine had to take somebody by the lot.
        reset: it brought all used up papers back, which no published rule does (2).
    """

    winners: list[str]
    tie: bool
    reset: bool


class ImpossibleQuestion(ValueError):
    """A question that would make the engine fail, or answer something else than was asked."""


# No SchulzeSTV, SchulzePR, SchulzeNPR (10, 12, 13). The notation is a number, not the word of old manuals.
_GROUPED = {"ballot_notation": CondorcetHelper.BALLOT_NOTATION_GROUPING}
SYSTEMS: dict[str, Callable[..., Any]] = {
    "plurality": lambda ballots, seats, lot: Plurality(_names(ballots), tie_breaker=lot),
    "block-plurality": lambda ballots, seats, lot: PluralityAtLarge(
        _names(ballots), tie_breaker=lot, required_winners=seats
    ),
    "irv": lambda ballots, seats, lot: IRV(_names(ballots), tie_breaker=lot),
    "stv": lambda ballots, seats, lot: STV(_names(ballots), tie_breaker=lot, required_winners=seats),
    "schulze": lambda ballots, seats, lot: SchulzeMethod(_groups(ballots), tie_breaker=lot, **_GROUPED),
    "ranked-pairs": lambda ballots, seats, lot: RankedPairs(_groups(ballots), tie_breaker=lot, **_GROUPED),
}


def answer(question: Question) -> Answer:
    """Ask py-vote-core. Raises ImpossibleQuestion, and whatever the engine itself raises."""
    options = [str(number + 1) for number in range(question["options"])]
    _check(question, options)
    ballots = _merged(question["ballots"], options)
    if not ballots:
        return Answer(winners=[], tie=False, reset=False)  # it raises where nobody voted (6)
    marked = {option for text in ballots for option in _marked(text)}
    seats = min(question["seats"], len(options))
    if question["system"] == "block-plurality":
        seats = min(seats, len(marked))  # nobody is elected without a vote (7)
    # An option on no paper is unknown to it (7): a line that stands for no paper makes it known.
    ballots.update((option, 0) for option in options if option not in marked)
    told = SYSTEMS[question["system"]](ballots, seats, list(question["lot"])).as_dict()
    winners = told["winners"] if "winners" in told else {told["winner"]}
    return Answer(
        winners=[option for option in options if option in winners],
        tie="tie_breaker" in told,  # its sets of tied winners can be too small (11)
        reset=any("note" in stage for stage in told.get("rounds", ())),
    )


def _check(question: Question, options: list[str]) -> None:
    if question["system"] not in SYSTEMS:
        raise ImpossibleQuestion(f"the second engine is not asked for {question['system']}")
    if sorted(question["lot"]) != sorted(options):
        raise ImpossibleQuestion("the lot has to name every option once")
    counts = [count for count, _ in question["ballots"]]
    if any(type(count) is not int or count < 0 for count in counts):  # (9)
        raise ImpossibleQuestion("papers are counted in whole numbers")
    if sum(counts) > MOST_PAPERS:
        raise ImpossibleQuestion("more papers than a float can count one by one")


def _merged(ballots: Iterable[tuple[int, str]], options: list[str]) -> dict[str, int]:
    """Merge equal ballots (15), drop the blank ones (6), refuse strangers and doubles (5)."""
    merged, known = Counter[str](), set(options)
    for count, text in ballots:
        if not count or not text:
            continue
        marked = _marked(text)
        if len(set(marked)) < len(marked) or not known.issuperset(marked):
            raise ImpossibleQuestion(f"a ballot names an option twice, or one that is not asked for: {text}")
        merged[">".join("=".join(sorted(group.split("="))) for group in text.split(">"))] += count
    return dict(sorted(merged.items()))


def _marked(text: str) -> list[str]:
    return text.replace("=", ">").split(">")


def _names(ballots: dict[str, int]) -> list[dict[str, Any]]:
    """Return ballots as lists; new ones each time, for the engine writes into them (8)."""
    return [{"count": count, "ballot": _marked(text)} for text, count in ballots.items()]


def _groups(ballots: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"count": count, "ballot": [group.split("=") for group in text.split(">")]}
        for text, count in ballots.items()
    ]


def main(seconds: int, megabytes: int) -> None:
    """Answer the question on standard input within so much processor time and address space."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    random.seed(0)
    try:
        with redirect_stdout(sys.stderr):
            reply: dict[str, Any] = {**answer(json.load(sys.stdin))}
    except Exception as failure:  # whatever is wrong with it is told, not passed on
        reply = {"failure": type(failure).__name__, "message": str(failure)}
    json.dump(reply, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
