"""The form of a letter to households that no channel reaches."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from civicforum.fields import KeyField, line_field, words_field
from civicforum.inbox.rules_paper import CALL_MOST, TEXT_MOST, TITLE_MOST


class LetterForm(FlaskForm):
    key = KeyField()
    title = line_field(_l("What it is about"), missing=_l("Enter what it is about."), most=TITLE_MOST)
    text = words_field(
        _l("What you tell them"),
        _l("Enter what you tell them."),
        hint=_l("At most 15 lines on paper. The login and the code are put below it."),
        most=TEXT_MOST,
    )
    call = line_field(
        _l("Whom to call with a question"),
        hint=_l("The office and its number, as it is to be printed; nobody's own number."),
        missing=_l("Enter whom to call."),
        most=CALL_MOST,
    )
