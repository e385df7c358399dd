"""Forms for drafting a poll: its subject and its terms. Its questions are in questions.py."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
)
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Length, Optional

from civicforum.errors import Invalid, RuleRefused
from civicforum.fields import (
    WholeField,
    WordsField,
    add_error,
    clock_field,
    day_and_clock,
    day_field,
    instant_of,
    line_field,
    strip,
)
from civicforum.lawbook.texts import rule_text, verdict_text
from civicforum.polls.models import Poll
from civicforum.polls.rules import Preset
from civicforum.polls.terms import LONGEST_QUESTION, LONGEST_TITLE, Subject, Terms, quorums
from civicforum.polls.texts import PRESET_USES, PRESETS, in_a_row, preset_note
from civicforum.polls.texts_drafting import FAULTS
from civicforum.rulebook import Rulebook

NONE = "none"
ORDINARY, STATUTORY = "ordinary", "statutory"
OCCASIONS = [
    (ORDINARY, _l("An appraisal, a consultation or a resolution")),
    (STATUTORY, _l("An election or a recall")),
]
SCREEN, PAPER, PROXY = "screen", "paper", "proxy"
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


def whole_of(field: Field | None, otherwise: int) -> int:
    """Return the number in a field, or another where it is empty or not asked."""
    return otherwise if field is None or field.data is None else int(field.data)


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

    opens_on = day_field(_l("First day"))
    opens_at = clock_field(_l("Begins at"), default=time(8))
    closes_on = day_field(_l("Last day"))
    closes_at = clock_field(_l("Ends at"), default=time(18))
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

    def fit(self, poll: Poll, book: Rulebook) -> None:
        """Offer what such a poll can have, and take away what it cannot."""
        rules = quorums(book, is_statutory=poll.is_statutory)
        choices = [(rule.id, rule_text(rule)) for rule in rules]
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
        return Terms(
            by_screen=SCREEN in channels,
            by_paper=PAPER in channels,
            by_proxy=PROXY in channels,
            revote=bool(self.revote.data),
            least=whole_of(self.least, poll.least),
            threshold=whole_of(self.threshold, poll.threshold),
            trustees=whole_of(self.trustees, poll.trustees),
            objection_days=whole_of(self.objection_days, 0),
            keep_days=whole_of(self.keep_days, 0),
            quorum_rule="" if self.quorum_rule.data == NONE else self.quorum_rule.data,
            opens_at=instant_of(self.opens_on, self.opens_at),
            closes_at=instant_of(self.closes_on, self.closes_at),
        )

    @staticmethod
    def values_of(poll: Poll) -> dict[str, Any]:
        """Return what the form is first filled with."""
        chosen = {SCREEN: poll.by_screen, PAPER: poll.by_paper, PROXY: poll.by_proxy}
        return {
            "channels": [name for name, is_on in chosen.items() if is_on],
            "trustees": poll.trustees,
            "threshold": poll.threshold,
            "quorum_rule": poll.quorum_rule or NONE,
            "revote": poll.revote,
            "least": poll.least,
            "objection_days": poll.objection_days,
            "keep_days": poll.keep_days,
            **day_and_clock("opens", poll.opens_at),
            **day_and_clock("closes", poll.closes_at),
        }


def put_refusal(form: FlaskForm, refusal: Invalid | RuleRefused) -> None:
    """Put a refusal beside its field."""
    named = refusal.field or "" if isinstance(refusal, Invalid) else refusal.verdict.rule.id
    add_error(form, FIELDS.get(named, named), refusal_text(refusal))


def refusal_text(refusal: Invalid | RuleRefused) -> str:
    """Return a refusal in words, and what would make it lawful where the law refuses."""
    return str(FAULTS[refusal.reason]) if isinstance(refusal, Invalid) else verdict_text(refusal.verdict)
