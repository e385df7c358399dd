"""The words of results: grades, groups, purposes and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.appraisals.errors import ObjectionsOpen, SecondNeeded
from civicforum.appraisals.errors_of_rating import GroupsUnfinished
from civicforum.appraisals.figures import decimal
from civicforum.appraisals.rankings import Change
from civicforum.appraisals.rules import UsePurpose
from civicforum.errors import AlreadyDone, CivicForumError, Invalid, RuleRefused, TransitionNotAllowed

PURPOSES: dict[UsePurpose, LazyString] = {
    UsePurpose.ASSESSMENT: _l("Yearly assessment"),
    UsePurpose.APPOINTMENT: _l("Appointment"),
    UsePurpose.PAY: _l("Pay"),
    UsePurpose.AWARD: _l("Award"),
    UsePurpose.TRAINING: _l("Training"),
}
INVALID: dict[str, LazyString] = {
    "missing": _l("Write down what is to be said."),
    "long": _l("This is too long."),
    "organ": _l("Name the organ, in at most 120 characters."),
    "document": _l("The document may have at most 200 characters."),
    "note": _l("The note may have at most 500 characters."),
}


def refusal_text(refusal: CivicForumError) -> str:
    """Return why a step was refused, in words."""
    if isinstance(refusal, SecondNeeded):
        return str(_("You had this result counted. Somebody else of the supervision committee certifies it."))
    if isinstance(refusal, ObjectionsOpen):
        return str(
            ngettext(
                "%(num)s objection is not answered yet.",
                "%(num)s objections are not answered yet.",
                refusal.number,
            )
        )
    if isinstance(refusal, GroupsUnfinished):
        return str(_("These groups have not finished: %(names)s.", names=joined(refusal.groups)))
    if isinstance(refusal, AlreadyDone):
        return str(_("Somebody else was quicker: this is done already."))
    if isinstance(refusal, TransitionNotAllowed):
        return str(_("The appraisal is no longer at this step."))
    if isinstance(refusal, Invalid) and refusal.reason in INVALID:
        return str(INVALID[refusal.reason])
    if isinstance(refusal, RuleRefused):
        return str(_("The time for objections is over."))
    raise refusal


def joined(names: Sequence[str]) -> str:
    """Return names one after the other."""
    return ("、" if str(get_locale()).startswith("zh") else ", ").join(names)


def percent_text(share: Fraction) -> str:
    """Return a share as a percentage with at most one decimal, half rounded up, without a percent sign."""
    return decimal(share * 100, places=1)


def turnout_text(forms: int, entitled: int | None) -> str:
    """Return how many forms came back, of how many where that is known."""
    if not entitled:
        return str(ngettext("%(num)s form", "%(num)s forms", forms))
    share = percent_text(Fraction(forms, entitled))
    return str(_("%(forms)s of %(asked)s forms, %(share)s percent", forms=forms, asked=entitled, share=share))


def change_of_place(change: Change) -> str:
    """Return how a place changed since the last time, "" where one of the two is missing."""
    if change.places is None:
        return ""
    if change.places == 0:
        return str(_("same place as last time"))
    if change.places > 0:
        return str(ngettext("up %(num)s place", "up %(num)s places", change.places))
    return str(ngettext("down %(num)s place", "down %(num)s places", -change.places))


def change_of_score(change: Change) -> str:
    """Return how a score changed, with its sign; "" where one of the two is missing."""
    if change.score is None:
        return ""
    text = decimal(change.score)
    return f"+{text}" if change.score > 0 else text.replace("-", "\N{MINUS SIGN}")
