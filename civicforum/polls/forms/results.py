"""Forms of results: decisions with a reason, names put together, objections and answers."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import SelectField
from wtforms.validators import DataRequired

from civicforum.fields import words_field
from civicforum.polls.forms.reasons import reason_field
from civicforum.polls.outcomes import QuestionResult
from civicforum.polls.services.results import LONGEST_OBJECTION


class PlainForm(FlaskForm):
    """A button, and nothing to fill in."""


class PaperAloneForm(FlaskForm):
    """Why paper alone is counted."""

    reason = reason_field(
        _l("Why is paper alone counted?"),
        hint=_l("For everybody to read. It also stands on the ballot record."),
    )


class MergeForm(FlaskForm):
    """Two spellings of one question; a choice is the question's number and the name, as in "2:丁一"."""

    spelling = SelectField(
        _l("This spelling"), validators=[DataRequired(_l("Choose a spelling."))], widget=GovSelect()
    )
    name = SelectField(_l("Counts as"), validators=[DataRequired(_l("Choose a name."))], widget=GovSelect())
    reason = reason_field(
        _l("Why are they one person?"),
        hint=_l("For everybody to read, such as “The same person: 丁壹 is an older way of writing 丁一.”"),
    )

    def offer(self, questions: Sequence[QuestionResult]) -> None:
        """Fill both lists with the names that were written in."""
        choices = [("", _("Choose"))]
        for number, question in enumerate(questions):
            choices += [
                (f"{number}:{line.name}", f"{number + 1}. {line.name} ({line.figures.together[0]})")
                for line in question.lines
                if line.is_written_in
            ]
        self.spelling.choices = self.name.choices = choices


class ObjectForm(FlaskForm):
    """What is wrong with a result."""

    text = words_field(
        _l("What is wrong with the result?"),
        _l("Write down what is to be said."),
        hint=_l("Say what you saw, where and when. The text is published with the answer, your name is not."),
        most=LONGEST_OBJECTION,
    )


class AnswerForm(FlaskForm):
    """The answer to an objection."""

    text = words_field(
        _l("The answer"),
        _l("Write down what is to be said."),
        hint=_l("What was looked at, what was found, and what follows. Everybody reads it."),
        most=LONGEST_OBJECTION,
    )
