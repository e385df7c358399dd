"""Forms of the help desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from civicforum.accounts.rules import LOGIN_MOST


class HelpForm(FlaskForm):
    """Why a clerk acts for somebody."""

    reason = StringField(
        _l("Why do you act for this person?"),
        description=_l("For instance: came to the counter without a smartphone, or asked by telephone"),
        validators=[
            InputRequired(_l("Enter the reason; the person reads it on the slip")),
            Length(max=300, message=_l("The reason may have at most 300 characters")),
        ],
        widget=GovTextInput(),
    )


class AccountForm(FlaskForm):
    """The login of a new account."""

    login = StringField(
        _l("Login"),
        description=_l("Suggested is the roll number; another may be chosen"),
        validators=[
            InputRequired(_l("Enter a login")),
            Length(max=LOGIN_MOST, message=_l("The login may have at most 80 characters")),
        ],
        widget=GovTextInput(),
    )


class SwitchForm(FlaskForm):
    """Why an account is closed, or opened again."""

    why = StringField(
        _l("Reason"),
        validators=[
            InputRequired(_l("Enter the reason")),
            Length(max=300, message=_l("The reason may have at most 300 characters")),
        ],
        widget=GovTextInput(),
    )
