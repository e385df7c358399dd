"""Moderation in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.moderation.rules import DecisionState, HeldState, Kind, Outcome, Reason

KINDS: dict[Kind, LazyString] = {
    Kind.MATTER: _l("Matter"),
    Kind.COMMENT: _l("Comment on a matter"),
    Kind.STATEMENT: _l("Statement"),
    Kind.DRAFT_COMMENT: _l("Comment on a draft"),
    Kind.NOTICE_QUERY: _l("Query about a notice"),
}
REASONS: dict[Reason, LazyString] = {
    Reason.PERSONAL_ATTACK: _l("Insult or personal attack"),
    Reason.PERSONAL_DATA: _l("Shows somebody's personal data"),
    Reason.ADVERTISING: _l("Advertising"),
    Reason.UNLAWFUL: _l("Against the law"),
    Reason.REPEATED: _l("Posted again and again"),
    Reason.OFF_TOPIC: _l("Not about the topic"),
    Reason.SEVERAL_IDEAS: _l("Several ideas in one"),
}
DECISIONS: dict[DecisionState, LazyString] = {
    DecisionState.PROPOSED: _l("Proposed, waits for a second person"),
    DecisionState.IN_FORCE: _l("In force"),
    DecisionState.DROPPED: _l("Not agreed to"),
    DecisionState.RESTORED: _l("Overturned, the text is back"),
}
DECISION_COLOURS: dict[DecisionState, str] = {
    DecisionState.PROPOSED: "yellow",
    DecisionState.IN_FORCE: "red",
    DecisionState.DROPPED: "grey",
    DecisionState.RESTORED: "green",
}
OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.UPHELD: _l("Upheld: the text stays hidden"),
    Outcome.OVERTURNED: _l("Overturned: the text is back at once"),
}
HELD: dict[HeldState, LazyString] = {
    HeldState.HELD: _l("Held until somebody looks"),
    HeldState.RELEASED: _l("It is posted"),
    HeldState.REFUSED: _l("Refused, with a reason"),
    HeldState.TAKEN_BACK: _l("Taken back by its author"),
    HeldState.LAPSED: _l("Could not be posted any more"),
}
HELD_COLOURS: dict[HeldState, str] = {
    HeldState.HELD: "yellow",
    HeldState.RELEASED: "green",
    HeldState.REFUSED: "red",
    HeldState.TAKEN_BACK: "grey",
    HeldState.LAPSED: "grey",
}
# What the rules refuse, by the reason they give.
REFUSALS: dict[str, LazyString] = {
    "reason": _l("Choose a reason."),
    "missing": _l("This may not stay empty."),
    "long": _l("This is too long."),
    "short": _l("A word needs at least two letters or digits; spaces and signs do not count."),
    "too_many": _l("The list can hold 1,000 words."),
}
# The journal in words; civicforum.records.words takes them in.
ACTIONS: dict[str, LazyString] = {
    "moderation.report": _l("reported a text"),
    "moderation.keep": _l("settled the reports of a text that stays"),
    "moderation.hide": _l("hid a text"),
    "moderation.propose_hiding": _l("proposed to hide a text"),
    "moderation.drop_hiding": _l("did not agree to hide a text"),
    "moderation.appeal": _l("appealed against the hiding of a text"),
    "moderation.rule": _l("ruled on an appeal against hiding"),
    "moderation.ruling_overdue": _l("has an appeal without a ruling in time"),
    "moderation.hold": _l("held a text back"),
    "moderation.take_back": _l("took a held text back"),
    "moderation.release": _l("posted a held text"),
    "moderation.lapse": _l("could not post a held text any more"),
    "moderation.refuse_held": _l("refused a held text"),
    "moderation.add_words": _l("added words that hold texts back"),
    "moderation.end_word": _l("ended a word that held texts back"),
}
NOBODY_HERE: dict[str, LazyString] = {
    "moderation.report": _l("a resident, not named"),
    "moderation.appeal": _l("the author, not named"),
    "moderation.take_back": _l("the author, not named"),
    "moderation.hold": _l("by the word list"),
}
SUBJECT: LazyString = _l("Moderation")
