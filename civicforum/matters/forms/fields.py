"""The field that only forms of matters have: a picture."""

from __future__ import annotations

from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput


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
