"""A contest and its ballots as the second engine is asked: numbers instead of names, and the cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..contest import Contest, Rule
from ..profile import Marks, Profile

if TYPE_CHECKING:
    from .adapter import Question

SYSTEMS = {
    Rule.PLURALITY: "plurality",
    Rule.BLOCK_PLURALITY: "block-plurality",
    Rule.IRV: "irv",
    Rule.SCHULZE: "schulze",
    Rule.RANKED_PAIRS: "ranked-pairs",
    Rule.SCOTTISH_STV: "stv",
    Rule.ALBANY_STV: "stv",
    Rule.MEEK_STV: "stv",
}
VARIANTS = frozenset(rule for rule, system in SYSTEMS.items() if system == "stv")
_BY_MARKS = {Rule.PLURALITY, Rule.BLOCK_PLURALITY}
_BY_PAIRS = {Rule.SCHULZE, Rule.RANKED_PAIRS}


class Cost(NamedTuple):
    """What a recount is expected to take."""

    seconds: float
    megabytes: float


def has_second_engine(contest: Contest) -> bool:
    """Tell whether py-vote-core defines the rule as this contest asks for it.

    A block vote may not allow more marks than there are seats, and what pairs decide is for one seat.
    """
    if contest.rule in _BY_PAIRS:
        return contest.seats == 1
    if contest.rule is Rule.BLOCK_PLURALITY:
        return contest.most_marks <= contest.seats
    return contest.rule in SYSTEMS


def as_read(contest: Contest, profile: Profile) -> Profile:
    """Return what the rule reads of the papers that stand, equal ones merged."""
    stands, read = _READING[contest.rule]
    rows = stands(contest, profile.marks)
    return replace(profile, marks=read(profile.marks[rows]), weights=profile.weights[rows]).merged()


def expected_cost(contest: Contest, profile: Profile) -> Cost:
    """Return what py-vote-core needs for ballots as they are read, about twice too little or much at most.

    It compares all pairs of options on every ballot, and walks the ballots once a round (defect 15). The
    numbers were measured on 10 to 300 options; what cycles cost beside it is left to the time limit.
    """
    options, ballots = len(contest.options), len(profile.marks)
    if contest.rule in _BY_PAIRS:
        cells = ballots * options
        return Cost(cells * (5e-6 + 5e-7 * options), (1_000 * ballots + 400 * cells) / 1e6)
    marks = int(np.count_nonzero(profile.marks))
    rounds = 0 if contest.rule in _BY_MARKS else options
    return Cost(marks * (3e-6 + 3e-8 * rounds), (800 * ballots + 100 * marks) / 1e6)


def put(contest: Contest, profile: Profile) -> Question:
    """Return the question about ballots as they are read.

    The options are numbered by their sorted names, so that their order plays no part.
    """
    names = sorted(contest.options)
    number = {name: str(index) for index, name in enumerate(names, start=1)}
    # With several seats and one mark it is a block vote on papers of one name.
    several = contest.rule is Rule.PLURALITY and contest.seats > 1
    return {
        "system": SYSTEMS[Rule.BLOCK_PLURALITY if several else contest.rule],
        "options": len(names),
        "seats": contest.seats,
        "lot": [number[name] for name in lot_of_all(contest)],
        "ballots": [(weight, text) for text, weight in profile.ordered(names).texts()],
    }


def names_of(contest: Contest, numbers: Iterable[str]) -> tuple[str, ...]:
    """Return the names that stand behind the numbers of a question, sorted."""
    names = sorted(contest.options)
    return tuple(sorted(names[int(number) - 1] for number in numbers))


def lot_of_all(contest: Contest) -> tuple[str, ...]:
    """Return every option once: as the draws of the contest say, one after the other, then the rest by name.

    One order cannot say all that several draws say, so that whoever it takes in a tie is not trusted.
    """
    drawn = (name for draw in contest.lots for name in draw)
    return tuple(dict.fromkeys((*drawn, *sorted(contest.options))))


def _one_first(contest: Contest, marks: Marks) -> NDArray[np.bool_]:
    """A paper without one name in the first place says nothing that can be followed."""
    stands: NDArray[np.bool_] = np.count_nonzero(marks == 1, axis=1) == 1
    return stands


def _not_over_marked(contest: Contest, marks: Marks) -> NDArray[np.bool_]:
    stands: NDArray[np.bool_] = np.count_nonzero(marks, axis=1) <= contest.most_marks
    return stands


def _any(contest: Contest, marks: Marks) -> NDArray[np.bool_]:
    return np.ones(len(marks), dtype=np.bool_)


def _until_shared(marks: Marks) -> Marks:
    """Return the ranking up to the first place that two options share: a paper says no more from there."""
    read = marks.copy()
    for place in np.unique(marks[marks > 0]):
        sharing = np.count_nonzero(read == place, axis=1) > 1
        read[sharing] = np.where(read[sharing] < place, read[sharing], 0)
    return read


def _first(marks: Marks) -> Marks:
    return np.where(marks == 1, marks, 0)


def _whole(marks: Marks) -> Marks:
    return marks


# Which papers stand by a rule, and what it reads of them.
_TRANSFERABLE = (_one_first, _until_shared)
_READING: Mapping[Rule, tuple[Callable[[Contest, Marks], NDArray[np.bool_]], Callable[[Marks], Marks]]] = {
    Rule.PLURALITY: (_one_first, _first),
    Rule.BLOCK_PLURALITY: (_not_over_marked, _whole),
    Rule.IRV: _TRANSFERABLE,
    Rule.SCOTTISH_STV: _TRANSFERABLE,
    Rule.ALBANY_STV: _TRANSFERABLE,
    Rule.MEEK_STV: _TRANSFERABLE,
    Rule.SCHULZE: (_any, _whole),
    Rule.RANKED_PAIRS: (_any, _whole),
}
