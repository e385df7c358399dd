"""Fields that only forms of matters have: days from the calendar, and pictures."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovTextInput
from wtforms import DateField


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
