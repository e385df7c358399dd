"""Forms of the floor: motions, counted hands, how a vote is taken."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextArea, GovTextInput
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from civicforum.fields import strip
from civicforum.meetings.floor import MotionKind, VoteWay
from civicforum.meetings.services.moving import LONGEST_REASON, LONGEST_TEXT
from civicforum.meetings.texts_floor import MOTIONS, WAYS


class MotionForm(FlaskForm):
    """Something moved on the item in hand. What it has to contain, the service says."""

    kind = RadioField(
        _l("What do you move?"),
        widget=GovRadioInput(),
        choices=[(kind.value, words) for kind, words in MOTIONS.items()],
        validators=[InputRequired(_l("Choose what you move."))],
    )
    parent = SelectField(_l("Of which text"), widget=GovSelect(), validators=[Optional()], default="")
    text = TextAreaField(
        _l("The text as it would read"),
        description=_l("Of a motion or an amendment, word for word and whole. Empty for the others."),
        widget=GovTextArea(),
        filters=[strip],
        validators=[Length(max=LONGEST_TEXT, message=_l("At most 8,000 characters."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("May stay empty: you can say it when you have the floor."),
        widget=GovTextArea(),
        filters=[strip],
        validators=[Length(max=LONGEST_REASON, message=_l("At most 500 characters."))],
    )
    attendance = SelectField(_l("Who moves it"), widget=GovSelect(), validators=[Optional()], default="")

    def moved(self) -> MotionKind:
        """Return what a valid form moves."""
        return MotionKind(self.kind.data)


def _number(label: str) -> IntegerField:
    return IntegerField(
        label,
        widget=GovTextInput(),
        render_kw={"inputmode": "numeric"},
        validators=[
            InputRequired(_l("Enter a number; 0 if nobody raised a hand.")),
            NumberRange(min=0, max=100_000, message=_l("Enter a number; 0 if nobody raised a hand.")),
        ],
    )


class HandsForm(FlaskForm):
    """Raised hands, counted by two people."""

    in_favour = _number(_l("For"))
    against = _number(_l("Against"))
    abstained = _number(_l("Abstain"))
    checked_by = StringField(
        _l("Name of the second counter"),
        description=_l("Two people count, and agree."),
        widget=GovTextInput(),
        filters=[strip],
        validators=[
            InputRequired(_l("Name who counted a second time.")),
            Length(max=80, message=_l("At most 80 characters.")),
        ],
    )


class WayForm(FlaskForm):
    """How a vote is taken."""

    way = RadioField(
        _l("How is the vote taken?"),
        widget=GovRadioInput(),
        choices=[(way.value, words) for way, words in WAYS.items()],
        validators=[InputRequired(_l("Choose how the vote is taken."))],
    )
    paper = RadioField(
        _l("Paper for those without a phone"),
        description=_l("Only of a sealed vote. Two people count the papers before the box is opened."),
        widget=GovRadioInput(),
        choices=[("no", _l("Nobody needs paper")), ("yes", _l("Hand out paper at the desk"))],
        default="no",
    )

    def chosen(self) -> VoteWay:
        """Return the way a valid form names."""
        return VoteWay(self.way.data)
