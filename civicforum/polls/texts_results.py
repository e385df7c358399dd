"""Results in words: what came out of each question, columns of figures, and why a step is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civicforum.polls.outcomes import Decision, QuestionResult
from civicforum.polls.questions import QuestionKind

COLUMNS: dict[str, Any] = {
    "for": _l("For"),
    "against": _l("Against"),
    "neither": _l("Abstained"),
    "votes": _l("Number of votes"),
    "ungraded": _l("Without a grade"),
    "first": _l("First places"),
    "ranked": _l("Ranked at all"),
}
REFUSALS: dict[str, Any] = {
    "missing": _l("Write down what is to be said."),
    "long": _l("This is too long: 2000 characters at most."),
    "reason": _l("Say why."),
    "question": _l("Choose a question."),
    "spelling": _l("Choose a spelling that was found on ballots."),
    "name": _l("Choose a name that was found on ballots, and does not stand on the paper."),
    "same": _l("Choose two different names."),
}


def column_name(column: str) -> str:
    """Return the head of a column; a level of a scale stands for itself."""
    return str(COLUMNS.get(column, column))


def tone_of(question: QuestionResult) -> str:
    """Return how the answer is shown: good, bad, or open where more has to be done."""
    tones = {Decision.ADOPTED: "good", Decision.CHOSEN: "good", Decision.COUNTED: "good"}
    tones |= {Decision.TIED: "open", Decision.TOO_FEW: "open"}
    return tones.get(question.decision, "bad")


def answer_of(question: QuestionResult, *, is_statutory: bool) -> str:
    """Return what came out of a question, in one or two words or a list of names."""
    match question.decision:
        case Decision.ADOPTED:
            return str(_("Adopted"))
        case Decision.NOT_ADOPTED:
            return str(_("Not adopted"))
        case Decision.NO_QUORUM:
            return str(_("No result: too few took part"))
        case Decision.COUNTED:
            return _counted(question)
        case _:
            return _chosen(question, is_statutory=is_statutory)


def _counted(question: QuestionResult) -> str:
    if question.kind is QuestionKind.GRADE:
        mark = "；" if _is_chinese() else "; "
        return mark.join(_grades(line.name, line.grades) for line in question.lines)
    in_favour, against, _neither = question.lines[0].figures.together
    return str(_("%(in_favour)s for, %(against)s against", in_favour=in_favour, against=against))


def _grades(item: str, grades: Sequence[str]) -> str:
    if not grades:
        return str(_("%(item)s: not graded", item=item))
    return str(_("%(item)s: %(grades)s", item=item, grades=joined(grades)))


def _chosen(question: QuestionResult, *, is_statutory: bool) -> str:
    if not question.chosen:
        return str(_("Nobody is elected yet") if is_statutory else _("Nothing is chosen yet"))
    names = joined(question.chosen)
    return str(_("Elected: %(names)s", names=names) if is_statutory else _("Chosen: %(names)s", names=names))


def open_notes_of(question: QuestionResult) -> list[str]:
    """Return what is left open, and what has to happen then: places that nobody reached, and ties."""
    said: list[str] = []
    if question.decision is Decision.TOO_FEW:
        said.append(
            ngettext(
                "%(num)s place stays open: nobody else has enough votes.",
                "%(num)s places stay open: nobody else has enough votes.",
                question.open_seats,
            )
        )
    if question.tied:
        said.append(
            ngettext(
                "%(names)s are level for %(num)s place. Nothing is drawn: they are voted on again.",
                "%(names)s are level for %(num)s places. Nothing is drawn: they are voted on again.",
                question.tied_seats,
                names=joined(question.tied),
            )
        )
    return [str(one) for one in said]


def notes_of(question: QuestionResult) -> list[str]:
    """Return what has to be said of the figures."""
    said: list[str] = []
    if any(len(line.grades) > 1 for line in question.lines):
        said.append(_("Where two grades were given equally often, both are named and nothing decides."))
    if question.kind is QuestionKind.GRADE:
        said.append(_("The grade given most often is named. No average is taken."))
    for name, found in question.set_aside:
        said.append(
            _(
                "“%(name)s” was written in %(num)s times although the name stands on the paper. It is not "
                "added: one ballot may hold the mark and the name.",
                name=name,
                num=found,
            )
        )
    if question.unreadable:
        said.append(
            ngettext(
                "%(num)s line with a name written in could not be read.",
                "%(num)s lines with names written in could not be read.",
                question.unreadable,
            )
        )
    return [str(one) for one in said]


def joined(names: Sequence[str]) -> str:
    """Return names one after the other."""
    return ("、" if _is_chinese() else ", ").join(names)


def _is_chinese() -> bool:
    return str(get_locale()).startswith("zh")
