"""Forms of leaving and of being forgotten; what cannot be undone is confirmed a second time."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from civicforum.fields import words_field
from civicforum.transfer.services.deleting import GROUND_MOST

KEEP, DELETE = "keep", "delete"


class DeletionForm(FlaskForm):
    texts = RadioField(
        _l("What you wrote for all: comments, opinions and statements"),
        widget=GovRadioInput(),
        choices=[
            (KEEP, _l("They stay, without my name")),
            (DELETE, _l("They are deleted too")),
        ],
        validators=[InputRequired(_l("Choose what happens to what you wrote."))],
    )
    sure = BooleanField(
        _l("I know that nobody can undo it, and that I cannot sign in afterwards"),
        widget=GovCheckboxInput(),
        validators=[InputRequired(_l("Confirm that you know it."))],
    )


class CarryOutForm(FlaskForm):
    sure = BooleanField(
        _l("I checked who asks, and know that nobody can undo it"),
        widget=GovCheckboxInput(),
        validators=[InputRequired(_l("Confirm that you checked it."))],
    )


class RefuseForm(FlaskForm):
    ground = words_field(
        _l("Why it is refused"),
        _l("Say why."),
        hint=_l("The resident reads it, and may complain or sue (article 50). Name the law."),
        most=GROUND_MOST,
    )


class ExportForm(FlaskForm):
    sure = BooleanField(
        _l("I know that the file holds personal data of everybody, and keep it as safe as the database"),
        widget=GovCheckboxInput(),
        validators=[InputRequired(_l("Confirm that you know it."))],
    )
