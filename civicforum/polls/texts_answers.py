"""Answers in words: what is wrong with one that cannot be sealed, and what one says at the review."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.polls.answers import AnswerFault
from civicforum.polls.questions import AGAINST, Marking, QuestionKind, QuestionSpec
from civicforum.sealed import Answer
from civicforum.sealed.texts import LONGEST_TEXT


def answer_fault_text(fault: str, spec: QuestionSpec) -> str:
    """Return what is wrong with an answer to this question, and what to do."""
    return answer_fault_texts(spec)[AnswerFault(fault)]


def answer_fault_texts(spec: QuestionSpec) -> dict[str, str]:
    """Return the words of every fault, by its value: the page hands them to its script."""
    return {
        AnswerFault.TOO_MANY: ngettext(
            "You can choose %(num)s at most. Take another one away first.",
            "You can choose %(num)s at most. Take another one away first.",
            spec.most,
        ),
        AnswerFault.TOO_FEW: ngettext(
            "Choose at least %(num)s.",
            "Choose at least %(num)s.",
            spec.least,
        ),
        AnswerFault.NAME_TOO_LONG: _(
            "This name is too long to be sealed. About %(signs)s Chinese characters fit.",
            signs=LONGEST_TEXT // 3,
        ),
        AnswerFault.NAME_LISTED: _("This name stands on the list above. Mark it there."),
        AnswerFault.NAME_TWICE: _("This name is written twice. Once is enough."),
        AnswerFault.NAME_WITHOUT_AGAINST: _(
            "A name is written in instead of somebody listed: for each name, mark somebody listed as against."
        ),
        AnswerFault.PLACE_TWICE: _("This place is given twice. Give each place once."),
        AnswerFault.PLACE_MISSING: _(
            "A place before this one is missing. Number them 1, 2, 3 without a gap."
        ),
        AnswerFault.UNREADABLE: _("This answer could not be read. Please mark it again."),
    }


def answer_lines(spec: QuestionSpec, answer: Answer) -> list[str]:
    """Return what an answer says, a line for each mark, for the review; none where nothing is marked."""
    match spec.kind:
        case QuestionKind.MOTION:
            return [_("Against") if AGAINST in answer.chosen else _("For")] if answer.chosen else []
        case QuestionKind.SELECTION if spec.marking is Marking.TICKS:
            return [spec.options[option] for option in sorted(answer.chosen)]
        case QuestionKind.SELECTION:
            return [
                *(_("For: %(name)s", name=spec.options[option]) for option in sorted(answer.chosen)),
                *(_("Against: %(name)s", name=spec.options[option]) for option in sorted(answer.against)),
                *(_("Written in: %(name)s", name=name) for name in answer.names),
            ]
        case QuestionKind.GRADE:
            return [
                f"{spec.options[row]}: {spec.levels[answer.levels[row]]}" for row in sorted(answer.levels)
            ]
        case QuestionKind.RANKING:
            return [f"{place}. {spec.options[option]}" for place, option in enumerate(answer.order, 1)]
