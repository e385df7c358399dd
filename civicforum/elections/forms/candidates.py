"""Forms of candidates: the checks of the review, statement and picture, questions and answers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired, Length

from civicforum.elections.models import Candidate
from civicforum.elections.rules import Disqualification
from civicforum.elections.services.reviewing import Check
from civicforum.elections.texts_candidates import DISQUALIFICATIONS
from civicforum.fields import WordsField, line_field, strip, words_field
from civicforum.matters.forms.fields import photo_field

APPLIES, CLEAR = "applies", "clear"
MOST_OF_STATEMENT = 1500


class ChecksForm(FlaskForm):
    """One question and its source for each ground of disqualification; `checks_form` makes the fields."""

    @property
    def checks(self) -> dict[Disqualification, Check]:
        return {
            ground: Check(self[ground.value].data == APPLIES, self[f"{ground}_source"].data)
            for ground in Disqualification
        }

    def fill(self, candidate: Candidate) -> None:
        """Show what was found before."""
        for ground, found in candidate.checks.items():
            self[ground].data = APPLIES if found.get("applies") else CLEAR
            self[f"{ground}_source"].data = str(found.get("source", ""))


def checks_form() -> ChecksForm:
    """Return the form with two fields for each ground, in the order of the law."""
    fields: dict[str, Any] = {}
    for ground in Disqualification:
        fields[ground.value] = RadioField(
            DISQUALIFICATIONS[ground],
            choices=[(CLEAR, _l("No")), (APPLIES, _l("Yes, this ground applies"))],
            validators=[InputRequired(_l("Say what the answer was."))],
            widget=GovRadioInput(),
        )
        fields[f"{ground}_source"] = line_field(
            _l("Who was asked, and when?"),
            hint=_l("For instance the subdistrict's discipline office, with the number of its reply."),
            missing=_l("Enter who answered this."),
            most=200,
        )
    form: ChecksForm = type("Checks", (ChecksForm,), fields)()
    return form


class CandidateForm(FlaskForm):
    """What a candidate says, with a picture."""

    statement = WordsField(
        _l("About myself and what I want to do"),
        description=_l("Who you are, and what you plan for the community. At most 1,500 characters."),
        filters=[strip],
        validators=[
            Length(max=MOST_OF_STATEMENT, message=_l("This is too long: %(max)d characters at most."))
        ],
    )
    photo = photo_field(
        _l("Picture of the candidate"),
        hint=_l("A portrait. Where and with what it was taken is removed from the file."),
    )
    without_photo = BooleanField(_l("Take the present picture off"), widget=GovCheckboxInput())


class QuestionForm(FlaskForm):
    """A voter's question to a candidate."""

    text = words_field(
        _l("Your question"),
        _l("Write your question."),
        hint=_l("Everybody can read it under your name, with the answer."),
        most=500,
    )


class AnswerForm(FlaskForm):
    """The answer to a question."""

    text = words_field(
        _l("Your answer"),
        _l("Write the answer."),
        hint=_l("Everybody can read it."),
        most=1500,
    )
