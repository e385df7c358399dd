"""Form fields that features share, each with its own words where something is wrong."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import DateField, Form, HiddenField, IntegerField, StringField, TextAreaField, TimeField
from wtforms.validators import DataRequired, InputRequired, Length

from civicforum.rulebook import SHANGHAI


class LineField(StringField):
    """One line of text."""

    data: str
    widget = GovTextInput()


class WordsField(TextAreaField):
    """Some sentences."""

    data: str
    widget = GovTextArea()


class KeyField(HiddenField):
    """The id that a form was given with its page, so that what is sent twice counts once."""

    @property
    def key(self) -> uuid.UUID:
        """Return the id; a new one where it was lost."""
        try:
            return uuid.UUID(self.data or "")
        except ValueError:
            return uuid.uuid4()


# What a column of the database takes; and days that people mean, whom calendars and clocks can reckon with.
LARGEST = 2**31 - 1
YEARS = range(1900, 2200)


class WholeField(IntegerField):
    """A whole number that a column takes."""

    data: int
    widget = GovTextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Enter a whole number.")) from None
        if self.data is not None and abs(self.data) > LARGEST:
            self.data = None  # type: ignore[assignment]
            raise ValueError(_l("Enter a whole number."))


class DayField(DateField):
    """A day, chosen in the browser's calendar; `wrong` is said where what was typed is none of ours."""

    data: date
    widget = GovTextInput()

    def __init__(
        self, label: str, *, wrong: str = _l("Enter a date, as in 2026-03-08."), **kwargs: Any
    ) -> None:
        super().__init__(label, **{"render_kw": {"type": "date"}, **kwargs})
        self.wrong = wrong

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(self.wrong) from None
        if self.data is not None and self.data.year not in YEARS:
            self.data = None  # type: ignore[assignment]
            raise ValueError(self.wrong)


class ClockField(TimeField):
    """A time of day."""

    data: time
    widget = GovTextInput()

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **{"render_kw": {"type": "time"}, **kwargs})

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            # Browsers send seconds when a time was set with them.
            super().process_formdata([value[:5] for value in valuelist])
        except ValueError:
            raise ValueError(_l("Enter a time, as in 19:30.")) from None


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


def day_field(label: str) -> DayField:
    """Return a field for a day that may not stay empty."""
    return DayField(label, validators=[InputRequired(_l("Enter the day."))])


def clock_field(label: str, *, default: time | None = None) -> ClockField:
    """Return a field for a time of day that may not stay empty."""
    return ClockField(label, default=default, validators=[InputRequired(_l("Enter the time."))])


def instant_of(day: DayField, clock: ClockField) -> datetime:
    """Return the instant that two valid fields name; day and hour are the community's."""
    return datetime.combine(day.data, clock.data, SHANGHAI).astimezone(UTC)


def day_and_clock(name: str, at: datetime | None) -> dict[str, date | time]:
    """Return what the fields `name`_on and `name`_at are first filled with; nothing without one."""
    if at is None:
        return {}
    local = at.astimezone(SHANGHAI)
    return {f"{name}_on": local.date(), f"{name}_at": local.time()}


def add_error(form: Form, field: str | None, message: str) -> None:
    """Put a refusal beside its field, or on top of the form, as the form's own checks do."""
    if field is None or field not in form:
        form.form_errors.append(message)
    else:
        form[field].errors = [*form[field].errors, message]
