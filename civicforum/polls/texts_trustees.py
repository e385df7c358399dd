"""The words of the key ceremony and of the opening."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicforum.polls.keyholders import KeyholderFault, Round
from civicforum.polls.queries.trustees import Awaited

FAULTS: dict[KeyholderFault, LazyString] = {
    KeyholderFault.NOT_NOW: _l("It is not the time for this step. Load the page again."),
    KeyholderFault.SAID_OTHERWISE: _l(
        "You have done this step before, with another slip or in another browser. If the slip is lost, end"
        " the ceremony and start over."
    ),
    KeyholderFault.OTHER_CHARACTERS: _l(
        "The characters on your screen are not those of the others. Stop here."
    ),
    KeyholderFault.BAD_MESSAGE: _l("What this browser sent does not hold. Nothing was kept."),
    KeyholderFault.NOT_READY: _l("Something is still missing before the box can be set up."),
}

ROUNDS: dict[Round, LazyString] = {
    Round.HELLO: _l("Step 1 of 4: every trustee makes a slip"),
    Round.HEARD: _l("Step 2 of 4: the characters are read aloud"),
    Round.DEAL: _l("Step 3 of 4: the browsers make the key"),
    Round.CONFIRM: _l("Step 3 of 4: the browsers make the key"),
    Round.DRILL: _l("Step 4 of 4: every slip is tried out"),
    Round.DONE: _l("The key is there, and every slip has opened the drill"),
    Round.ENDED: _l("This ceremony was ended"),
}

AWAITED: dict[Awaited, LazyString] = {
    Awaited.FROZEN_ROLL: _l("The roll is not frozen yet."),
    Awaited.CARDS: _l("Not everybody on the roll has a voting card yet."),
    Awaited.CEREMONY: _l("The trustees have not made the key yet."),
    Awaited.DRILL: _l("The slips have not all been tried out yet."),
}
