"""Forms of grades and of the closing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired, Length

from civicforum.fields import WordsField, strip, words_field
from civicforum.matters.texts_after import GRADES


class GradeForm(FlaskForm):
    level = RadioField(
        _l("How satisfied are you with the result?"),
        choices=[(level.value, words) for level, words in GRADES.items()],
        validators=[InputRequired(_l("Choose one of the four."))],
        widget=GovRadioInput(),
    )
    comment = WordsField(
        _l("What would you add?"),
        description=_l("Not required. It is shown to everybody without your name, once the grading is over."),
        filters=[strip],
        validators=[Length(max=500, message=_l("This is too long: %(max)d characters at most."))],
    )


class CloseForm(FlaskForm):
    text = words_field(
        _l("Closing words"),
        _l("Write the closing words."),
        hint=_l("What came of the matter, how residents graded it, and what remains to be looked after."),
    )
