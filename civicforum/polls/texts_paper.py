"""Paper in words: the one word of the desk, refusals, grounds, and what is wrong with a count."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civicforum.polls.rules_paper import BoxFault, BoxState, Ground, Impossible, PaperFault, Word

WORDS: dict[Word, Any] = {
    Word.MAY_VOTE: _l("May vote"),
    Word.HAS_VOTED: _l("Has voted"),
    Word.NOT_ON_ROLL: _l("Not on the roll"),
}
PAPER_FAULTS: dict[PaperFault, Any] = {
    PaperFault.NOT_OPEN: _l("Voting is not open, so no paper can be handed out. Nothing was changed."),
    PaperFault.NOT_ON_ROLL: _l("There is nobody with this number on the roll."),
    PaperFault.STRUCK_OFF: _l("Struck off the roll. The roll says when and why."),
    PaperFault.HAS_PAPER: _l("A paper was handed out to this voter before. There is one for each voter."),
    PaperFault.VOTED_ON_SCREEN: _l(
        "This voter has voted online. Ask whether the ballot cast online shall give way to the paper."
    ),
    PaperFault.NO_REVOTE: _l(
        "This voter has voted online, and in this poll the first ballot stands. There is no paper beside it."
    ),
    PaperFault.NO_CREDENTIAL: _l(
        "This voter's voting card is not in force: a new one may be on its way. Ask those who make the cards."
    ),
    PaperFault.NO_MANDATE: _l("No proxy is registered for this voter, or it was withdrawn."),
    PaperFault.TWICE: _l("This number is in the list more than once."),
    PaperFault.OFFLINE: _l(
        "This station works on a printed list, which is entered after the vote has ended."
    ),
}
GROUNDS: dict[Ground, Any] = {
    Ground.BLANK: _l("Not filled in at all"),
    Ground.OVER_CHOICE: _l("More chosen than may be"),
    Ground.DEFACED: _l("Defaced: it cannot be made out what is meant"),
    Ground.TORN: _l("Torn, or part of it is missing"),
    Ground.NOT_OFFICIAL: _l("Not the official paper"),
    Ground.UNCLEAR_NAME: _l("It cannot be made out which person is meant"),
    Ground.HELPER_OVERRODE: _l("The scribe did not follow the voter's wish"),
    Ground.OTHER: _l("Another ground, decided and written in the minutes"),
}

BOX_STATES: dict[BoxState, Any] = {
    BoxState.WAITING: _l("Not open yet"),
    BoxState.OPEN: _l("Handing out papers"),
    BoxState.AWAITS_LIST: _l("Its list is still to be entered"),
    BoxState.SHUT: _l("Shut, not counted yet"),
    BoxState.COUNTING: _l("One count is in"),
    BoxState.COUNTED: _l("Both counts are in, not signed yet"),
    BoxState.SIGNED: _l("Counted by two, and signed"),
}


def impossible_text(wrong: Impossible) -> str:
    """Return what is wrong with a count, with its sum."""
    words = {
        BoxFault.MORE_FOUND: _(
            "More papers found than were handed out here: %(sum)s. Count the box again.", sum=wrong.arithmetic
        ),
        BoxFault.MORE_INVALID: _("More papers are invalid than were found: %(sum)s.", sum=wrong.arithmetic),
        BoxFault.GROUNDS: _(
            "The grounds do not add up to the invalid papers: %(sum)s.", sum=wrong.arithmetic
        ),
        BoxFault.TOO_MANY_MARKS: _(
            "More marks than the valid papers can hold: %(sum)s.", sum=wrong.arithmetic
        ),
        BoxFault.TOO_FEW_MARKS: _(
            "Fewer marks than the valid papers must hold: %(sum)s.", sum=wrong.arithmetic
        ),
        BoxFault.TOO_MANY_TEXTS: _(
            "More lines written than the valid papers can hold: %(sum)s.", sum=wrong.arithmetic
        ),
    }
    return str(words[wrong.fault])
