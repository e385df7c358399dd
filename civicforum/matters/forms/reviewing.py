"""The answer forms of the two steps of the review."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from civicforum.fields import words_field
from civicforum.matters.rules import REVIEW_GROUNDS, STUDY_OUTCOMES, Act, Ground, ReviewOutcome
from civicforum.matters.texts import GROUNDS, OUTCOMES


class StudyForm(FlaskForm):
    outcome = RadioField(
        _l("What does the party organisation say?"),
        choices=[(outcome.value, OUTCOMES[outcome]) for outcome in STUDY_OUTCOMES],
        validators=[InputRequired(_l("Choose the outcome of the study."))],
        widget=GovRadioInput(),
    )
    text = words_field(
        _l("Opinion and reasons"),
        _l("Write down the opinion and its reasons."),
        hint=_l("Everybody can read it. The residents' committee decides next, whatever the opinion is."),
    )

    @property
    def chosen(self) -> ReviewOutcome:
        return ReviewOutcome(self.outcome.data)


class DecisionForm(FlaskForm):
    act = RadioField(
        _l("What does the committee decide?"),
        choices=[
            (Act.ACCEPT.value, _l("Accept it: it goes to deliberation")),
            (Act.ANSWER_DIRECTLY.value, _l("Answer it directly: nothing needs to be deliberated")),
            (Act.RETURN.value, _l("Return it to the author: something is missing")),
            (Act.DECLINE.value, _l("Decline it, with a ground")),
        ],
        validators=[InputRequired(_l("Choose what the committee decides."))],
        widget=GovRadioInput(),
    )
    ground = SelectField(
        _l("Ground, if it is declined"),
        description=_l("There are no other grounds than these."),
        choices=[
            ("", _l("Choose a ground")),
            *((ground.value, GROUNDS[ground]) for ground in REVIEW_GROUNDS),
        ],
        widget=GovSelect(),
    )
    text = words_field(
        _l("Answer and reasons"),
        _l("Write down the answer and its reasons."),
        hint=_l("What is missing, why it is declined, or what the answer is. Everybody can read it."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if self.act.data == Act.DECLINE.value and not self.ground.data:
            self.ground.errors = [*self.ground.errors, _("Choose the ground on which it is declined.")]
            return False
        return is_valid

    @property
    def chosen(self) -> Act:
        return Act(self.act.data)

    @property
    def chosen_ground(self) -> Ground | None:
        return Ground(self.ground.data) if self.ground.data else None
