"""Forms of recalls: the demand, signatures from paper, the defence, and the day of the vote."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired, Length, Optional

from civicforum.bodies.models import Term
from civicforum.elections.rules import Way
from civicforum.elections.services.recall_votes import LONGEST_HEARING
from civicforum.elections.services.recalls import LONGEST_TEXT, Demand
from civicforum.elections.texts import WAYS
from civicforum.fields import WordsField, clock_field, day_field, instant_of, line_field, strip, words_field

TOO_LONG = _l("This is too long: %(max)d characters at most.")


class DemandForm(FlaskForm):
    """Who is to be recalled, and why."""

    term = RadioField(
        _l("Who is to be recalled?"),
        widget=GovRadioInput(),
        validators=[InputRequired(_l("Choose the member."))],
    )
    reasons = words_field(
        _l("Why?"),
        _l("Say why: the member answers to it, and everybody reads it."),
        hint=_l("Facts with day and place. Everybody reads them beside the member's defence."),
        most=LONGEST_TEXT,
    )
    new_facts = WordsField(
        _l("What has come to light since, if a recall of this member has failed before?"),
        description=_l("May be left empty. On the same facts a recall cannot be demanded again at once."),
        filters=[strip],
        validators=[Length(max=LONGEST_TEXT, message=TOO_LONG)],
    )
    way = RadioField(
        _l("How was this post elected, if the election was not run here?"),
        widget=GovRadioInput(),
        choices=[(way.value, words) for way, words in WAYS.items()],
        validators=[Optional()],
    )

    def offer(self, terms: Sequence[Term], *, asks_way: bool) -> None:
        """Offer these members; ask for the way of electing where it is not known of all of them."""
        self.term.choices = [
            (str(term.id), f"{term.person.name} · {term.post.body.name} {term.post.title}") for term in terms
        ]
        if not asks_way:
            del self.way

    def demand(self) -> Demand:
        """Return what a valid form says."""
        way = self.way.data if "way" in self else None
        return Demand(
            term_id=uuid.UUID(self.term.data),
            reasons=self.reasons.data,
            new_facts=self.new_facts.data,
            way=Way(way) if way else None,
        )


class RecallSignaturesForm(FlaskForm):
    """Who signed the paper: a name or register number on each line."""

    lines = words_field(
        _l("Who signed"),
        _l("Enter at least one line."),
        hint=_l("One person on each line: the register number, or the name if nobody else bears it."),
        most=8000,
    )


class DefenceForm(FlaskForm):
    """What the member says to the reasons."""

    defence = words_field(
        _l("What do you say to it?"),
        _l("Write the defence, in 3000 characters at most."),
        hint=_l("Everybody reads it beside the reasons. You can change it until the vote opens."),
        most=LONGEST_TEXT,
    )


class VoteForm(FlaskForm):
    """The day and the hours of the vote, and how the member was heard."""

    on = day_field(_l("Day of voting"))
    opens = clock_field(_l("Opens at"))
    closes = clock_field(_l("Closes at"))
    hearing = line_field(
        _l("How could the member defend themselves?"),
        hint=_l("Such as “heard at the meeting of 3 May”. May be left empty if they wrote a defence here."),
        most=LONGEST_HEARING,
    )

    @property
    def opens_at(self) -> datetime:
        return instant_of(self.on, self.opens)

    @property
    def closes_at(self) -> datetime:
        return instant_of(self.on, self.closes)
