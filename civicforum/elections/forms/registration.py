"""Forms of registration: a statement, a decision on an application, a withdrawal, ticks from the doors."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from civicforum.elections.services.registering import Said
from civicforum.elections.texts_register import GROUNDS
from civicforum.fields import line_field
from civicforum.people.fields import DayField
from civicforum.people.rules import CapacityKind


class StatementForm(FlaskForm):
    """On what ground somebody takes part; the declaration is asked for by the rules."""

    ground = RadioField(
        _l("Why do you take part here?"),
        choices=[(ground.value, words) for ground, words in GROUNDS.items()],
        validators=[InputRequired(_l("Choose one of the three grounds that the law names."))],
        widget=GovRadioInput(),
    )
    hukou_place = line_field(
        _l("Where is your household registration (hukou)?"),
        hint=_l(
            "City, district and community or village, if it is not here. "
            "The election committee may ask there whether you are registered too."
        ),
        most=120,
    )
    employed_since = DayField(
        _l("Since when do you work for this community?"),
        description=_l("Only for community workers."),
        validators=[Optional()],
    )
    declared = BooleanField(
        _l("I declare that I am not registered in the election of another community or village."),
        widget=GovCheckboxInput(),
    )

    @property
    def said(self) -> Said:
        return Said(
            ground=CapacityKind(self.ground.data),
            hukou_place=self.hukou_place.data,
            is_declared=bool(self.declared.data),
            employed_since=self.employed_since.day,
        )


class EntryForm(StatementForm):
    """What somebody else stated, on paper or at the door."""

    person = StringField()


class DecisionForm(FlaskForm):
    """Confirm or refuse an application."""

    CONFIRM, REFUSE = "confirm", "refuse"
    decision = RadioField(
        _l("What does the election committee decide?"),
        choices=[(CONFIRM, _l("Confirm: this person takes part")), (REFUSE, _l("Refuse, with the reason"))],
        validators=[InputRequired(_l("Choose what the committee decides."))],
        widget=GovRadioInput(),
    )
    reason = line_field(_l("Reason"), hint=_l("The applicant reads it. Needed for a refusal."), most=300)

    def validate_reason(self, field: StringField) -> None:
        if self.decision.data == self.REFUSE and not field.data:
            raise ValidationError(_l("Give the reason for the refusal."))

    @property
    def is_confirmed(self) -> bool:
        return bool(self.decision.data == self.CONFIRM)


class WithdrawForm(FlaskForm):
    """Take a statement back."""

    reason = line_field(_l("Reason"), hint=_l("May be left empty."), most=300)


class OfficerWithdrawForm(FlaskForm):
    """Take somebody's statement back, for a reason."""

    reason = line_field(
        _l("Why is it withdrawn?"),
        hint=_l("For instance registered twice, or moved away. The person reads it."),
        missing=_l("Enter the reason."),
        most=300,
    )


class DoorsForm(FlaskForm):
    """Whoever was ticked on a page of the list for the doors."""

    people = SelectMultipleField(validate_choice=False)
