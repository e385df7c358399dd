"""Forms with which a meeting is planned, changed or called off."""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextArea, GovTextInput
from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from civicforum.fields import DayField, clock_field, day_field, instant_of, strip
from civicforum.meetings.rules import LENGTHS, Held
from civicforum.meetings.services import Plan, PlannedItem
from civicforum.meetings.texts_before import HELD

MOST_ITEMS = 12


class ItemForm(Form):
    """One item of an agenda. What it has to contain, the service says."""

    matter = SelectField(_l("Matter"), widget=GovSelect(), validators=[Optional()])
    title = StringField(
        _l("Topic"),
        description=_l("May stay empty when you chose a matter."),
        widget=GovTextInput(),
        filters=[strip],
        validators=[Length(max=200, message=_l("At most 200 characters."))],
    )
    text = TextAreaField(
        _l("Text that is talked about or voted on"),
        description=_l(
            "Word for word. May stay empty when you chose a matter: then it is the matter's own text."
        ),
        widget=GovTextArea(),
        filters=[strip],
        validators=[Length(max=8000, message=_l("At most 8,000 characters."))],
    )
    minutes = SelectField(
        _l("Time for it"),
        choices=[(str(number), _l("%(number)s minutes", number=number)) for number in LENGTHS],
        default="20",
        widget=GovSelect(),
    )
    studied_on = DayField(
        _l("Studied by the party organisation on"),
        description=_l("For a topic that is no matter. A matter was studied before it got here."),
        validators=[Optional()],
    )
    study_text = StringField(
        _l("What the study came to"),
        widget=GovTextInput(),
        filters=[strip],
        validators=[Length(max=500, message=_l("At most 500 characters."))],
    )
    item = HiddenField()
    # What a session asked an assembly for, when the item takes it up.
    follow_up = HiddenField()


class PlanForm(FlaskForm):
    """A meeting to be announced, or one that is changed."""

    title = StringField(
        _l("Title"),
        widget=GovTextInput(),
        filters=[strip],
        validators=[
            InputRequired(_l("Give the meeting a title.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
    )
    starts_on = day_field(_l("Day"))
    starts_at = clock_field(_l("Time"))
    place = StringField(
        _l("Place"),
        widget=GovTextInput(),
        filters=[strip],
        validators=[
            InputRequired(_l("Say where the meeting is.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
    )
    body = SelectField(
        _l("Body whose members are invited"), widget=GovSelect(), validators=[Optional()], default=""
    )
    held = RadioField(
        _l("How is it held?"),
        choices=[(held.value, words) for held, words in HELD.items()],
        default=Held.ROOM.value,
        widget=GovRadioInput(),
    )
    chair = SelectField(_l("Chair"), widget=GovSelect(), validators=[Optional()], default="")
    clerk = SelectField(_l("Who writes the minutes"), widget=GovSelect(), validators=[Optional()], default="")
    agenda = FieldList(FormField(ItemForm), min_entries=1, max_entries=MOST_ITEMS)
    urgent_reason = StringField(
        _l("Reason for urgency"),
        description=_l("Only when the meeting cannot wait for the notice. It is published with the notice."),
        widget=GovTextInput(),
        filters=[strip],
        validators=[Length(max=300, message=_l("At most 300 characters."))],
    )

    def set_choices(
        self,
        *,
        matters: list[tuple[str, str]],
        bodies: list[tuple[str, str]],
        chairs: list[tuple[str, str]],
        clerks: list[tuple[str, str]],
    ) -> None:
        self.body.choices = [("", _("No body: everybody concerned is invited")), *bodies]
        self.chair.choices = [("", _("Nobody yet")), *chairs]
        self.clerk.choices = [("", _("Nobody yet")), *clerks]
        for entry in self.agenda:
            entry.form.matter.choices = [("", _("No matter: a topic of its own")), *matters]

    def plan(self) -> Plan:
        """Return what a valid form says. The day and the time are the community's."""
        return Plan(
            title=self.title.data or "",
            place=self.place.data or "",
            starts_at=instant_of(self.starts_on, self.starts_at),
            items=[_item(entry.form) for entry in self.agenda if is_filled(entry.form)],
            chair_id=key_of(self.chair.data),
            body_id=key_of(self.body.data),
            urgent_reason=self.urgent_reason.data or "",
            held=Held(self.held.data),
            clerk_id=key_of(self.clerk.data),
        )

    def all_errors(self) -> list[dict[str, str]]:
        """Return every message with the address of its field, for the summary on top."""
        links = [
            {"text": field.errors[0], "href": f"#{field.id}"}
            for field in self
            if field.errors and field is not self.agenda
        ]
        links += [
            {"text": field.errors[0], "href": f"#{field.id}"}
            for entry in self.agenda
            for field in entry.form
            if field.errors
        ]
        return links + [{"text": str(message)} for message in self.form_errors]


class ReasonForm(FlaskForm):
    reason = StringField(
        _l("Reason"),
        description=_l("It is published."),
        widget=GovTextInput(),
        filters=[strip],
        validators=[
            InputRequired(_l("Give the reason.")),
            Length(max=300, message=_l("At most 300 characters.")),
        ],
    )


class ChangeForm(PlanForm):
    reason = StringField(
        _l("Reason for the change"),
        description=_l("It is published with the new notice."),
        widget=GovTextInput(),
        filters=[strip],
        validators=[
            InputRequired(_l("Give the reason.")),
            Length(max=300, message=_l("At most 300 characters.")),
        ],
    )


def _item(form: Any) -> PlannedItem:
    return PlannedItem(
        title=form.title.data,
        text=form.text.data,
        minutes=int(form.minutes.data),
        matter_id=key_of(form.matter.data),
        studied_on=form.studied_on.data,
        study_text=form.study_text.data,
        item_id=key_of(form.item.data),
        follow_up_id=key_of(form.follow_up.data),
    )


def is_filled(form: Any) -> bool:
    return bool(form.matter.data or form.title.data or form.text.data)


def key_of(value: str | None) -> uuid.UUID | None:
    """Return the id that a list or a hidden field says, or None."""
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        return None
