"""Between what voters mean and the slots of a ballot: answers into picks, sums back into counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .contests import Contest, Kind
from .group import Point
from .sealing import Pick
from .texts import SPOILED, point_of_text, read_ranking, read_text, write_ranking


@dataclass(frozen=True)
class Answer:
    """What one voter answers to one question; options, places and levels are numbered from 0.

    Attributes:
        chosen: options marked (`choose`), or in favour (`review`).
        against: options voted against (`review`).
        names: write-ins (`review`).
        levels: the level given to an item (`rate`), or the place given to an option (`table`).
        order: the ranking, best first (`rank`).
    """

    chosen: frozenset[int] = frozenset()
    against: frozenset[int] = frozenset()
    names: tuple[str, ...] = ()
    levels: Mapping[int, int] = field(default_factory=dict)
    order: tuple[int, ...] = ()


@dataclass(frozen=True)
class ContestCount:
    """What the sums of one question mean.

    Attributes:
        counts: a row for each option. `choose`: its marks; `review`: for, against; `rate`: by level;
            `table`: by place; no rows for `rank`.
        names: how often each write-in was found, the blank and the spoiled left out (`review`).
        rankings: how often each order was found; the empty one is a blank ballot (`rank`).
        spoiled: texts that are none, or no ranking of these options.
    """

    counts: tuple[tuple[int, ...], ...]
    names: Counter[str]
    rankings: Counter[tuple[int, ...]]
    spoiled: int


def picks_of(contests: Sequence[Contest], answers: Sequence[Answer]) -> list[Pick]:
    """Return the picks of a ballot, one answer for each question.

    Raises NotAText for a name over 29 bytes, IndexError for an option, place or name without a slot.
    Whether the answers obey the rules is for `seal` to say.
    """
    marks: list[Pick] = []
    texts: list[Pick] = []
    for contest, answer in zip(contests, answers, strict=True):
        own: list[Pick] = [0] * contest.marks
        for slot in _marked(contest, answer):
            own[slot] = 1
        marks += own
        texts += _texts(contest, answer)
    return marks + texts


def _marked(contest: Contest, answer: Answer) -> list[int]:
    """Return the slots to mark, from 0 within the contest."""
    size = len(contest.options)
    match contest.kind:
        case Kind.CHOOSE:
            return [_within(option, size) for option in answer.chosen]
        case Kind.REVIEW:
            in_favour = [_within(option, size) for option in answer.chosen]
            against = [size + _within(option, size) for option in answer.against]
            return in_favour + against + [2 * size + at for at in range(len(answer.names))]
        case Kind.RATE | Kind.TABLE:
            width = contest.marks // size
            return [_within(row, size) * width + _within(at, width) for row, at in answer.levels.items()]
        case Kind.RANK:
            return []


def _texts(contest: Contest, answer: Answer) -> list[Pick]:
    if contest.kind is Kind.RANK:
        return [point_of_text(write_ranking(answer.order[: contest.depth]).encode())]
    points: list[Pick] = [point_of_text(name.encode()) for name in answer.names]
    return points + [0] * (contest.texts - len(points))


def _within(number: int, size: int) -> int:
    if not 0 <= number < size:
        raise IndexError(f"{number} is not in 0..{size - 1}")
    return number


def counts_of(contests: Sequence[Contest], result: Mapping[str, Any]) -> list[ContestCount]:
    """Return what a result, or a paper count, says question by question."""
    counts, pools = iter(result["counts"]), iter(result["texts"])
    return [
        _contest_count(
            contest, [next(counts) for _ in range(contest.marks)], next(pools) if contest.texts else {}
        )
        for contest in contests
    ]


def shown(contests: Sequence[Contest], picks: Sequence[Pick]) -> list[ContestCount]:
    """Return what one ballot holds, for an audit to show: the same shape as a count, of this one ballot."""
    marks = sum(contest.marks for contest in contests)
    texts, pools = iter(picks[marks:]), []
    for contest in contests:
        own = [next(texts) for _ in range(contest.texts)]
        if own:
            pools.append(Counter(read_text(pick if isinstance(pick, Point) else bytes(32)) for pick in own))
    return counts_of(contests, {"counts": picks[:marks], "texts": pools})


def _contest_count(contest: Contest, marks: Sequence[int], pool: Mapping[str, int]) -> ContestCount:
    size = len(contest.options)
    rows: list[tuple[int, ...]]
    match contest.kind:
        case Kind.CHOOSE:
            rows = [(count,) for count in marks]
        case Kind.REVIEW:
            rows = list(zip(marks[:size], marks[size : 2 * size], strict=True))
        case Kind.RATE | Kind.TABLE:
            width = contest.marks // size
            rows = [tuple(marks[at : at + width]) for at in range(0, len(marks), width)]
        case Kind.RANK:
            return _ranking_count(contest, pool)
    names = Counter({name: found for name, found in pool.items() if name not in ("", SPOILED)})
    return ContestCount(tuple(rows), names, Counter(), pool.get(SPOILED, 0))


def _ranking_count(contest: Contest, pool: Mapping[str, int]) -> ContestCount:
    rankings: Counter[tuple[int, ...]] = Counter()
    spoiled = 0
    for text, found in pool.items():
        order = read_ranking(text, len(contest.options), contest.depth)
        if order is None:
            spoiled += found
        else:
            rankings[order] += found
    return ContestCount((), Counter(), rankings, spoiled)
