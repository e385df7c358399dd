"""Form fields that people and bodies share."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import Form, IntegerField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import Length, ValidationError

from civicforum.people.importing.columns import CellInvalid, read_day


class DayField(StringField):
    """A day, from the browser's calendar or typed in any spelling that lists use. What was typed is kept."""

    widget = GovTextInput()

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **{"render_kw": {"type": "date"}, **kwargs})
        self.day: date | None = None

    def pre_validate(self, form: BaseForm) -> None:
        try:
            self.day = read_day(self.data)
        except CellInvalid as error:
            raise ValidationError(_l("Enter the day as year, month and day, such as 2026-03-31.")) from error


class LineField(StringField):
    data: str
    widget = GovTextInput()


class WordsField(TextAreaField):
    data: str
    widget = GovTextArea()


class WholeField(IntegerField):
    """A whole number."""

    data: int
    widget = GovTextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Enter a whole number.")) from None


def strip(text: str | None) -> str:
    return (text or "").strip()


def line_field(label: str, *, hint: str = "", most: int, validators: tuple[Any, ...] = ()) -> LineField:
    """Return a field for one line of text, as long as its column allows."""
    too_long = _l("This is too long: %(max)d characters at most.")
    return LineField(
        label,
        description=hint,
        filters=[strip],
        validators=[*validators, Length(max=most, message=too_long)],
    )


def add_error(form: Form, field: str, message: str) -> None:
    """Put a refusal beside its field, as the form's own checks do."""
    form[field].errors = [*form[field].errors, message]
