"""Forms of the registers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import Length

from civicforum.fields import WordsField, day_field, line_field, strip, words_field
from civicforum.registers.rules import LONGEST_DECISION, LONGEST_REMARK


class DecisionForm(FlaskForm):
    owners = line_field(
        _l("Which owners decided?"),
        hint=_l("The owners' assembly or committee by its name."),
        missing=_l("Say which owners decided."),
        most=120,
    )
    title = line_field(_l("What it is about"), missing=_l("Say what it is about."), most=200)
    text = words_field(
        _l("The decision, word for word"),
        _l("Enter the decision."),
        hint=_l("Everybody can read it: leave out names of owners and their flats."),
        most=LONGEST_DECISION,
    )
    decided_on = day_field(_l("Day of the decision"))


class RemarkForm(FlaskForm):
    text = WordsField(
        _l("Remarks of the residents' committee"),
        description=_l("Leave it empty if there is nothing to remark. It cannot be changed afterwards."),
        filters=[strip],
        validators=[Length(max=LONGEST_REMARK, message=_l("This is too long: %(max)d characters at most."))],
    )


class ReportForm(FlaskForm):
    unit = line_field(
        _l("Where you are a party member, or work"),
        hint=_l("Only the party organisation here sees it."),
        missing=_l("Enter your unit."),
        most=120,
    )
