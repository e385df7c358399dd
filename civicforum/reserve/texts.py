"""The reserve list in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.matters.rules import LineProblem
from civicforum.reserve.rules import SelectionState, Stage, TieDecision

STAGES: dict[Stage, LazyString] = {
    Stage.RECOMMENDATION: _l("Put forward by organisations"),
    Stage.APPRAISAL: _l("Appraisal ballot"),
    Stage.EXAM: _l("Public exam"),
    Stage.INSPECTION: _l("Inspection"),
    Stage.CHOICE: _l("Choice of the best"),
}
STATES: dict[SelectionState, LazyString] = {
    SelectionState.DRAFT: _l("Draft"),
    SelectionState.POSTED: _l("Under way"),
    SelectionState.DECIDED: _l("Decided"),
    SelectionState.VOID: _l("Declared void"),
}
STATE_COLOURS: dict[SelectionState, str] = {
    SelectionState.DRAFT: "grey",
    SelectionState.POSTED: "green",
    SelectionState.DECIDED: "blue",
    SelectionState.VOID: "red",
}
TIES: dict[TieDecision, LazyString] = {
    TieDecision.ALL: _l("All of them are chosen"),
    TieDecision.NONE: _l("None of them is chosen"),
}
# What the rules refuse, by the reason they give.
REFUSALS: dict[str, LazyString] = {
    "empty": _l("This may not stay empty."),
    "places": _l("There is at least one place."),
    "number": _l("Enter a number such as 88.5, or a fraction such as 2/5."),
    "points": _l("Points go from 0 to 100."),
    "weights": _l("Both weights are above 0, and together they are 100 per cent."),
    "year": _l("A selection is planned for this year or for the next."),
    "bonus": _l("A bonus and its reason belong together: enter both or neither."),
    "subjects": _l("In this appraisal others are graded than the candidates still on the way."),
    "nobody": _l("Nobody is on the way: recommend somebody, or declare the selection void."),
    "no_tie": _l("Nobody shares the last place: there is nothing to decide."),
    LineProblem.NOT_FOUND.value: _l("Nobody of this name or roll number lives here."),
    LineProblem.AMBIGUOUS.value: _l("Several people have this name: enter the roll number."),
    LineProblem.LEFT.value: _l("This person no longer lives here."),
}
