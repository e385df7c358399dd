"""Drafts in words: states, handlings and channels, in the language of the page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.drafts.rules import CommentChannel, DraftState, Handling

STATES: dict[DraftState, LazyString] = {
    DraftState.OUT: _l("Out for comment"),
    DraftState.CLOSED: _l("Closed with its result"),
    DraftState.WITHDRAWN: _l("Withdrawn"),
}
HANDLINGS: dict[Handling, LazyString] = {
    Handling.TAKEN: _l("Taken"),
    Handling.PARTLY: _l("Partly taken"),
    Handling.NOT_TAKEN: _l("Not taken"),
}
HANDLING_COLOURS: dict[Handling, str] = {
    Handling.TAKEN: "green",
    Handling.PARTLY: "yellow",
    Handling.NOT_TAKEN: "grey",
}
CHANNELS: dict[CommentChannel, LazyString] = {
    CommentChannel.SELF: _l("on this site"),
    CommentChannel.PAPER: _l("on paper"),
    CommentChannel.WORD: _l("by word of mouth, written down by the clerk"),
}
# What the rules refuse, by the reason they give.
REFUSALS: dict[str, LazyString] = {
    "empty": _l("This may not stay empty."),
    "empty or too long": _l("Write between 1 and 2,000 characters."),
    "passage": _l("There is no such passage. Choose again."),
    "identity_number": _l("There is an identity number in the text. Leave it out: comments are published."),
    "channel": _l("Choose how the comment came in."),
    "none": _l("Choose at least one from the list."),
    "day": _l("Choose a day since the draft was put out, today at the latest."),
}
