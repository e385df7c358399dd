"""Conversations in words: states, reasons, answers and refusals, in the language of the page."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from civicforum.statements.rules import (
    Answer,
    Audience,
    ConversationState,
    Fault,
    RejectReason,
    StatementState,
)

STATES: dict[ConversationState, Any] = {
    ConversationState.PLANNED: _l("Not open yet"),
    ConversationState.OPEN: _l("Open"),
    ConversationState.CLOSED: _l("It has ended"),
}
STATE_COLOURS: dict[ConversationState, str] = {
    ConversationState.PLANNED: "blue",
    ConversationState.OPEN: "green",
    ConversationState.CLOSED: "grey",
}
STATEMENT_STATES: dict[StatementState, Any] = {
    StatementState.WAITING: _l("Waits to be looked at"),
    StatementState.SHOWN: _l("Shown to everybody"),
    StatementState.REJECTED: _l("Not shown"),
}
STATEMENT_COLOURS: dict[StatementState, str] = {
    StatementState.WAITING: "yellow",
    StatementState.SHOWN: "green",
    StatementState.REJECTED: "grey",
}
REASONS: dict[RejectReason, Any] = {
    RejectReason.SEVERAL_IDEAS: _l("It says several things at once: one can agree with a part of it only"),
    RejectReason.OFF_TOPIC: _l("It is about something else"),
    RejectReason.REPEATED: _l("Another statement says the same"),
    RejectReason.PERSONAL_ATTACK: _l("It attacks a person"),
    RejectReason.PERSONAL_DATA: _l("It makes somebody's private affairs public"),
    RejectReason.ADVERTISING: _l("It advertises something"),
    RejectReason.UNLAWFUL: _l("It is against the law"),
}
ANSWERS: dict[Answer, Any] = {
    Answer.AGREE: _l("Agree"),
    Answer.DISAGREE: _l("Disagree"),
    Answer.PASS: _l("Pass, not sure"),
}
AUDIENCES: dict[Audience, Any] = {
    Audience.EVERYBODY: _l("All residents of the community"),
    Audience.BODY: _l("The members of one body"),
    Audience.MEETING: _l("Those whom the meeting invites"),
}
FAULTS: dict[Fault, Any] = {
    Fault.CLOSES_TOO_EARLY: _l("It has to close later than it opens, and later than now."),
    Fault.NO_BODY: _l("Choose the body."),
    Fault.NO_MEETING: _l("This belongs to no meeting. Choose who takes part."),
    Fault.TOO_LONG: _l("At most 140 characters: one idea, in one sentence."),
    Fault.EMPTY: _l("Write the statement."),
    Fault.SAID_BEFORE: _l("The same sentence stands there already."),
    Fault.TOO_MANY: _l("You have added ten statements. Leave room for those of others."),
}


def group_letter(name: int) -> str:
    """Return the letter of a group, which stays its own from one computation to the next: 0 is A."""
    return chr(ord("A") + name)
