"""Forms of the notice board."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea, GovTextInput
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from civicforum.fields import strip
from civicforum.notices.texts import CATEGORIES


class NoticeForm(FlaskForm):
    category = RadioField(
        _l("What is the notice about?"),
        widget=GovRadioInput(),
        choices=[(category.value, words) for category, words in CATEGORIES.items()],
        validators=[InputRequired(_l("Choose what the notice is about."))],
    )
    title = StringField(
        _l("Title"),
        widget=GovTextInput(),
        filters=[strip],
        validators=[
            InputRequired(_l("Give the notice a title.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
    )
    text = TextAreaField(
        _l("Text"),
        description=_l(
            "Names are enough: no identity numbers, telephone numbers or exact addresses of residents."
        ),
        widget=GovTextArea(),
        filters=[strip],
        validators=[
            InputRequired(_l("Write the notice.")),
            Length(max=20000, message=_l("At most 20,000 characters.")),
        ],
    )
