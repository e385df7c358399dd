"""Words beside an answer that cannot be sealed, with the limits of its question."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.polls.answers import AnswerFault
from civicforum.polls.questions import QuestionSpec
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
