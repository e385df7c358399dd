"""Forms of the handover: one thing handed over, one more on the list, and when terms begin."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from civicforum.elections.services.handover import LONGEST_NOTE, LONGEST_TITLE
from civicforum.elections.texts_rounds import REFUSALS
from civicforum.fields import day_field, line_field


class TickForm(FlaskForm):
    note = line_field(_l("To whom, and in what state"), most=LONGEST_NOTE)


class ItemForm(FlaskForm):
    title = line_field(_l("What else is handed over?"), missing=REFUSALS["title"], most=LONGEST_TITLE)


class TermsForm(FlaskForm):
    since = day_field(_l("The new terms begin on"))
