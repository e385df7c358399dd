"""What follows from grades, in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.appraisals.actions import Outcome, Show
from civicforum.appraisals.rules import (
    ActionSource,
    ActionState,
    ConsequenceKind,
    CriticismSource,
    PlanOutcome,
    Recheck,
)
from civicforum.errors import AlreadyDone, CivicForumError, Invalid, RuleRefused, TransitionNotAllowed

CONSEQUENCES: dict[ConsequenceKind, LazyString] = {
    ConsequenceKind.TWO_STRIKES: _l("The post ends"),
    ConsequenceKind.OFFER_RESIGNATION: _l("Offer to resign in writing"),
    ConsequenceKind.WARNING_TALK: _l("A warning talk"),
}
STATES: dict[ActionState, LazyString] = {
    ActionState.OPEN: _l("Measure wanted"),
    ActionState.PLANNED: _l("Being mended"),
    ActionState.REPORTED: _l("Residents recheck"),
    ActionState.CLOSED: _l("Mended and closed"),
}
STATE_COLOURS: dict[ActionState, str] = {
    ActionState.OPEN: "yellow",
    ActionState.PLANNED: "teal",
    ActionState.REPORTED: "blue",
    ActionState.CLOSED: "green",
}
SOURCES: dict[ActionSource, LazyString] = {
    ActionSource.GRADE: _l("A poor grade"),
    ActionSource.CRITICISM: _l("A criticism in words"),
    ActionSource.SERVICE_RATING: _l("A bad service rating"),
}
RECHECKS: dict[Recheck, LazyString] = {
    Recheck.MENDED: _l("Mended"),
    Recheck.PARTLY: _l("Partly mended"),
    Recheck.NOT_MENDED: _l("Not mended"),
}
OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.NOBODY: _l("No resident answered. The supervision committee looks on the spot before it closes."),
    Outcome.MENDED: _l("Not more residents say “not mended” than “mended”: it can be closed."),
    Outcome.NOT_MENDED: _l("More residents say “not mended” than “mended”: it is open again."),
}
SHOWS: dict[Show, LazyString] = {
    Show.OPEN: _l("Under way"),
    Show.OVERDUE: _l("Overdue"),
    Show.CLOSED: _l("Mended and closed"),
}
CRITICISMS: dict[CriticismSource, LazyString] = {
    CriticismSource.SPOKEN: _l("Said in the room"),
    CriticismSource.ON_A_FORM: _l("Written on forms, and read out at the count"),
    CriticismSource.OPINION: _l("From the opinions of residents"),
    CriticismSource.SERVICE_RATING: _l("From service ratings"),
}
PLAN_OUTCOMES: dict[PlanOutcome, LazyString] = {
    PlanOutcome.IMPROVED: _l("Ended: the re-appraisal is better"),
    PlanOutcome.NOT_IMPROVED: _l("Ended: no better grade"),
    PlanOutcome.LEFT_POST: _l("Ended: no longer in the post"),
}
PLAN_NEXT: dict[PlanOutcome, LazyString] = {
    PlanOutcome.IMPROVED: _l("The help has done its work. Nothing more is asked."),
    PlanOutcome.NOT_IMPROVED: _l(
        "Whoever gave the post decides what is next: other work, a talk, or help of another kind, which is "
        "opened from the page of the re-appraisal. An elected member's post ends by law alone."
    ),
    PlanOutcome.LEFT_POST: _l("There is no post any more in which to help."),
}
REFUSALS: dict[str, LazyString] = {
    "title": _l("Say in a few words what has to be mended."),
    "problem": _l("Say what the problem is."),
    "owner": _l("This person holds no post in that body any more. Choose again."),
    "measure": _l("Say what is done about it."),
    "due_on": _l("Choose a day from today on, within a year."),
    "proof": _l("Say what was done, so that residents can check it."),
    "comment": _l("This is too long: 500 characters at most."),
    "note": _l("Say what you found."),
    "spot": _l("No resident has answered. Look on the spot, and say here that you did."),
    "texts": _l("Enter one to sixty criticisms, each on a line of its own, of up to 1000 characters."),
    "subject": _l("Choose whom it is about from the list."),
    "number": _l("There is no such action under way."),
    "reason": _l("Say why nothing follows."),
    "not_poor": _l("This grade is not a poor one."),
    "on": _l("Choose a day from the certification of the result until today."),
    "text": _l("Say what was done."),
    "paper": _l("Name the paper, in up to 120 characters."),
    "talked_by": _l("Say who held the talk."),
    "helper": _l("Choose somebody else who belongs here."),
    "measures": _l("Say how this person is helped."),
    "until_on": _l("Choose a day to come."),
    "again": _l("Choose a later appraisal of the same person that has no result yet."),
}


def refusal_text(refusal: CivicForumError) -> str:
    """Return why something was refused, with the sum where a rule says it; else raise the refusal again."""
    if isinstance(refusal, Invalid) and refusal.reason in REFUSALS:
        return str(REFUSALS[refusal.reason])
    if isinstance(refusal, RuleRefused):
        return str(_("This does not stand any more: %(sum)s.", sum=refusal.verdict.arithmetic))
    if isinstance(refusal, TransitionNotAllowed | AlreadyDone):
        return str(_("This is not the time for it, or somebody else was quicker. Look at the page again."))
    raise refusal
