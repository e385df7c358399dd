"""Forms for drafting a poll: its subject, its terms, and a question of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovTextInput,
)
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Length, Optional

from civicforum.errors import Invalid, RuleRefused
from civicforum.fields import WholeField, WordsField, add_error, line_field, strip
from civicforum.meetings.forms import ClockField, DayField
from civicforum.polls.models import Poll, Question
from civicforum.polls.questions import METHODS, MOST_PLACES, Marking, QuestionKind, QuestionSpec
from civicforum.polls.rules import Preset
from civicforum.polls.terms import LONGEST_QUESTION, LONGEST_TITLE, Subject, Terms, quorums
from civicforum.polls.texts import (
    MARKING_NOTES,
    MARKINGS,
    METHOD_NOTES,
    PRESET_USES,
    PRESETS,
    in_a_row,
    preset_note,
)
from civicforum.polls.texts import METHODS as METHOD_NAMES
from civicforum.polls.texts_drafting import FAULTS, SCALES
from civicforum.rulebook import SHANGHAI, Rulebook, Threshold

NONE = "none"
ORDINARY, STATUTORY = "ordinary", "statutory"
OCCASIONS = [
    (ORDINARY, _l("An appraisal, a consultation or a resolution")),
    (STATUTORY, _l("An election or a recall")),
]
SCREEN, PAPER, PROXY = "screen", "paper", "proxy"
OWN_SCALE = "own"
# Beside which field a refusal stands whose rule, or whose field of the poll, has another name here.
FIELDS = {
    "election.online": "channels",
    "election.secret_ballot": "preset",
    "roll.posting": "opens_on",
    "roll.objection": "objection_days",
    "by_screen": "channels",
    "by_paper": "channels",
}


def optional_words(label: str, *, hint: str = "", most: int) -> WordsField:
    """Return a field for some sentences that may stay empty."""
    return WordsField(
        label,
        description=hint,
        filters=[strip],
        validators=[Length(max=most, message=_l("This is too long: %(max)d characters at most."))],
    )


def number_field(label: str, *, hint: str = "", default: int | None = None) -> WholeField:
    """Return a field for a whole number; what it may be, the rules say."""
    return WholeField(
        label,
        description=hint,
        default=default,
        validators=[Optional()],
        render_kw={"inputmode": "numeric", "class": "govuk-input--width-4", "autocomplete": "off"},
    )


class SubjectForm(FlaskForm):
    """What is put to the vote, and how secretly."""

    key = HiddenField()
    title = line_field(
        _l("Title"),
        hint=_l("Short and neutral, such as “Vote on the lifts of buildings 3 to 7”."),
        missing=_l("Give the vote a title."),
        most=LONGEST_TITLE,
    )
    question = optional_words(
        _l("What voters should know first"),
        hint=_l(
            "What it is about, what it costs, where the documents are. The questions themselves come later."
        ),
        most=LONGEST_QUESTION,
    )
    occasion = RadioField(
        _l("What kind of vote is it?"),
        widget=GovRadioInput(),
        choices=OCCASIONS,
        default=ORDINARY,
        validators=[InputRequired(_l("Choose what kind of vote it is."))],
    )
    preset = RadioField(
        _l("How secret is it?"),
        widget=GovRadioInput(),
        choices=[(preset.value, words) for preset, words in PRESETS.items()],
        default=Preset.POLL.value,
        validators=[InputRequired(_l("Choose how secret the vote is."))],
    )

    def preset_hints(self) -> dict[str, Any]:
        """Return who can learn what, and what each preset is for, as the radios' hints."""
        notes = {
            preset: preset_note(preset, threshold=2, trustees=3)
            if preset is Preset.SEALED
            else preset_note(preset)
            for preset in Preset
        }
        return {
            "items": [{"hint": {"text": in_a_row(notes[preset], PRESET_USES[preset])}} for preset in PRESETS]
        }

    def occasion_hints(self) -> dict[str, Any]:
        law = _(
            "Bound by the law: a secret ballot, the roll posted in time, its quorum. Run by its committee."
        )
        return {"items": [{}, {"hint": {"text": law}}]}

    def subject(self) -> Subject:
        """Return what a valid form says."""
        return Subject(
            title=self.title.data,
            question=self.question.data,
            preset=Preset(self.preset.data),
            is_statutory=self.occasion.data == STATUTORY,
        )

    @staticmethod
    def values_of(poll: Poll) -> dict[str, Any]:
        """Return what the form is first filled with."""
        return {
            "title": poll.title,
            "question": poll.question,
            "occasion": STATUTORY if poll.is_statutory else ORDINARY,
            "preset": poll.preset.value,
        }


class TermsForm(FlaskForm):
    """When, by which ways, and by what rules."""

    opens_on = DayField(
        _l("First day"),
        widget=GovTextInput(),
        render_kw={"type": "date"},
        validators=[InputRequired(_l("Enter the day."))],
    )
    opens_at = ClockField(
        _l("Begins at"),
        widget=GovTextInput(),
        render_kw={"type": "time"},
        default=time(8),
        validators=[InputRequired(_l("Enter the time."))],
    )
    closes_on = DayField(
        _l("Last day"),
        widget=GovTextInput(),
        render_kw={"type": "date"},
        validators=[InputRequired(_l("Enter the day."))],
    )
    closes_at = ClockField(
        _l("Ends at"),
        widget=GovTextInput(),
        render_kw={"type": "time"},
        default=time(18),
        validators=[InputRequired(_l("Enter the time."))],
    )
    channels = SelectMultipleField(
        _l("How can people vote?"),
        widget=GovCheckboxesInput(),
        choices=[
            (SCREEN, _l("Online, on their own device")),
            (PAPER, _l("On paper, at a polling station or a roving box")),
            (PROXY, _l("By a proxy whom they name in writing")),
        ],
    )
    trustees = number_field(
        _l("How many trustees keep the key?"), hint=_l("Usually three: officers whom the voters trust.")
    )
    threshold = number_field(
        _l("How many of them open the ballots?"),
        hint=_l("Usually two, so that one lost slip does not cost the vote."),
    )
    quorum_rule = RadioField(
        _l("How many have to take part?"),
        widget=GovRadioInput(),
        validators=[InputRequired(_l("Choose one of the rules that are listed."))],
    )
    revote = BooleanField(_l("Voters may change their ballot until the end"), widget=GovCheckboxInput())
    least = number_field(
        _l("Ballots that are needed before any is opened"),
        hint=_l("So that nobody's vote can be guessed when only a few have voted."),
    )
    objection_days = number_field(
        _l("Days for objections to the roll"), hint=_l("Counted from the day after the roll is posted.")
    )
    keep_days = number_field(
        _l("Days until keys and voting cards are destroyed"), hint=_l("Counted from the end of the vote.")
    )

    def fit(self, poll: Poll, book: Rulebook, language: str) -> None:
        """Offer what such a poll can have, and take away what it cannot."""
        rules = quorums(book, is_statutory=poll.is_statutory)
        choices = [(rule.id, f"{rule.text(language)} ({rule.citation(language)})") for rule in rules]
        none = [] if poll.is_statutory else [(NONE, _("No rule: it is valid however many take part"))]
        self.quorum_rule.choices = [*none, *choices]
        if poll.preset is Preset.OPEN:
            del self.channels, self.least
        is_on_screen = not poll.is_statutory or book.switch("election.online").on
        if poll.preset is not Preset.SEALED or not is_on_screen:
            del self.trustees, self.threshold

    def terms(self, poll: Poll) -> Terms:
        """Return what a valid form says; what it does not ask stays as it is."""
        channels = set(self.channels.data or ()) if self.channels else {SCREEN}
        assert self.opens_on.data and self.opens_at.data  # noqa: S101, PT018
        assert self.closes_on.data and self.closes_at.data  # noqa: S101, PT018
        return Terms(
            by_screen=SCREEN in channels,
            by_paper=PAPER in channels,
            by_proxy=PROXY in channels,
            revote=bool(self.revote.data),
            least=_number(self.least, poll.least),
            threshold=_number(self.threshold, poll.threshold),
            trustees=_number(self.trustees, poll.trustees),
            objection_days=_number(self.objection_days, 0),
            keep_days=_number(self.keep_days, 0),
            quorum_rule="" if self.quorum_rule.data == NONE else self.quorum_rule.data,
            opens_at=_instant(self.opens_on.data, self.opens_at.data),
            closes_at=_instant(self.closes_on.data, self.closes_at.data),
        )

    @staticmethod
    def values_of(poll: Poll) -> dict[str, Any]:
        """Return what the form is first filled with."""
        chosen = {SCREEN: poll.by_screen, PAPER: poll.by_paper, PROXY: poll.by_proxy}
        opens, closes = _local(poll.opens_at), _local(poll.closes_at)
        return {
            "channels": [name for name, is_on in chosen.items() if is_on],
            "trustees": poll.trustees,
            "threshold": poll.threshold,
            "quorum_rule": poll.quorum_rule or NONE,
            "revote": poll.revote,
            "least": poll.least,
            "objection_days": poll.objection_days,
            "keep_days": poll.keep_days,
            **({"opens_on": opens.date(), "opens_at": opens.time()} if opens else {}),
            **({"closes_on": closes.date(), "closes_at": closes.time()} if closes else {}),
        }


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

    def offer(self, rules: Sequence[Threshold], language: str, *, is_statutory: bool) -> None:
        """Fill the list of rules by which the question is decided."""
        choices = [(rule.id, f"{rule.text(language)} ({rule.citation(language)})") for rule in rules]
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
        seats = _number(self.seats, 1)
        return {
            "options": lines_of(self.options.data),
            "marking": Marking(self.marking.data),
            "seats": seats,
            "most": _number(self.most, seats),
            "least": _number(self.least, 0),
            "write_ins": _number(self.write_ins, 0),
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
            "seats": _number(self.seats, 1),
            "depth": _number(self.depth, min(len(options), MOST_PLACES)),
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


def put_refusal(form: FlaskForm, refusal: Invalid | RuleRefused, language: str) -> None:
    """Put a refusal beside its field."""
    named = refusal.field or "" if isinstance(refusal, Invalid) else refusal.verdict.rule.id
    add_error(form, FIELDS.get(named, named), refusal_text(refusal, language))


def refusal_text(refusal: Invalid | RuleRefused, language: str) -> str:
    """Return a refusal in words, with the rule and its article where the law refuses."""
    if isinstance(refusal, Invalid):
        return str(FAULTS[refusal.reason])
    rule, arithmetic = refusal.verdict.rule, refusal.verdict.arithmetic
    words = f"{rule.text(language)} ({rule.citation(language)})"
    return f"{words} {arithmetic}" if any(sign in arithmetic for sign in "<>≤≥") else words


def _rule(field: Field) -> str:
    return "" if field.data == NONE else str(field.data)


def _number(field: Field | None, otherwise: int) -> int:
    return otherwise if field is None or field.data is None else int(field.data)


def _instant(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)


def _local(instant: datetime | None) -> datetime | None:
    return instant.astimezone(SHANGHAI) if instant else None
