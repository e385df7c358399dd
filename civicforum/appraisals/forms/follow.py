"""Forms of criticisms and their answers, and of what was done about a consequence."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from civicforum.appraisals.actions import LONGEST_TITLE
from civicforum.appraisals.forms.actions import owner_choices, wanted_of
from civicforum.appraisals.models import AppraisalSubject
from civicforum.appraisals.rules import CriticismSource
from civicforum.appraisals.services.actions import Wanted
from civicforum.appraisals.services.consequences import (
    LONGEST_NAME,
    LONGEST_PAPER,
    LONGEST_TEXT,
    Settlement,
)
from civicforum.appraisals.services.criticisms import LONGEST_REASON
from civicforum.appraisals.texts_follow import CRITICISMS, REFUSALS
from civicforum.fields import KeyField, WholeField, WordsField, day_field, line_field, strip, words_field
from civicforum.matters.queries.carrying_out import Responsible


class CriticismsForm(FlaskForm):
    """Criticisms of one kind about one subject, each on a line."""

    source = RadioField(
        _l("Where do they come from?"),
        widget=GovRadioInput(),
        choices=[
            (source.value, words)
            for source, words in CRITICISMS.items()
            if source is not CriticismSource.SERVICE_RATING
        ],
        validators=[InputRequired(_l("Choose where they come from."))],
    )
    subject = SelectField(_l("About whom or what"), widget=GovSelect())
    entry_id = KeyField()
    texts = words_field(
        _l("The criticisms, one on each line"),
        REFUSALS["texts"],
        hint=_l("The thing itself: not who said it, and no insults. They are public after the count."),
        most=20000,
    )

    def offer(self, subjects: Sequence[AppraisalSubject]) -> None:
        self.subject.choices = [("", _("All of them together"))] + [
            (str(one.id), one.name) for one in subjects
        ]

    @property
    def subject_id(self) -> uuid.UUID | None:
        return uuid.UUID(self.subject.data) if self.subject.data else None


class AnswerForm(FlaskForm):
    """How a criticism is answered: by a new action, by one that is under way, or by a reason why not."""

    NEW, JOIN, DISMISS = "new", "join", "dismiss"
    answer = RadioField(
        _l("What follows from it?"),
        widget=GovRadioInput(),
        choices=[
            (NEW, _l("A new corrective action")),
            (JOIN, _l("A corrective action that is under way deals with it")),
            (DISMISS, _l("Nothing, because ...")),
        ],
        validators=[InputRequired(_l("Choose what follows from it."))],
    )
    title = line_field(_l("What has to be mended"), most=LONGEST_TITLE)
    owner = SelectField(_l("Who mends it"), widget=GovSelect())
    number = WholeField(_l("Number of the action"), validators=[Optional()])
    reason = WordsField(
        _l("Why nothing follows"), description=_l("It is public, beside the criticism."), filters=[strip]
    )

    def offer(self, responsible: Sequence[Responsible]) -> None:
        self.owner.choices = owner_choices(responsible)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for what the chosen answer needs, beside its field."""
        is_valid: bool = super().validate(extra_validators)
        asked: dict[str, list[tuple[Any, Any]]] = {
            self.NEW: [(self.title, REFUSALS["title"]), (self.owner, _l("Choose who mends it."))],
            self.JOIN: [(self.number, REFUSALS["number"])],
            self.DISMISS: [(self.reason, REFUSALS["reason"])],
        }
        for field, words in asked.get(self.answer.data, []):
            if not field.data:
                field.errors, is_valid = [words], False
        if len(self.reason.data) > LONGEST_REASON:
            self.reason.errors, is_valid = [_l("This is too long: 500 characters at most.")], False
        return is_valid

    def wanted(self, problem: str) -> Wanted:
        """Return the action that a valid form asks for; the criticism is its problem."""
        return wanted_of(self.title.data, problem, self.owner.data)


class TalkForm(FlaskForm):
    """A talk, or an offer to resign: when, with whom, and what came of it."""

    on = day_field(_l("On which day?"))
    talked_by = line_field(_l("Who held the talk?"), most=LONGEST_NAME)
    text = words_field(_l("What was said and agreed"), REFUSALS["text"], most=LONGEST_TEXT)

    def settlement(self) -> Settlement:
        return Settlement(on=self.on.data, text=self.text.data, talked_by=self.talked_by.data)


class EndForm(FlaskForm):
    """The last day in a post that two appraisals ended, and the paper that says so."""

    on = day_field(_l("Last day in the post"))
    text = line_field(
        _l("Paper that says so"),
        hint=_l("Such as the notice of the result. Everybody reads it in the notice of the end of the post."),
        missing=REFUSALS["paper"],
        most=LONGEST_PAPER,
    )

    def settlement(self) -> Settlement:
        return Settlement(on=self.on.data, text=self.text.data)
