"""Forms of the hearing, of giving out the forms, and of an outside organ's sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired

from civicforum.appraisals.outside_sheets import MOST_FORMS, OutsideSheet, SheetRow
from civicforum.appraisals.services.hearing import LONGEST_QUESTION, LONGEST_REASON, LONGEST_REPORT
from civicforum.fields import KeyField, words_field

SCREEN, PAPER = "screen", "paper"


class ReportNoteForm(FlaskForm):
    """What was said in an oral report."""

    text = words_field(
        _l("What the oral report said"),
        _l("Write down what the oral report said."),
        hint=_l("The main points, for the minutes. Everybody can read them."),
        most=LONGEST_REPORT,
    )


class AbsenceForm(FlaskForm):
    """Why somebody did not report."""

    reason = words_field(
        _l("Why the report is not given"),
        _l("Say why the report is not given."),
        hint=_l("Such as illness. Everybody can read it."),
        most=LONGEST_REASON,
    )


class QuestionNoteForm(FlaskForm):
    """A question to a report, and its answer."""

    question_id = KeyField()
    question = words_field(
        _l("What was asked"),
        _l("Write down the question."),
        hint=_l("Who asked is not written down."),
        most=LONGEST_QUESTION,
    )
    answer = words_field(_l("What was answered"), _l("Write down what was answered."), most=LONGEST_QUESTION)


class OpenForm(FlaskForm):
    """By which ways those present grade."""

    way = RadioField(
        _l("How do those present grade?"),
        choices=[
            (PAPER, _l("On the phone, and on paper whoever prefers it or has no phone or account")),
            (SCREEN, _l("On the phone alone")),
        ],
        widget=GovRadioInput(),
        validators=[InputRequired(_l("Choose how those present grade."))],
    )


@dataclass
class OutsideForm:
    """An outside organ's sheet as it was typed. Fields are "forms" and "<subject>-<level>"."""

    rows: Sequence[SheetRow]
    typed: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def read(self) -> OutsideSheet | None:
        """Return the sheet, or None where `errors` says what is wrong."""
        forms = self._whole("forms")
        counts = {
            row.subject_id: tuple(self._whole(name_of(row, level)) for level in range(len(row.levels)))
            for row in self.rows
        }
        return None if self.errors else OutsideSheet(forms, counts)

    def add_error(self, where: str | None, words: str) -> None:
        """Put a refusal beside the first field that it is about."""
        row = next((row for row in self.rows if str(row.subject_id) == where), None)
        self.errors[name_of(row, 0) if row else "forms"] = words

    def _whole(self, name: str) -> int:
        typed = self.typed.get(name, "").strip()
        if typed.isascii() and typed.isdigit() and int(typed) <= MOST_FORMS:
            return int(typed)
        self.errors[name] = _("Enter a whole number; 0 where there is none.")
        return 0


def name_of(row: SheetRow, level: int) -> str:
    """Return the name of the field of one grade."""
    return f"{row.subject_id}-{level}"


def typed_of_sheet(rows: Sequence[SheetRow], sheet: OutsideSheet) -> dict[str, str]:
    """Return a sheet as its fields show it."""
    numbers = {
        name_of(row, level): str(number)
        for row in rows
        for level, number in enumerate(sheet.counts[row.subject_id])
    }
    return {"forms": str(sheet.forms), **numbers}
