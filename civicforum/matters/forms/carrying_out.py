"""Forms of tasks, of reports of progress, and of the report that a matter is done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired, NumberRange, ValidationError

from civicforum.errors import Invalid
from civicforum.fields import DayField, WholeField, line_field, words_field
from civicforum.matters.forms.fields import photo_field
from civicforum.matters.queries.carrying_out import Responsible
from civicforum.matters.rules_after import parse_yuan

NOT_A_DAY = _l("Enter the day as year, month and day, such as 2026-03-31.")
# What the rules refuse, by the reason they give.
REFUSALS = {
    "start_past": _l("This day has passed. A task starts today or later."),
    "due_before_start": _l("A task cannot be due before it starts."),
    "money": _l("Enter an amount in yuan, such as 12000 or 12,000.50."),
    "money_source": _l("Say where the money comes from."),
    "owner": _l("This person no longer holds a post in that body. Choose again."),
    "body": _l("This body no longer exists. Choose again."),
    "progress": _l("Enter a whole number from 0 to 100."),
    "words": _l("Say what has been done."),
    "words_to_go_back": _l("The percentage goes back: say why."),
    "no_tasks": _l("There is no task yet. Add the tasks first."),
    "tasks_open": _l("Not every task is done. Each task has to be reported as done first."),
}


class TaskForm(FlaskForm):
    """A task. `responsible` names a body, or a body and one of its people, as in "<body>:<person>"."""

    title = line_field(
        _l("What has to be done"),
        hint=_l("One step with one result, such as “Choose the contractor”."),
        missing=_l("Say what has to be done."),
        most=200,
    )
    responsible = SelectField(
        _l("Who is responsible"),
        description=_l("A body, and better still one person in it."),
        validators=[DataRequired(_l("Choose who is responsible."))],
        validate_choice=True,
        widget=GovSelect(),
    )
    standard = words_field(
        _l("How residents can tell that it is done"),
        _l("Say how residents can tell that it is done."),
        hint=_l("Something that everybody can see or check. Residents grade the result by it."),
        most=300,
    )
    money = line_field(_l("Money, in yuan"), hint=_l("Leave empty if it costs nothing."), most=20)
    money_source = line_field(
        _l("Where the money comes from"),
        hint=_l("For example the community service fund, or the owners' repair fund."),
        most=120,
    )
    starts_on = DayField(
        _l("Starts on"), wrong=NOT_A_DAY, validators=[InputRequired(_l("Enter the day it starts."))]
    )
    due_on = DayField(
        _l("Done by"), wrong=NOT_A_DAY, validators=[InputRequired(_l("Enter the day it has to be done by."))]
    )

    def offer(self, responsible: Sequence[Responsible]) -> None:
        """Fill the list of who can be responsible."""
        choices = [("", _("Choose"))]
        for line in responsible:
            choices.append((str(line.body.id), _("%(body)s (nobody named)", body=line.body.name)))
            choices += [
                (f"{line.body.id}:{person.id}", f"{line.body.name} · {person.name}（{posts}）")
                for person, posts in line.holders
            ]
        self.responsible.choices = choices

    def validate_money(self, field: object) -> None:
        try:
            parse_yuan(self.money.data)
        except Invalid as refusal:
            raise ValidationError(REFUSALS[refusal.reason]) from refusal

    @property
    def body_id(self) -> uuid.UUID:
        return uuid.UUID(self.responsible.data.partition(":")[0])

    @property
    def owner_id(self) -> uuid.UUID | None:
        owner = self.responsible.data.partition(":")[2]
        return uuid.UUID(owner) if owner else None


class ProgressForm(FlaskForm):
    progress = WholeField(
        _l("How much is done"),
        description=_l("In per cent. At 100 the task counts as done."),
        validators=[
            InputRequired(_l("Enter a whole number from 0 to 100.")),
            NumberRange(0, 100, _l("Enter a whole number from 0 to 100.")),
        ],
    )
    text = words_field(
        _l("What has been done"),
        _l("Say what has been done."),
        hint=_l("If the percentage goes back, say why: it stays visible."),
    )
    photo = photo_field(_l("Photo as proof"), hint=_l("Not required. No faces and no number plates, please."))
    photo_description = line_field(_l("What the photo shows"), most=200)


class DoneForm(FlaskForm):
    text = words_field(
        _l("Closing report"),
        _l("Write the closing report."),
        hint=_l(
            "What was done, what it cost, and what could not be done. Residents read it before they grade."
        ),
    )
    photo = photo_field(
        _l("Photo of the result"), hint=_l("Not required. No faces and no number plates, please.")
    )
    photo_description = line_field(_l("What the photo shows"), most=200)
