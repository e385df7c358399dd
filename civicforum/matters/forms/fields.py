"""Fields that several forms of matters share, each with its own words where something is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovTextArea, GovTextInput
from wtforms import DateField, Form, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length


class DayField(DateField):
    """A day, chosen in the browser's calendar."""

    data: date
    widget = GovTextInput()

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **{"render_kw": {"type": "date"}, **kwargs})

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Enter the day as year, month and day, such as 2026-03-31.")) from None


class WholeField(IntegerField):
    """A whole number."""

    data: int
    widget = GovTextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Enter a whole number.")) from None


class LineField(StringField):
    data: str
    widget = GovTextInput()


class WordsField(TextAreaField):
    data: str
    widget = GovTextArea()


def strip(text: str | None) -> str:
    """Return what was typed without space around it."""
    return (text or "").strip()


def words_field(label: str, missing: str, *, hint: str = "", most: int = 2000) -> WordsField:
    """Return a field for a few sentences that may not stay empty."""
    return WordsField(
        label,
        description=hint,
        filters=[strip],
        validators=[
            DataRequired(missing),
            Length(max=most, message=_l("This is too long: %(max)d characters at most.")),
        ],
    )


def line_field(label: str, *, hint: str = "", missing: str = "", most: int) -> LineField:
    """Return a field for one line; `missing` is said when it may not stay empty."""
    required = [DataRequired(missing)] if missing else []
    return LineField(
        label,
        description=hint,
        filters=[strip],
        validators=[*required, Length(max=most, message=_l("This is too long: %(max)d characters at most."))],
    )


def photo_field(label: str, *, hint: str = "") -> FileField:
    """Return a field for one picture; a script makes it smaller before it is sent."""
    return FileField(
        label,
        description=hint,
        widget=GovFileInput(),
        render_kw={"accept": "image/jpeg,image/png,image/webp", "data-photos": "1600"},
    )


def uploaded(field: FileField) -> bytes | None:
    """Return the bytes of the chosen picture, or None when none was chosen."""
    if field.data is None or not field.data.filename:
        return None
    content: bytes = field.data.read()
    return content


def add_error(form: Form, field: str | None, message: str) -> None:
    """Put a refusal beside its field, or on top of the form, as the form's own checks do."""
    if field is None or field not in form:
        form.form_errors.append(message)
    else:
        form[field].errors = [*form[field].errors, message]
