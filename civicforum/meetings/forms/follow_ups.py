"""Forms of what follows an item: what it asks for, and the report that a task is done."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from civicforum.bodies.models import Body
from civicforum.fields import DayField, line_field, words_field
from civicforum.matters.forms.fields import photo_field

TASK, AGENDA, NOTHING = "task", "agenda", "nothing"


class FollowUpForm(FlaskForm):
    """What an item asks for: `owner` and `due_on` are a task's; the text is what to do, or why nothing."""

    kind = RadioField(
        _l("What does it ask for?"),
        widget=GovRadioInput(),
        choices=[
            (TASK, _l("A task: a body does it, by a day")),
            (AGENDA, _l("The next assembly deals with it")),
            (NOTHING, _l("Nothing more, because ...")),
        ],
        validators=[InputRequired(_l("Choose what it asks for."))],
    )
    text = words_field(
        _l("In words"),
        _l("Say what has to be done, or why nothing."),
        hint=_l("What has to be done, what the assembly has to decide, or why nothing more is needed."),
        most=300,
    )
    owner = SelectField(_l("Who does it"), widget=GovSelect(), validate_choice=True)
    due_on = DayField(_l("Done by"), validators=[Optional()])

    def offer(self, owners: Sequence[Body]) -> None:
        self.owner.choices = [(str(body.id), body.name) for body in owners]


class FinishForm(FlaskForm):
    note = words_field(_l("What was done"), _l("Say what was done."), most=1000)
    photo = photo_field(_l("Photo"), hint=_l("If there is something to see. Nobody's face, please."))
    photo_description = line_field(_l("What the photo shows"), most=200)
