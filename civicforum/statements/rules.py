"""Conversations on short statements: their life, who takes part, and what a statement may be."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from civicforum.accounts.rules import Actor
from civicforum.errors import Invalid, NotEligible, TransitionNotAllowed
from civicforum.meetings.rules import may_run

LONGEST = 140
# Nobody fills the list alone.
MOST_OF_ONE = 10
# Figures of fewer people are not shown: DESIGN.md, small groups.
LEAST_SHOWN = 5


class ConversationState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class Audience(StrEnum):
    """Who may take part: every resident known here, a body, or those whom a meeting invites."""

    EVERYBODY = "everybody"
    BODY = "body"
    MEETING = "meeting"


class StatementState(StrEnum):
    WAITING = "waiting"
    SHOWN = "shown"
    REJECTED = "rejected"


class RejectReason(StrEnum):
    """The closed list of reasons to keep a statement out, word for word on the page."""

    SEVERAL_IDEAS = "several_ideas"
    OFF_TOPIC = "off_topic"
    REPEATED = "repeated"
    PERSONAL_ATTACK = "personal_attack"
    PERSONAL_DATA = "personal_data"
    ADVERTISING = "advertising"
    UNLAWFUL = "unlawful"


class Answer(StrEnum):
    """What somebody says to a statement."""

    AGREE = "agree"
    DISAGREE = "disagree"
    PASS = "pass"  # noqa: S105 - an answer


VALUES: dict[Answer, int] = {Answer.AGREE: 1, Answer.DISAGREE: -1, Answer.PASS: 0}
ANSWERS: dict[int, Answer] = {value: answer for answer, value in VALUES.items()}


class Fault(StrEnum):
    """What is wrong with an input whose form is filled in; the views have the words."""

    CLOSES_TOO_EARLY = "closes_too_early"
    NO_BODY = "no_body"
    NO_MEETING = "no_meeting"
    TOO_LONG = "too_long"
    EMPTY = "empty"
    SAID_BEFORE = "said_before"
    TOO_MANY = "too_many"


_C, _S = ConversationState, StatementState
NEXT_STATES: dict[ConversationState, set[ConversationState]] = {
    # Closed without ever opening: called off.
    _C.PLANNED: {_C.OPEN, _C.CLOSED},
    _C.OPEN: {_C.CLOSED},
}
# A statement that was shown can still be taken down; one that was kept out stays out.
NEXT_OF_STATEMENT: dict[StatementState, set[StatementState]] = {
    _S.WAITING: {_S.SHOWN, _S.REJECTED},
    _S.SHOWN: {_S.REJECTED},
}


def move(state: ConversationState, to: ConversationState) -> ConversationState:
    """Return `to`, or raise TransitionNotAllowed when a conversation has no such step."""
    if to not in NEXT_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


def move_statement(state: StatementState, to: StatementState) -> StatementState:
    """Return `to`, or raise TransitionNotAllowed when a statement has no such step."""
    if to not in NEXT_OF_STATEMENT.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


def may_convene(actor: Actor, *, chair_id: uuid.UUID | None) -> bool:
    """Tell whether somebody plans and moderates: who runs meetings here, and the chair of its own meeting."""
    return may_run(actor, chair_id=chair_id)


def check_convene(actor: Actor, *, chair_id: uuid.UUID | None) -> None:
    """Refuse whoever may not convene, in step with may_convene. Raises NotEligible."""
    if not may_convene(actor, chair_id=chair_id):
        raise NotEligible(actor.person_id)


def clean_text(text: str) -> str:
    """Return a statement on one line. Raises Invalid with a Fault when it is empty or too long."""
    cleaned = " ".join(text.split())
    if not cleaned:
        raise Invalid(Fault.EMPTY, "text")
    if len(cleaned) > LONGEST:
        raise Invalid(Fault.TOO_LONG, "text")
    return cleaned


def check_times(*, opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """Refuse a conversation that is over before it begins. Raises Invalid."""
    if closes_at <= max(opens_at, now):
        raise Invalid(Fault.CLOSES_TOO_EARLY, "closes_on")


def first_state(*, is_moderated: bool, is_seed: bool) -> StatementState:
    """Return where a new statement begins: the convenor's own are shown at once."""
    return StatementState.WAITING if is_moderated and not is_seed else StatementState.SHOWN
