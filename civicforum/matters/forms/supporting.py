"""Forms of paper lists, comments and merging."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired

from civicforum.errors import Invalid
from civicforum.fields import add_error, line_field, words_field
from civicforum.matters.rules import HideReason
from civicforum.matters.services.commenting import LONGEST_COMMENT
from civicforum.matters.services.people import LinesRefused
from civicforum.matters.texts import HIDE_REASONS, LINE_PROBLEMS

MERGE_REFUSALS = {
    "the same matter": _l("This is the number of the matter itself."),
    "the other matter is over": _l("That matter is over. Choose one that is still going on."),
}
LINES_REFUSALS = {
    "empty": _l("Enter at least one name or roll number."),
    "too many lines": _l("Enter at most 200 lines at a time."),
}


class LinesForm(FlaskForm):
    lines = words_field(
        _l("Who signed?"),
        _l("Enter at least one name or roll number."),
        hint=_l("One person a line, by roll number or by name. If one line is wrong, nothing is saved yet."),
        most=20_000,
    )


def refuse_lines(form: FlaskForm, refusal: Invalid) -> None:
    """Say beside the field `lines` which lines were refused, and why."""
    if isinstance(refusal, LinesRefused):
        for line in refusal.lines:
            words = LINE_PROBLEMS[line.problem] % {"number": line.number, "text": line.text[:40]}
            add_error(form, "lines", words)
    else:
        add_error(form, refusal.field, str(LINES_REFUSALS[refusal.reason]))


class CommentForm(FlaskForm):
    text = words_field(
        _l("Your comment"),
        _l("Write something first."),
        hint=_l("Your name stands beside it. Stay with the matter, and be kind to people."),
        most=LONGEST_COMMENT,
    )


class HideForm(FlaskForm):
    reason = RadioField(
        _l("Why is the comment hidden?"),
        choices=[(reason.value, words) for reason, words in HIDE_REASONS.items()],
        validators=[InputRequired(_l("Choose a reason."))],
        widget=GovRadioInput(),
    )

    @property
    def chosen(self) -> HideReason:
        return HideReason(self.reason.data)


class MergeForm(FlaskForm):
    into = line_field(
        _l("Number of the matter that stays"),
        hint=_l("As in 2026-0007."),
        missing=_l("Enter the number of the matter that stays."),
        most=20,
    )
    reason = words_field(
        _l("Why do they belong together?"),
        _l("Say why they belong together."),
        hint=_l("Both authors and everybody who seconded can read it."),
        most=300,
    )
