"""Ties: what earlier stages say, what a lot said, and the stop where neither says anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .contest import Contest
from .result import About, Amount, Settled, Tie, Tied


class TieStaysOpen(Exception):
    """Stops a count; `tie` and `tied` go into its result."""

    def __init__(self, tie: Tie, tied: Tied) -> None:
        super().__init__(f"open tie of {', '.join(tie.names)}")
        self.tie = tie
        self.tied = tied


@dataclass(frozen=True)
class Chosen:
    """One name, and the tie that was settled on the way to it, if there was one."""

    name: str
    tie: Tie | None = None


def choose(
    contest: Contest,
    totals: Mapping[str, Amount],
    names: Sequence[str],
    *,
    about: About,
    earlier: Sequence[Mapping[str, Amount]] = (),
) -> Chosen:
    """Return the one of `names` to exclude (the fewest votes), or to take for anything else (the most).

    Those who are level now are told apart by the most recent earlier stage where they differ, then by a lot
    that was entered. Raises TieStaysOpen.

    Args:
        earlier: totals of the stages before this one, the oldest first.
    """
    best = min if about is About.EXCLUSION else max
    level = _furthest(names, totals, best)
    if len(level) == 1:
        return Chosen(level[0])
    stage, left = len(earlier) + 1, level
    for number in range(len(earlier), 0, -1):
        left = _furthest(left, earlier[number - 1], best)
        if len(left) == 1:
            tie = Tie(stage, about, tuple(level), Settled.EARLIER_STAGE, tuple(left), by_stage=number)
            return Chosen(left[0], tie)
    drawn = contest.drawn(left)
    if drawn is None:
        tied = Tied(tuple(left), about, seats=1, remedy=contest.open_tie)
        raise TieStaysOpen(Tie(stage, about, tuple(left)), tied)
    taken = drawn[-1 if about is About.EXCLUSION else 0]
    return Chosen(taken, Tie(stage, about, tuple(level), Settled.LOT, (taken,)))


def top(
    contest: Contest, totals: Mapping[str, Amount], seats: int
) -> tuple[tuple[str, ...], Tie | None, Tied | None]:
    """Return who has the most votes for the seats, and the tie for the last of them, settled or open.

    Equal votes that both have a seat are no tie; they stand by name. Nobody is elected without a vote: such
    a seat stays empty.
    """
    ranked = sorted((name for name in totals if totals[name] > 0), key=lambda name: (-totals[name], name))
    if len(ranked) <= seats:
        return tuple(ranked), None, None
    edge = totals[ranked[seats - 1]]
    clear = tuple(name for name in ranked if totals[name] > edge)
    level = tuple(name for name in ranked if totals[name] == edge)
    left = seats - len(clear)
    if len(level) == left:
        return clear + level, None, None
    drawn = contest.drawn(level)
    if drawn is not None:
        return clear + drawn[:left], Tie(1, About.ELECTION, level, Settled.LOT, drawn[:left]), None
    tied = Tied(level, About.ELECTION, seats=left, remedy=contest.open_tie, certain=clear)
    return clear, Tie(1, About.ELECTION, level), tied


def _furthest(names: Sequence[str], totals: Mapping[str, Amount], best: Callable[..., Amount]) -> list[str]:
    edge = best(totals[name] for name in names)
    return sorted(name for name in names if totals[name] == edge)
