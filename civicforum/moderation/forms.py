"""Forms of moderation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired

from civicforum.fields import line_field, words_field
from civicforum.moderation.rules import LONGEST_APPEAL, LONGEST_NOTE, Kind, Outcome, Reason, reasons_for
from civicforum.moderation.services.wordlist import LONGEST_WHY
from civicforum.moderation.texts import OUTCOMES, REASONS


class ReasonForm(FlaskForm):
    """A reason from the list of the kind, and a note that may stay empty."""

    reason = RadioField(
        _l("Which rule is it against?"),
        validators=[InputRequired(_l("Choose a reason."))],
        widget=GovRadioInput(),
    )
    note = line_field(
        _l("Anything to add?"),
        hint=_l("Not required. No names and no numbers of other people, please."),
        most=LONGEST_NOTE,
    )

    def offer(self, kind: Kind) -> None:
        """Fill the list of reasons."""
        self.reason.choices = [(reason.value, REASONS[reason]) for reason in reasons_for(kind)]

    @property
    def chosen(self) -> Reason:
        return Reason(self.reason.data)


class AppealForm(FlaskForm):
    text = words_field(
        _l("Why should the text be shown?"),
        _l("Say why the text should be shown."),
        hint=_l("The supervision committee reads this together with your text."),
        most=LONGEST_APPEAL,
    )


class RulingForm(FlaskForm):
    outcome = RadioField(
        _l("How does the committee rule?"),
        choices=[(outcome.value, words) for outcome, words in OUTCOMES.items()],
        validators=[InputRequired(_l("Choose how the committee rules."))],
        widget=GovRadioInput(),
    )
    text = words_field(
        _l("Reasons"),
        _l("Give the reasons."),
        hint=_l("They are public. Do not repeat the hidden words."),
        most=LONGEST_APPEAL,
    )

    @property
    def chosen(self) -> Outcome:
        return Outcome(self.outcome.data)


class WordsForm(FlaskForm):
    words = words_field(
        _l("Words to add"),
        _l("Enter at least one word."),
        hint=_l("One a line. Case, spaces, punctuation and wide signs make no difference."),
        most=70_000,
    )
    why = line_field(
        _l("Why?"),
        hint=_l("The supervision committee reads it beside the words."),
        missing=_l("Say why."),
        most=LONGEST_WHY,
    )


class EndForm(FlaskForm):
    why = line_field(_l("Why is the word ended?"), missing=_l("Say why."), most=LONGEST_WHY)
