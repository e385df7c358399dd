"""Forms of signing in and of the own account."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovPasswordInput, GovTextInput
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, ValidationError

from civicforum.accounts.rules import PASSWORD_LEAST, PASSWORD_MOST, PasswordFault

MISSING_LOGIN = _l("Enter your login")


class SignInForm(FlaskForm):
    """What opens an account: its login, and the password."""

    login = StringField(
        _l("Login"),
        description=_l("Your roll number, or the name you were given at the service counter"),
        validators=[InputRequired(MISSING_LOGIN)],
        widget=GovTextInput(),
    )
    password = PasswordField(
        _l("Password"), validators=[InputRequired(_l("Enter your password"))], widget=GovPasswordInput()
    )
    kept = BooleanField(_l("Keep me signed in on this device for 30 days"), widget=GovCheckboxInput())


class CodeForm(FlaskForm):
    """What opens an account: its login, and a one-time code."""

    login = StringField(_l("Login"), validators=[InputRequired(MISSING_LOGIN)], widget=GovTextInput())
    code = StringField(
        _l("One-time code"),
        description=_l("The eight digits on your slip"),
        validators=[InputRequired(_l("Enter the eight digits on your slip"))],
        widget=GovTextInput(),
    )
    kept = BooleanField(_l("Keep me signed in on this device for 30 days"), widget=GovCheckboxInput())


class PasswordForm(FlaskForm):
    """A new password, typed twice. `current` is left out for whoever came with a one-time code."""

    current = PasswordField(
        _l("Present password"),
        validators=[InputRequired(_l("Enter your present password"))],
        widget=GovPasswordInput(),
    )
    new = PasswordField(
        _l("New password"),
        description=_l("At least 8 characters. Several words in a row are easy to remember."),
        validators=[InputRequired(_l("Enter a new password"))],
        widget=GovPasswordInput(),
    )
    again = PasswordField(
        _l("New password again"),
        validators=[InputRequired(_l("Enter the new password a second time"))],
        widget=GovPasswordInput(),
    )

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.new.data:
            raise ValidationError(_("The two new passwords are not the same"))


def password_fault_text(fault: str) -> str:
    """Return the words for a refused password."""
    texts: dict[str, str] = {
        PasswordFault.TOO_SHORT: _("The password needs at least %(least)s characters", least=PASSWORD_LEAST),
        PasswordFault.TOO_LONG: _("The password may have at most %(most)s characters", most=PASSWORD_MOST),
        PasswordFault.IS_LOGIN: _("The password must not be the login"),
        PasswordFault.COMMON: _("This password is among the first that anybody would try; choose another"),
    }
    return texts[fault]
