"""Forms of findings, queries and answers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from civicforum.fields import words_field
from civicforum.matters.models import Task
from civicforum.matters.texts_after import FINDINGS

REFUSALS = {"task": _l("This task belongs to another matter. Choose again.")}


class FindingForm(FlaskForm):
    kind = RadioField(
        _l("What did you find?"),
        choices=[(kind.value, words) for kind, words in FINDINGS.items()],
        validators=[InputRequired(_l("Choose what you found."))],
        widget=GovRadioInput(),
    )
    task_id = SelectField(_l("About which task"), widget=GovSelect())
    text = words_field(
        _l("The finding"),
        _l("Write down what you found."),
        hint=_l("What was checked, when, and what was seen. It is public at once, under your name."),
    )

    def offer(self, tasks: Iterable[Task]) -> None:
        """Fill the list of what a finding can be about."""
        self.task_id.choices = [("", _("The matter as a whole"))] + [
            (str(task.id), task.title) for task in tasks
        ]

    @property
    def about(self) -> uuid.UUID | None:
        return uuid.UUID(self.task_id.data) if self.task_id.data else None


class QueryForm(FlaskForm):
    text = words_field(
        _l("Your query"),
        _l("Write down your query."),
        hint=_l("One question at a time is answered best."),
        most=1000,
    )


class AnswerForm(FlaskForm):
    text = words_field(_l("The answer"), _l("Write down the answer."))
