"""Forms about those elected: somebody does not take the seat, a certificate, the filing of the result."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired

from civicforum.elections.services.winners import LONGEST_CERTIFICATE, LONGEST_FILING, LONGEST_GROUND
from civicforum.elections.texts_rounds import LETTING_GO, REFUSALS
from civicforum.fields import day_field, line_field, words_field


class LetGoForm(FlaskForm):
    """Why somebody elected does not take the seat."""

    state = RadioField(
        _l("What happened?"),
        choices=[(state.value, words) for state, (words, _hint) in LETTING_GO.items()],
        validators=[InputRequired(REFUSALS["state"])],
        widget=GovRadioInput(),
    )
    ground = words_field(
        _l("Reason"), REFUSALS["ground"], hint=_l("For everybody to read."), most=LONGEST_GROUND
    )


class CertificateForm(FlaskForm):
    certificate = line_field(
        _l("Number of the certificate"), missing=REFUSALS["certificate"], most=LONGEST_CERTIFICATE
    )
    certified_on = day_field(_l("Issued on"))


class FilingForm(FlaskForm):
    note = line_field(
        _l("Filed with the subdistrict under"),
        hint=_l("Number and date of the paper."),
        missing=REFUSALS["note"],
        most=LONGEST_FILING,
    )
