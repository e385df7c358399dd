"""The form of what a deliberation came to."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea
from wtforms import (
    RadioField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from civicforum.fields import strip
from civicforum.meetings.rules import OUTCOMES_OF_DELIBERATION, OUTCOMES_OF_TOPIC
from civicforum.meetings.texts import OUTCOME_NOTES, OUTCOMES


class OutcomeForm(FlaskForm):
    """What a deliberation came to."""

    outcome = RadioField(
        _l("What did it come to?"),
        widget=GovRadioInput(),
        validators=[InputRequired(_l("Choose what it came to."))],
    )
    text = TextAreaField(
        _l("The outcome, word for word"),
        description=_l(
            "For an agreement, or for the assembly: the text that will be carried out or voted on."
        ),
        widget=GovTextArea(),
        filters=[strip],
        validators=[
            InputRequired(_l("Write down the outcome.")),
            Length(max=8000, message=_l("At most 8,000 characters.")),
        ],
    )
    dissent = TextAreaField(
        _l("Dissent"),
        description=_l("Needed where dissent is noted: what was said against it, and by which side."),
        widget=GovTextArea(),
        filters=[strip],
        validators=[Length(max=4000, message=_l("At most 4,000 characters."))],
    )

    def set_choices(self, *, has_matter: bool) -> None:
        allowed = OUTCOMES_OF_DELIBERATION if has_matter else OUTCOMES_OF_TOPIC
        self.outcome.choices = [(outcome.value, OUTCOMES[outcome]) for outcome in allowed]

    def hints(self, *, has_matter: bool) -> dict[str, Any]:
        """Return what each outcome does to a matter, as the radios' hints."""
        if not has_matter:
            return {}
        return {"items": [{"hint": {"text": OUTCOME_NOTES[outcome]}} for outcome in OUTCOMES_OF_DELIBERATION]}
