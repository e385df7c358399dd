"""Forms of support plans: the plan, and the appraisal that ends it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from civicforum.appraisals.models import AppraisalSubject
from civicforum.appraisals.services.support import Help
from civicforum.appraisals.support import LONGEST_MEASURES
from civicforum.appraisals.texts_follow import REFUSALS
from civicforum.fields import day_field, words_field
from civicforum.people.models import Person


class SupportForm(FlaskForm):
    helper = SelectField(
        _l("Who helps"), widget=GovSelect(), validators=[InputRequired(_l("Choose who helps."))]
    )
    measures = words_field(
        _l("How this person is helped"),
        REFUSALS["measures"],
        hint=_l("What is learned or done, with whom, how often. Only those concerned read it."),
        most=LONGEST_MEASURES,
    )
    until_on = day_field(_l("Until when"))

    def offer(self, people: Sequence[Person]) -> None:
        self.helper.choices = [("", _("Choose"))] + [
            (str(person.id), f"{person.name}（{person.number}）") for person in people
        ]

    def given(self) -> Help:
        """Return what a valid form says."""
        return Help(
            helper_id=uuid.UUID(self.helper.data), measures=self.measures.data, until_on=self.until_on.data
        )


class AgainForm(FlaskForm):
    again = RadioField(
        _l("Which appraisal ends the plan?"),
        widget=GovRadioInput(),
        validators=[InputRequired(REFUSALS["again"])],
    )

    def offer(self, later: Sequence[AppraisalSubject]) -> None:
        self.again.choices = [(str(one.id), f"{one.cycle.title}（{one.cycle.held_on}）") for one in later]
