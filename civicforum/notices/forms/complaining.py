"""Forms of complaints to the subdistrict office, its answer, and what was done."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired

from civicforum.fields import words_field
from civicforum.notices.rules import ComplaintGround
from civicforum.notices.rules_asking import LONGEST_ANSWER, LONGEST_COMPLAINT
from civicforum.notices.texts_asking import GROUNDS, OUTCOMES


class ComplaintForm(FlaskForm):
    ground = RadioField(
        _l("What do you complain about?"),
        validators=[InputRequired(_l("Choose what you complain about."))],
        widget=GovRadioInput(),
    )
    text = words_field(
        _l("What you have to say about it"),
        _l("Say what is late, missing or not true."),
        hint=_l(
            "The office and the supervision committee read it with your name. "
            "Nobody else does, and the residents' committee neither."
        ),
        most=LONGEST_COMPLAINT,
    )

    def offer(self, grounds: Sequence[ComplaintGround]) -> None:
        """Fill the list of grounds; the only one is chosen already."""
        self.ground.choices = [(ground.value, GROUNDS[ground]) for ground in grounds]
        if len(grounds) == 1 and self.ground.data is None:
            self.ground.data = grounds[0].value


class OutcomeForm(FlaskForm):
    outcome = RadioField(
        _l("What did the office find?"),
        choices=[(outcome.value, words) for outcome, words in OUTCOMES.items()],
        validators=[InputRequired(_l("Choose what the office found."))],
        widget=GovRadioInput(),
    )
    answer = words_field(
        _l("What its letter says"),
        _l("Write down what the letter says."),
        hint=_l("Everybody reads it. Leave out who complained."),
        most=LONGEST_ANSWER,
    )


class RemedyForm(FlaskForm):
    text = words_field(
        _l("What was done"),
        _l("Write down what was done."),
        hint=_l("Which notice was posted or corrected, and when. Everybody reads it with your name."),
        most=LONGEST_ANSWER,
    )
