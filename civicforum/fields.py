"""Form fields that features share, each with its own words where something is wrong."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import Form, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length


class LineField(StringField):
    """One line of text."""

    data: str
    widget = GovTextInput()


class WordsField(TextAreaField):
    """Some sentences."""

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
    """Return what was typed without space around it."""
    return (text or "").strip()


def line_field(label: str, *, hint: str = "", missing: str | None = None, most: int) -> LineField:
    """Return a field for one line; `missing` is said when it may not stay empty."""
    required = [] if missing is None else [DataRequired(missing)]
    return LineField(
        label,
        description=hint,
        filters=[strip],
        validators=[*required, Length(max=most, message=_l("This is too long: %(max)d characters at most."))],
    )


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


def add_error(form: Form, field: str | None, message: str) -> None:
    """Put a refusal beside its field, or on top of the form, as the form's own checks do."""
    if field is None or field not in form:
        form.form_errors.append(message)
    else:
        form[field].errors = [*form[field].errors, message]
