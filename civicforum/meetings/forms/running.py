"""Forms of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextInput
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from civicforum.fields import strip
from civicforum.meetings.rules import ParticipantClass
from civicforum.meetings.texts import CLASSES


class GuestForm(FlaskForm):
    """Somebody from outside the community."""

    name = StringField(
        _l("Name of the guest"),
        widget=GovTextInput(),
        filters=[strip],
        validators=[
            InputRequired(_l("Write the guest's name.")),
            Length(max=80, message=_l("At most 80 characters.")),
        ],
    )
    as_class = SelectField(
        _l("For whom the guest speaks"),
        widget=GovSelect(),
        choices=[(kind.value, words) for kind, words in CLASSES.items()],
        default=ParticipantClass.PROPERTY_FIRM.value,
    )
