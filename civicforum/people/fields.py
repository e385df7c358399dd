"""The form field for a day that people and bodies share."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

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
