"""Forms of the reserve list: the plan, a recommendation, inspection, leaving, the choice, declaring void."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from civicforum.appraisals.models import Cycle
from civicforum.fields import WholeField, line_field, words_field
from civicforum.reserve.models import Selection
from civicforum.reserve.rules import plain
from civicforum.reserve.services import Given
from civicforum.reserve.texts import TIES


class PlanForm(FlaskForm):
    year = WholeField(_l("Year"), validators=[InputRequired(_l("Enter the year."))])
    title = line_field(_l("Title"), missing=_l("Enter a title."), most=200)
    criteria = words_field(
        _l("Criteria"),
        _l("Enter the criteria."),
        hint=_l(
            "Who can be recommended and by whom, what the inspection asks, and for what there is a bonus."
        ),
        most=4000,
    )
    places = WholeField(
        _l("Places"),
        validators=[
            InputRequired(_l("Enter how many can be chosen.")),
            NumberRange(1, 500, _l("There is at least one place.")),
        ],
    )
    appraisal_weight = line_field(
        _l("Weight of the appraisal ballot"),
        hint=_l("In percent, or as a fraction such as 2/5; both weights together are the whole."),
        missing=_l("Enter the weight of the appraisal ballot."),
        most=20,
    )
    exam_weight = line_field(_l("Weight of the exam"), missing=_l("Enter the weight of the exam."), most=20)
    exam_least = line_field(
        _l("Least points in the exam"),
        hint=_l("Of 100; whoever has fewer does not go on. 0 means that there is no such line."),
        missing=_l("Enter the points."),
        most=20,
    )

    def fill(self, selection: Selection) -> None:
        """Show the plan as it stands."""
        for name in ("year", "title", "criteria", "places"):
            self[name].data = getattr(selection, name)
        for name in ("appraisal_weight", "exam_weight", "exam_least"):
            self[name].data = plain(Fraction(getattr(selection, name)))

    def given(self) -> Given:
        """Return what a valid form says."""
        return Given(
            year=self.year.data,
            title=self.title.data,
            criteria=self.criteria.data,
            places=self.places.data,
            appraisal_weight=self.appraisal_weight.data,
            exam_weight=self.exam_weight.data,
            exam_least=self.exam_least.data,
        )


class RecommendForm(FlaskForm):
    person = line_field(
        _l("Who is recommended"), hint=_l("Name or roll number."), missing=_l("Say who."), most=80
    )
    recommended_by = line_field(
        _l("Which organisation recommends"), missing=_l("Say which organisation."), most=120
    )
    recommendation = words_field(_l("Why they are recommended"), _l("Say why."))
    bonus = line_field(
        _l("Bonus points by the posted criteria"), hint=_l("Leave it empty where there is none."), most=20
    )
    bonus_reason = line_field(_l("What the bonus is for"), most=300)


class LinkForm(FlaskForm):
    cycle = SelectField(
        _l("Appraisal of the candidates"),
        widget=GovSelect(),
        validators=[InputRequired(_l("Choose the appraisal."))],
    )

    def offer(self, cycles: Sequence[Cycle]) -> None:
        self.cycle.choices = [("", _("Choose"))] + [(str(cycle.id), cycle.title) for cycle in cycles]


class InspectForm(FlaskForm):
    text = words_field(_l("What the inspection found"), _l("Write down what it found."), most=4000)
    passed = RadioField(
        _l("Result of the inspection"),
        widget=GovRadioInput(),
        choices=[("yes", _l("Passed")), ("no", _l("Not passed"))],
        validators=[InputRequired(_l("Choose the result."))],
    )
    reason = line_field(
        _l("Why it was not passed"), hint=_l("Only the candidate and the party committee read it."), most=300
    )


class LeaveForm(FlaskForm):
    reason = line_field(
        _l("Why"),
        hint=_l("Only the candidate and the party committee read it."),
        missing=_l("Say why."),
        most=300,
    )


class DecideForm(FlaskForm):
    """The choice; its fields are asked for only where some share the last place."""

    tie_decision = RadioField(
        _l("What becomes of those who share the last place?"),
        widget=GovRadioInput(),
        choices=[(decision.value, words) for decision, words in TIES.items()],
        validators=[Optional()],
    )
    tie_reason = line_field(
        _l("Reason of the party committee, in writing"), hint=_l("It is posted with the result."), most=500
    )


class VoidForm(FlaskForm):
    ground = line_field(
        _l("Why it is void"),
        hint=_l("It is posted. The year is free again."),
        missing=_l("Say why."),
        most=300,
    )
