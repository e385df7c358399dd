"""Forms of resignations, and of posts that ended by themselves."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired

from civicforum.bodies.rules import BodyKind
from civicforum.elections.recalls import EndGround
from civicforum.elections.services.resigning import (
    ASSEMBLIES,
    BY_ITSELF,
    LONGEST_PAPER,
    LONGEST_REASON,
    Decided,
)
from civicforum.elections.texts_recalls import ASSEMBLIES as ASSEMBLY_WORDS
from civicforum.elections.texts_recalls import GROUNDS, REFUSALS
from civicforum.fields import day_field, line_field, words_field


class ResignForm(FlaskForm):
    """Why somebody resigns."""

    reason = words_field(_l("Why do you resign?"), REFUSALS["reason"], most=LONGEST_REASON)


class DecideResignationForm(FlaskForm):
    """What an assembly decided on a resignation."""

    PASSED, NOT_PASSED = "passed", "not_passed"
    assembly = RadioField(
        _l("Which assembly decided?"),
        widget=GovRadioInput(),
        choices=[(kind.value, ASSEMBLY_WORDS[kind]) for kind in ASSEMBLIES],
        validators=[InputRequired(REFUSALS["assembly"])],
    )
    decision = RadioField(
        _l("What did it decide?"),
        widget=GovRadioInput(),
        choices=[
            (PASSED, _l("It passed the resignation: the post ends on that day")),
            (NOT_PASSED, _l("It did not pass it: the member stays in the post")),
        ],
        validators=[InputRequired(_l("Choose what the assembly decided."))],
    )
    on = day_field(_l("On which day?"))
    paper = line_field(_l("Number of the resolution"), missing=REFUSALS["paper"], most=LONGEST_PAPER)

    def decided(self) -> Decided:
        """Return what a valid form says."""
        return Decided(
            is_passed=self.decision.data == self.PASSED,
            assembly=BodyKind(self.assembly.data),
            on=self.on.data,
            paper=self.paper.data,
        )


class EndForm(FlaskForm):
    """Why a post ended by itself, when, and which paper says so."""

    ground = RadioField(
        _l("Why has the post ended?"),
        widget=GovRadioInput(),
        choices=[(ground.value, GROUNDS[ground]) for ground in BY_ITSELF],
        validators=[InputRequired(REFUSALS["ground"])],
    )
    on = day_field(_l("Last day in the post"))
    paper = line_field(
        _l("Number of the paper"),
        hint=_l("Such as the number of the court's judgment. Everybody reads it."),
        missing=REFUSALS["paper"],
        most=LONGEST_PAPER,
    )

    @property
    def end_ground(self) -> EndGround:
        return EndGround(self.ground.data)
