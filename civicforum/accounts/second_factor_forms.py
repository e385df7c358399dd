"""Forms of the second factor."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from civicforum.accounts.second_factor_rules import PASSKEY_NAME_MOST

# What an authenticator answers; a certificate of its maker is not asked for.
ANSWER_MOST = 20_000


class SecondCodeForm(FlaskForm):
    """A code that proves the second factor."""

    code = StringField(
        _l("Code"),
        description=_l("The six digits that your app shows now, or one of your recovery codes"),
        validators=[InputRequired(_l("Enter the code"))],
        widget=GovTextInput(),
    )


class FirstCodeForm(FlaskForm):
    """The first code of a new app."""

    code = StringField(
        _l("Code"),
        description=_l("The six digits that the app shows now"),
        validators=[InputRequired(_l("Enter the code"))],
        widget=GovTextInput(),
    )


class PasskeyForm(FlaskForm):
    """The name of a new passkey, and what the browser answered."""

    name = StringField(
        _l("Name of the passkey"),
        description=_l("So that you know it again: office computer, my phone, key on the ring"),
        validators=[
            InputRequired(_l("Enter a name")),
            Length(max=PASSKEY_NAME_MOST, message=_l("The name may have at most 60 characters")),
        ],
        widget=GovTextInput(),
    )
    answer = HiddenField(validators=[Length(max=ANSWER_MOST)])


class AnswerForm(FlaskForm):
    """What the browser answered for a passkey."""

    answer = HiddenField(validators=[Length(max=ANSWER_MOST)])


class TakeAwayForm(FlaskForm):
    """Why somebody's second factor is taken away."""

    lost = StringField(
        _l("Reason"),
        description=_l("How you made sure who asks, and what was lost"),
        validators=[
            InputRequired(_l("Enter the reason")),
            Length(max=300, message=_l("The reason may have at most 300 characters")),
        ],
        widget=GovTextInput(),
    )
