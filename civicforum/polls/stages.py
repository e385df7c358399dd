"""Where a poll stands on its way, and which pages its officers work on there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from civicforum.polls.cards import has_cards
from civicforum.polls.rules import PollState, Preset

WAY = (
    PollState.DRAFT,
    PollState.ROLL_POSTED,
    PollState.READY,
    PollState.OPEN,
    PollState.CLOSED,
    PollState.COUNTED,
    PollState.CERTIFIED,
)


class OnItsWay(Protocol):
    """What is asked of a poll: its terms, and when it reached each stage."""

    state: PollState
    preset: Preset
    by_screen: bool
    by_paper: bool
    by_proxy: bool
    created_at: datetime
    roll_posted_at: datetime | None
    roll_frozen_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    counted_at: datetime | None
    certified_at: datetime | None


@dataclass(frozen=True)
class Stage:
    """A step of the way: `standing` is "done", "current", "next" or "ended"; `at` when it was reached."""

    state: PollState
    standing: str
    at: datetime | None


def stages_of(poll: OnItsWay) -> list[Stage]:
    """Return the way of a poll. One that is void has ended after the last stage that it reached."""
    reached = {
        PollState.DRAFT: poll.created_at,
        PollState.ROLL_POSTED: poll.roll_posted_at,
        PollState.READY: poll.roll_frozen_at,
        PollState.OPEN: poll.opened_at,
        PollState.CLOSED: poll.closed_at,
        PollState.COUNTED: poll.counted_at,
        PollState.CERTIFIED: poll.certified_at,
    }
    if poll.state is PollState.VOID:
        done = [Stage(state, "done", reached[state]) for state in WAY if reached[state] is not None]
        return [*done, Stage(PollState.VOID, "ended", None)]
    here = WAY.index(poll.state)
    return [
        Stage(state, _standing(at, here), reached[state] if at <= here else None)
        for at, state in enumerate(WAY)
    ]


def _standing(at: int, here: int) -> str:
    # Nothing comes after the certificate: it is done when it is reached.
    if at < here or at == len(WAY) - 1 == here:
        return "done"
    return "current" if at == here else "next"


def pages_of(poll: OnItsWay) -> list[str]:
    """Return the endpoints that officers work on while the poll is in its state, the most used first."""
    return list(_PAGES[poll.state](poll))


def _draft(poll: OnItsWay) -> Iterator[str]:
    yield from ("polls.edit", "polls.terms", "polls.questions", "polls.preview", "polls.draw_roll")
    if poll.by_paper:
        yield "polls.stations"


def _posted(poll: OnItsWay) -> Iterator[str]:
    yield from ("polls.roll", "polls.roll_objections", "polls.correct_roll", "polls.freeze_roll")
    if has_cards(poll.preset, by_screen=poll.by_screen):
        yield from ("polls.ceremony", "polls.cards")
    yield from _before_opening(poll)


def _ready(poll: OnItsWay) -> Iterator[str]:
    yield from ("polls.roll", "polls.correct_roll")
    if has_cards(poll.preset, by_screen=poll.by_screen):
        yield from ("polls.cards", "polls.ceremony")
    yield from _before_opening(poll)


def _before_opening(poll: OnItsWay) -> Iterator[str]:
    if poll.by_proxy:
        yield "polls.mandates"
    if poll.by_paper:
        yield "polls.stations"
    yield "polls.preview"


def _open(poll: OnItsWay) -> Iterator[str]:
    if poll.by_paper:
        yield from ("polls.desk", "polls.stations", "polls.paper_account")
    yield from ("polls.correct_roll", "polls.extend")
    if poll.by_proxy:
        yield "polls.mandates"
    if has_cards(poll.preset, by_screen=poll.by_screen):
        yield "polls.cards"
    yield from _board(poll)


def _closed(poll: OnItsWay) -> Iterator[str]:
    if poll.by_paper:
        yield from ("polls.stations", "polls.paper_account")
    if has_cards(poll.preset, by_screen=poll.by_screen):
        yield "polls.opening"
    yield from _board(poll)


def _counted(poll: OnItsWay) -> Iterator[str]:
    yield from ("polls.result", "polls.result_objections")
    if poll.by_paper:
        yield "polls.paper_account"
    yield from _board(poll)


def _void(poll: OnItsWay) -> Iterator[str]:
    if poll.roll_posted_at is not None:
        yield "polls.roll"
    yield from _board(poll)


def _board(poll: OnItsWay) -> Iterator[str]:
    if poll.preset is not Preset.OPEN and poll.by_screen:
        yield from ("polls.observe", "polls.checking")


_PAGES = {
    PollState.DRAFT: _draft,
    PollState.ROLL_POSTED: _posted,
    PollState.READY: _ready,
    PollState.OPEN: _open,
    PollState.CLOSED: _closed,
    PollState.COUNTED: _counted,
    PollState.CERTIFIED: _counted,
    PollState.VOID: _void,
}
