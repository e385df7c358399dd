"""Service ratings in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.ratings.rules import RatingLevel, ReviewRuling, ServiceClass, SlipStanding

LEVELS: dict[RatingLevel, LazyString] = {
    RatingLevel.VERY_SATISFIED: _l("Very satisfied"),
    RatingLevel.SATISFIED: _l("Satisfied"),
    RatingLevel.FAIRLY_SATISFIED: _l("Fairly satisfied"),
    RatingLevel.DISSATISFIED: _l("Dissatisfied"),
    RatingLevel.VERY_DISSATISFIED: _l("Very dissatisfied"),
}
# How a bar of this level is drawn (components/bars.html).
TONES: dict[RatingLevel, str] = {
    RatingLevel.VERY_SATISFIED: "good",
    RatingLevel.SATISFIED: "good",
    RatingLevel.FAIRLY_SATISFIED: "plain",
    RatingLevel.DISSATISFIED: "bad",
    RatingLevel.VERY_DISSATISFIED: "bad",
}
CLASSES: dict[ServiceClass, LazyString] = {
    ServiceClass.MANAGEMENT: _l("Community management"),
    ServiceClass.PUBLIC_SERVICE: _l("Public services"),
    ServiceClass.SOCIAL_SECURITY: _l("Social security"),
}
RULINGS: dict[ReviewRuling, LazyString] = {
    ReviewRuling.STANDS: _l("The grade stands"),
    ReviewRuling.SET_ASIDE: _l("The grade is set aside"),
}
# What a slip says that opens nothing, and what to do; None is a code that belongs to no slip.
REFUSED: dict[SlipStanding | None, tuple[LazyString, LazyString]] = {
    SlipStanding.USED: (
        _l("Thank you: this slip has already been used"),
        _l("A slip opens one rating. Ask the counter for another one when you are next served."),
    ),
    SlipStanding.EXPIRED: (
        _l("This slip is too old"),
        _l("Ask the counter for a new one, or call the station and say what you think."),
    ),
    SlipStanding.WITHDRAWN: (
        _l("The station has withdrawn this slip"),
        _l("Ask the counter for a new one. You can call the station and say what you think meanwhile."),
    ),
    None: (
        _l("No slip has this code"),
        _l("Look at your slip again: eight letters and figures. There is no I, L, O or U among them."),
    ),
}
REFUSALS: dict[str, LazyString] = {
    "known": _l("This is on the list already, or was on it once: choose another name."),
    "past": _l("This day is over: choose a later one."),
    "neither": _l("Write the answer, or say by which day it is put right."),
    "item": _l("Choose one of the list."),
    "owner": _l("The station is no longer there."),
    "title": _l("Say what has to be put right."),
    "problem": _l("Say what the problem is."),
}
