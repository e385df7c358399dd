"""The rotating chair of a joint meeting (DOMAIN.md row 1-07): the units take it in order."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from civicforum.rulebook.days import add_months


class Turn(Protocol):
    """A turn as the table has it; `skipped_because` is "" unless the unit did not take it."""

    position: int
    from_on: date
    until_on: date
    skipped_because: str


T = TypeVar("T", bound=Turn)


@dataclass(frozen=True)
class Span:
    """First and last day of a turn."""

    from_on: date
    until_on: date


def chair_on(turns: Iterable[T], day: date) -> T | None:
    """Return whose turn it is on `day`: of the turn that runs, or the next that is not passed over.

    None before the first turn and after the last.
    """
    ordered = sorted(turns, key=lambda turn: turn.position)
    if not ordered or day < ordered[0].from_on:
        return None
    return next((turn for turn in ordered if turn.until_on >= day and not turn.skipped_because), None)


def next_after(turns: Iterable[T], turn: T | None) -> T | None:
    """Return who has the chair after `turn`; with None, the first that is not passed over."""
    ordered = sorted(turns, key=lambda one: one.position)
    return next(
        (
            one
            for one in ordered
            if not one.skipped_because and (turn is None or one.position > turn.position)
        ),
        None,
    )


def spans(start: date, *, months: int, number: int) -> Sequence[Span]:
    """Return so many turns of whole months, one after another from `start`."""
    firsts = [add_months(start, months * index) for index in range(number + 1)]
    return [Span(first, following - timedelta(days=1)) for first, following in itertools.pairwise(firsts)]
