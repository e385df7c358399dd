"""The small forms of the wizard that raises a matter, and of what its author may do later."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSelect
from wtforms import SelectField

from civicforum.fields import line_field, words_field
from civicforum.matters.rules import Category
from civicforum.matters.texts import CATEGORIES
from civicforum.people.models import Grid

REFUSALS = {
    "too many drafts": _l("You have many unfinished drafts. Finish or delete one of them first."),
    "no title": _l("Say in one sentence what it is about."),
    "no text": _l("Describe what it is about."),
    "no such grid": _l("This grid does not exist. Choose again."),
    "too many photos": _l("A matter has six photos at most. Remove one first."),
}


class TitleForm(FlaskForm):
    title = line_field(
        _l("What is it about?"),
        hint=_l("One sentence, such as “The lamps on the east path have been out for a month”."),
        missing=_l("Say in one sentence what it is about."),
        most=80,
    )


class DetailsForm(FlaskForm):
    body = words_field(
        _l("Describe it"),
        _l("Describe what it is about."),
        hint=_l("What is the problem, since when, whom does it concern, what would help? No phone numbers."),
        most=4000,
    )
    category = SelectField(
        _l("What kind of matter is it?"),
        choices=[(category.value, words) for category, words in CATEGORIES.items()],
        default=Category.OTHER.value,
        widget=GovSelect(),
    )
    place = line_field(
        _l("Where is it?"),
        hint=_l("Not required. For example “behind building 3, at the bicycle shed”."),
        most=200,
    )
    grid_id = SelectField(_l("Which grid is it in?"), widget=GovSelect())

    def offer(self, grids: Iterable[Grid]) -> None:
        """Fill the list of grids."""
        self.grid_id.choices = [("", _("Whole community, or not sure"))] + [
            (str(grid.id), grid.name) for grid in grids
        ]

    @property
    def chosen_category(self) -> Category:
        return Category(self.category.data)

    @property
    def chosen_grid(self) -> uuid.UUID | None:
        return uuid.UUID(self.grid_id.data) if self.grid_id.data else None


class PhotosForm(FlaskForm):
    photos = MultipleFileField(
        _l("Choose photos"),
        description=_l("Up to six. No faces and no number plates, please."),
        widget=GovFileInput(),
        render_kw={"accept": "image/jpeg,image/png,image/webp", "multiple": True, "data-photos": "1600"},
    )


class ResubmitForm(FlaskForm):
    text = words_field(
        _l("What did you change?"),
        _l("Say what you changed, so that the committee finds it at once."),
        hint=_l("One or two sentences. Everybody can read them."),
        most=500,
    )


class WithdrawForm(FlaskForm):
    reason = words_field(
        _l("Why do you withdraw it?"),
        _l("Say why, for those who have seconded it."),
        hint=_l("For example “The property firm has repaired it meanwhile”. Everybody can read it."),
        most=300,
    )
