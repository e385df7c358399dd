"""Forms of the minutes: correcting them, and a signature that was made on paper."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired

from civicforum.fields import line_field, words_field
from civicforum.meetings.texts_after import SIGNERS

# Two hundred speeches with their gist fit in.
LONGEST_MINUTES = 120_000


class MinutesForm(FlaskForm):
    text = words_field(
        _l("Minutes"),
        _l("Write the minutes."),
        hint=_l(
            "Drafted from attendance, motions, speeches and votes. Add what was said. They are posted: leave "
            "out identity numbers, phones and addresses, and names of residents who spoke for themselves."
        ),
        most=LONGEST_MINUTES,
    )


class PaperSignatureForm(FlaskForm):
    """`text_hash` comes from the page whose text was printed and signed."""

    signer = RadioField(
        _l("Who signed on paper?"),
        widget=GovRadioInput(),
        choices=[(signer.value, words) for signer, words in SIGNERS.items()],
        validators=[InputRequired(_l("Choose who signed."))],
    )
    paper_file = line_field(
        _l("Number of the file that keeps the signed paper"),
        missing=_l("Enter the number of the file."),
        most=60,
    )
