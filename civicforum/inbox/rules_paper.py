"""Letters on paper for households that no channel reaches."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from civicforum.bodies.rules import Role
from civicforum.errors import TransitionNotAllowed

PRINTS = (Role.CLERK, Role.ADMIN)
# Somebody of the household was on the site within a quarter: what is told there reaches it.
SEEN_WITHIN = timedelta(days=90)
# A code of the desk is used the same day. A letter lies in the office, then in the letter box of somebody
# who is away, and is read with the help of a child who comes once in a while.
LETTER_CODE_LASTS = timedelta(days=30)
# The file holds every code in plain: it lies here no longer than it takes to print it.
FILE_KEPT = timedelta(days=1)
# As many pages as Chromium prints at once: the bar moves every second or two, and a page stays small.
BATCH = 25
# What the page leaves between address and code, counted in lines of full-width characters.
LINES, LINE_CHARACTERS = 15, 42
TITLE_MOST, TEXT_MOST, CALL_MOST = 36, 700, 60


class RunState(StrEnum):
    WAITING = "waiting"
    PRINTING = "printing"
    READY = "ready"
    FAILED = "failed"
    DELETED = "deleted"


_S = RunState
RUNNING = (_S.WAITING, _S.PRINTING)
NEXT_STATES: dict[RunState, set[RunState]] = {
    # FAILED: the worker could not even begin.
    _S.WAITING: {_S.PRINTING, _S.FAILED},
    # PRINTING again: a worker that was killed; its job runs again, and so do all letters, with new codes.
    _S.PRINTING: {_S.PRINTING, _S.READY, _S.FAILED},
    _S.READY: {_S.DELETED},
}


def move_run(state: RunState, to: RunState) -> RunState:
    """Return `to`, or raise TransitionNotAllowed."""
    if to not in NEXT_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


def fits(text: str) -> bool:
    """Tell whether a text leaves room for the code on its page."""
    lines = sum(max(1, -(-len(line) // LINE_CHARACTERS)) for line in text.splitlines())
    return lines <= LINES


def spoken(code: str) -> str:
    """Return a code in two halves, as people read it aloud."""
    return f"{code[:4]} {code[4:]}"
