"""Drafts put out for comment (征求意见, DOMAIN.md row 4-02): what is allowed, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible, TransitionNotAllowed

COMMENTS_RULE = "council.draft_comments"
ANSWERS_RULE = "council.draft_answers"
LONGEST_COMMENT = 2000
# Enough for somebody who goes through a whole text passage by passage, too few to flood a round.
MOST_COMMENTS_EACH = 20
PUT_OUT_BY = (Role.COMMITTEE,)
ENTERED_BY = (Role.COMMITTEE, Role.CLERK)


class DraftState(StrEnum):
    OUT = "out"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Handling(StrEnum):
    """What became of a comment."""

    TAKEN = "taken"
    PARTLY = "partly"
    NOT_TAKEN = "not_taken"


class CommentChannel(StrEnum):
    """How a comment came in: by its author here, on paper, or by word of mouth."""

    SELF = "self"
    PAPER = "paper"
    WORD = "word"


_S = DraftState
NEXT_STATES: dict[DraftState, set[DraftState]] = {_S.OUT: {_S.CLOSED, _S.WITHDRAWN}}


def move(state: DraftState, to: DraftState) -> DraftState:
    """Return `to`, or raise TransitionNotAllowed when a draft has no such step."""
    if to not in NEXT_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


def takes_comments(state: DraftState, *, until: datetime, now: datetime) -> bool:
    """Tell whether people can comment: until the last instant of the round, that one included."""
    return state is DraftState.OUT and now <= until


def check_put_out(actor: Actor) -> None:
    """Refuse whoever may not put a draft out, answer and close it. Raises NotEligible."""
    if not actor.holds(*PUT_OUT_BY):
        raise NotEligible(actor.person_id)


def check_enter(actor: Actor) -> None:
    """Refuse whoever may not enter what came on paper. Raises NotEligible."""
    if not actor.holds(*ENTERED_BY):
        raise NotEligible(actor.person_id)


def check_deliver(actor: Actor, *, is_grid_worker: bool) -> None:
    """Refuse whoever may not enter deliveries; the worker of the grid may. Raises NotEligible."""
    if actor.assisted_by is not None or not (actor.has(*ENTERED_BY) or is_grid_worker):
        raise NotEligible(actor.person_id)


def passages(text: str) -> list[str]:
    """Return the paragraphs of a text, which are what a comment can be about, counted from 1."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def check_comment(text: str, *, passage: int | None, of: str) -> str:
    """Return the words of a comment. Raises Invalid: empty, too long, or on a passage that there is not."""
    words = text.strip()
    if not words or len(words) > LONGEST_COMMENT:
        raise Invalid("empty or too long", "text")
    if passage is not None and not 1 <= passage <= len(passages(of)):
        raise Invalid("passage", "passage")
    return words


@dataclass(frozen=True)
class Counts:
    """How many comments came, and what became of them."""

    taken: int = 0
    partly: int = 0
    not_taken: int = 0
    waiting: int = 0

    @property
    def total(self) -> int:
        return self.taken + self.partly + self.not_taken + self.waiting

    @classmethod
    def of(cls, handled: Sequence[tuple[Handling | None, int]]) -> Counts:
        """Return the counts of rows of handling and number; a handling of None waits for its answer."""
        numbers = {(kind.value if kind else "waiting"): number for kind, number in handled}
        return cls(**numbers)
