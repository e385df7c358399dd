"""Forms for the questions of a poll, one of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import Field, HiddenField, RadioField
from wtforms.validators import InputRequired

from civicforum.fields import WordsField, line_field
from civicforum.lawbook.texts import rule_text
from civicforum.polls.forms.drafting import NONE, number_field, optional_words, whole_of
from civicforum.polls.models import Question
from civicforum.polls.questions import METHODS, MOST_PLACES, Marking, QuestionKind, QuestionSpec
from civicforum.polls.texts import MARKING_NOTES, MARKINGS, METHOD_NOTES
from civicforum.polls.texts import METHODS as METHOD_NAMES
from civicforum.polls.texts_drafting import SCALES
from civicforum.rulebook import Threshold

OWN_SCALE = "own"


class QuestionForm(FlaskForm):
    """What every question has. A form of a kind adds its own."""

    kind: QuestionKind
    key = HiddenField()
    title = line_field(
        _l("Question"),
        hint=_l("As it stands on the ballot paper."),
        missing=_l("Write the question."),
        most=200,
    )
    text = optional_words(_l("Explanation"), hint=_l("Not required. Shown below the question."), most=4000)

    def offer(self, rules: Sequence[Threshold], *, is_statutory: bool) -> None:
        """Fill the list of rules by which the question is decided."""
        choices = [(rule.id, rule_text(rule)) for rule in rules]
        none = [] if is_statutory else [(NONE, _("No rule: a consultation, nothing is decided by it"))]
        if "majority_rule" in self:
            self.majority_rule.choices = [*none, *choices]

    def spec(self) -> QuestionSpec:
        """Return what a valid form says."""
        return QuestionSpec(kind=self.kind, title=self.title.data, text=self.text.data, **self.own())

    def own(self) -> dict[str, Any]:
        """Return the fields of the kind."""
        raise NotImplementedError

    @classmethod
    def values_of(cls, question: Question) -> dict[str, Any]:
        """Return what the form is first filled with."""
        return {
            "title": question.title,
            "text": question.text,
            "options": "\n".join(question.options),
            "marking": question.marking.value,
            "seats": question.seats,
            "most": question.most,
            "least": question.least,
            "write_ins": question.write_ins,
            "majority_rule": question.majority_rule or NONE,
            "method": question.method,
            "depth": question.depth,
            "scale": scale_of(question.levels),
            "levels": "\n".join(question.levels),
        }


def majority_field() -> RadioField:
    return RadioField(
        _l("What decides?"),
        widget=GovRadioInput(),
        validators=[InputRequired(_l("Choose one of the rules that are listed."))],
    )


def options_field(label: str, hint: str) -> WordsField:
    """Return a field with one option on each line, such as a column pasted from a spreadsheet."""
    return WordsField(
        label,
        description=hint,
        validators=[InputRequired(_l("Write one on each line."))],
        render_kw={"spellcheck": "false"},
    )


class MotionForm(QuestionForm):
    kind = QuestionKind.MOTION
    majority_rule = majority_field()

    def own(self) -> dict[str, Any]:
        return {"majority_rule": _rule(self.majority_rule)}


class SelectionForm(QuestionForm):
    kind = QuestionKind.SELECTION
    options = options_field(
        _l("Names or proposals, one on each line"),
        _l("In the order of the ballot paper, usually by strokes of the surname. A column can be pasted in."),
    )
    marking = RadioField(
        _l("How are they marked?"),
        widget=GovRadioInput(),
        choices=[(marking.value, words) for marking, words in MARKINGS.items()],
        default=Marking.EACH.value,
        validators=[InputRequired(_l("Choose how they are marked."))],
    )
    seats = number_field(_l("How many are chosen?"), default=1)
    most = number_field(
        _l("How many may one voter choose at most?"),
        hint=_l("Left empty: as many as are chosen in all."),
    )
    least = number_field(
        _l("How many has one voter to choose at least?"),
        hint=_l("Usually none, so that everybody may abstain. Only for ticks."),
    )
    write_ins = number_field(
        _l("Lines for other names"), hint=_l("How many names a voter may write in. None when left empty.")
    )
    majority_rule = majority_field()

    def marking_hints(self) -> dict[str, Any]:
        return {"items": [{"hint": {"text": MARKING_NOTES[marking]}} for marking in MARKINGS]}

    def own(self) -> dict[str, Any]:
        seats = whole_of(self.seats, 1)
        return {
            "options": lines_of(self.options.data),
            "marking": Marking(self.marking.data),
            "seats": seats,
            "most": whole_of(self.most, seats),
            "least": whole_of(self.least, 0),
            "write_ins": whole_of(self.write_ins, 0),
            "majority_rule": _rule(self.majority_rule),
        }


class GradeForm(QuestionForm):
    kind = QuestionKind.GRADE
    options = options_field(
        _l("Who or what is graded, one on each line"), _l("Names with their posts, or services.")
    )
    scale = RadioField(
        _l("Scale"),
        widget=GovRadioInput(),
        choices=[
            *((key, " / ".join(levels)) for key, levels in SCALES.items()),
            (OWN_SCALE, _l("Another one")),
        ],
        default="satisfied",
        validators=[InputRequired(_l("Choose a scale."))],
    )
    levels = optional_words(
        _l("Grades of another scale, one on each line"), hint=_l("The best first."), most=1000
    )

    def own(self) -> dict[str, Any]:
        own = self.scale.data == OWN_SCALE
        levels = lines_of(self.levels.data) if own else SCALES[self.scale.data]
        return {"options": lines_of(self.options.data), "levels": levels}


class RankingForm(QuestionForm):
    kind = QuestionKind.RANKING
    options = options_field(_l("Options, one on each line"), _l("At most 36."))
    method = RadioField(
        _l("How are the rankings counted?"),
        widget=GovRadioInput(),
        choices=[(method.value, METHOD_NAMES[method]) for method in METHODS],
        default=METHODS[0].value,
        validators=[InputRequired(_l("Choose how the rankings are counted."))],
    )
    seats = number_field(_l("How many are chosen?"), default=1)
    depth = number_field(
        _l("How many places may one voter give?"), hint=_l("Left empty: as many as there are, at most 29.")
    )

    def method_hints(self) -> dict[str, Any]:
        return {"items": [{"hint": {"text": METHOD_NOTES[method]}} for method in METHODS]}

    def own(self) -> dict[str, Any]:
        options = lines_of(self.options.data)
        return {
            "options": options,
            "method": self.method.data,
            "seats": whole_of(self.seats, 1),
            "depth": whole_of(self.depth, min(len(options), MOST_PLACES)),
        }


FORMS: dict[QuestionKind, type[QuestionForm]] = {
    QuestionKind.MOTION: MotionForm,
    QuestionKind.SELECTION: SelectionForm,
    QuestionKind.GRADE: GradeForm,
    QuestionKind.RANKING: RankingForm,
}


def lines_of(text: str | None) -> tuple[str, ...]:
    """Return the lines that say something, white space within them as one blank."""
    lines = (" ".join(line.split()) for line in (text or "").splitlines())
    return tuple(line for line in lines if line)


def scale_of(levels: Sequence[str]) -> str:
    """Return which ready-made scale these grades are, or that they are another one."""
    return next((key for key, scale in SCALES.items() if scale == tuple(levels)), OWN_SCALE)


def _rule(field: Field) -> str:
    return "" if field.data == NONE else str(field.data)
