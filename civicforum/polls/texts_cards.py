"""Voting cards in words: why one was replaced, and why none can be made or replaced."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from civicforum.polls.cards import MOST_AT_ONCE, CardFault, CardReason

REASONS: dict[CardReason, Any] = {
    CardReason.LOST: _l("The card was lost"),
    CardReason.DAMAGED: _l("The card cannot be read"),
    CardReason.NOT_RECEIVED: _l("The card never reached the voter"),
    CardReason.SEEN: _l("Somebody else has seen the code"),
}
FAULTS: dict[CardFault, Any] = {
    CardFault.NO_CARDS: _l("This poll has no voting cards."),
    CardFault.ROLL_OPEN: _l("The roll is not closed yet. Cards are made when nobody is added any more."),
    CardFault.FOUNDED: _l(
        "The ballot box is set up with the cards made before. Cards are now replaced singly."
    ),
    CardFault.NOT_FOUNDED: _l("The ballot box is not set up yet. Until then all cards can be made anew."),
    CardFault.NOT_IN_TIME: _l("Voting has ended: no card can be replaced any more."),
    CardFault.TOO_MANY: _l("No more than %(most)s cards are sent at once.", most=MOST_AT_ONCE),
    CardFault.NOT_ON_ROLL: _l("One of these entries is not on the roll of this poll."),
    CardFault.STRUCK_OFF: _l("This name was struck off the roll."),
    CardFault.MADE_BEFORE: _l(
        "Somebody has made cards for some of these entries in the meantime. Load the page again, and make all"
        " cards anew if those are not at hand."
    ),
    CardFault.TWICE: _l("Two cards have the same code. Make the cards again."),
    CardFault.NOT_A_CREDENTIAL: _l("What the browser sent is not the public half of a voting code."),
    CardFault.PAPER_ISSUED: _l(
        "This voter was given a ballot paper. The paper counts, and no card is needed."
    ),
    CardFault.NO_CARD: _l("This entry has no card that could be replaced."),
}
