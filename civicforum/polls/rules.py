"""The states of a poll and the presets of its secrecy (DESIGN.md sections 6 and 7)."""

from __future__ import annotations

from enum import StrEnum

from civicforum.errors import TransitionNotAllowed


class PollState(StrEnum):
    DRAFT = "draft"
    ROLL_POSTED = "roll_posted"
    READY = "ready"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    CERTIFIED = "certified"
    VOID = "void"


class Preset(StrEnum):
    """How secret a poll is; `open` shows names, as a show of hands does."""

    OPEN = "open"
    POLL = "poll"
    SEALED = "sealed"


class Choice(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class VoteChannel(StrEnum):
    SCREEN = "screen"
    HANDS = "hands"


_S = PollState
NEXT_STATES: dict[PollState, set[PollState]] = {
    _S.DRAFT: {_S.ROLL_POSTED, _S.READY, _S.VOID},
    _S.ROLL_POSTED: {_S.READY, _S.VOID},
    _S.READY: {_S.OPEN, _S.VOID},
    _S.OPEN: {_S.CLOSED, _S.VOID},
    _S.CLOSED: {_S.COUNTED, _S.VOID},
    _S.COUNTED: {_S.CERTIFIED, _S.VOID},
}


def move(state: PollState, to: PollState) -> PollState:
    """Return `to`, or raise TransitionNotAllowed when a poll has no such step."""
    if to not in NEXT_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to
