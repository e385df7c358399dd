"""Forms of results: objections, answers, and what a certified result is handed out for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from civicforum.appraisals.models import AppraisalSubject
from civicforum.appraisals.rules import UsePurpose
from civicforum.appraisals.services.objecting import LONGEST
from civicforum.appraisals.services.using import LONGEST_DOCUMENT, LONGEST_NOTE, LONGEST_ORGAN, Use
from civicforum.appraisals.texts_results import PURPOSES
from civicforum.fields import line_field, words_field


class ObjectForm(FlaskForm):
    """What is wrong with a result, and whose."""

    subject = SelectField(_l("Whose result is it about?"), widget=GovSelect())
    text = words_field(
        _l("What is wrong with the result?"),
        _l("Write down what is to be said."),
        hint=_l("Say what you saw, where and when. The text is published with the answer, your name is not."),
        most=LONGEST,
    )

    def offer(self, subjects: Sequence[AppraisalSubject]) -> None:
        """Fill the list with those who were graded."""
        self.subject.choices = [
            ("", _("The result as a whole")),
            *((str(one.id), one.name) for one in subjects),
        ]

    @property
    def subject_id(self) -> uuid.UUID | None:
        """Return whose result it is about; None for all of it."""
        return uuid.UUID(self.subject.data) if self.subject.data else None


class AnswerForm(FlaskForm):
    """The answer to an objection, and whether it is right."""

    ruling = RadioField(
        _l("What was found?"),
        choices=[
            ("upheld", _l("The objection is right")),
            ("rejected", _l("The result is right")),
        ],
        validators=[InputRequired(_l("Choose what was found."))],
        widget=GovRadioInput(),
    )
    text = words_field(
        _l("The answer, with reasons"),
        _l("Write down what is to be said."),
        hint=_l("What was looked at, what was found, and what follows. Everybody reads it."),
        most=LONGEST,
    )


class UseForm(FlaskForm):
    """What a certified result is handed out for."""

    purpose = RadioField(
        _l("What is the result used for?"),
        choices=[(one.value, words) for one, words in PURPOSES.items()],
        validators=[InputRequired(_l("Choose what the result is used for."))],
        widget=GovRadioInput(),
    )
    organ = line_field(
        _l("Which organ uses it?"),
        hint=_l("As on its seal, such as 松河街道党工委."),
        missing=_l("Name the organ."),
        most=LONGEST_ORGAN,
    )
    document = line_field(
        _l("Under which document? (may stay empty)"),
        hint=_l("Title or number of the rule or request by which the result is used."),
        most=LONGEST_DOCUMENT,
    )
    note = line_field(
        _l("Note for the file (may stay empty)"),
        hint=_l("Not published."),
        most=LONGEST_NOTE,
    )

    @property
    def use(self) -> Use:
        """Return what a valid form says."""
        return Use(
            purpose=UsePurpose(self.purpose.data),
            organ=self.organ.data,
            document=self.document.data,
            note=self.note.data,
        )
