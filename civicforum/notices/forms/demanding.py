"""Forms of demands for a further item."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired

from civicforum.fields import line_field, words_field
from civicforum.notices.rules import Rhythm
from civicforum.notices.rules_asking import LONGEST_REASON
from civicforum.notices.texts import CATEGORIES, RHYTHMS


class ItemDemandForm(FlaskForm):
    title = line_field(
        _l("What should be posted?"),
        hint=_l("As in “Income from advertising in the lifts”."),
        missing=_l("Say what should be posted."),
        most=200,
    )
    reason = words_field(_l("Why?"), _l("Give the reason."), hint=_l("It is public."), most=LONGEST_REASON)
    category = RadioField(
        _l("What is it about?"),
        choices=[(category.value, words) for category, words in CATEGORIES.items()],
        validators=[InputRequired(_l("Choose what it is about."))],
        widget=GovRadioInput(),
    )
    rhythm = RadioField(
        _l("How often should it be posted?"),
        choices=[(rhythm.value, words) for rhythm, words in RHYTHMS.items()],
        default=Rhythm.AD_HOC.value,
        validators=[InputRequired(_l("Choose how often it should be posted."))],
        widget=GovRadioInput(),
    )
