"""Forms of the election committee: who was chosen, and which posts they have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSelect
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from civicforum.elections.models import CommitteePlace
from civicforum.fields import WholeField


class FormCommitteeForm(FlaskForm):
    """How many of those chosen are members, and who of them presides."""

    size = WholeField(
        _l("How many members?"),
        description=_l("Those with most votes. Whoever comes after them follows on, in this order."),
        validators=[InputRequired(_l("Enter how many."))],
        render_kw={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"},
    )
    director = SelectField(
        _l("Director"), widget=GovSelect(), validators=[InputRequired(_l("Choose the director."))]
    )
    deputies = SelectMultipleField(_l("Deputy directors"), widget=GovCheckboxesInput())

    def offer(self, places: Sequence[CommitteePlace]) -> None:
        """Offer those chosen, in the order of votes."""
        choices: list[tuple[str, Any]] = [(str(place.person_id), place.person.name) for place in places]
        self.director.choices, self.deputies.choices = choices, choices


class MeetingForm(FlaskForm):
    """Who missed a meeting of the election committee."""

    absent = SelectMultipleField(_l("Who was missing without leave?"), widget=GovCheckboxesInput())

    def offer(self, members: Sequence[CommitteePlace]) -> None:
        """Offer the members of today."""
        self.absent.choices = [(str(place.person_id), place.person.name) for place in members]
