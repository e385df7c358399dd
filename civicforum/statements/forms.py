"""Forms of conversations."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
)
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from civicforum.errors import Invalid
from civicforum.fields import clock_field, day_and_clock, day_field, instant_of, line_field, strip
from civicforum.statements.models import Conversation
from civicforum.statements.rules import LONGEST, Audience, Fault, clean_text
from civicforum.statements.services import Plan
from civicforum.statements.texts import AUDIENCES, FAULTS, REASONS

MOST_SEEDS = 30


class PlanForm(FlaskForm):
    """A conversation to be planned, or one that is changed."""

    topic = line_field(
        _l("Question"),
        hint=_l("What is it about? Ask it so that every answer can be a short sentence."),
        missing=_l("Write the question."),
        most=200,
    )
    background = TextAreaField(
        _l("What one should know"),
        description=_l("May stay empty."),
        widget=GovTextArea(),
        filters=[strip],
        validators=[Length(max=4000, message=_l("At most 4,000 characters."))],
    )
    audience = RadioField(
        _l("Who may answer?"),
        widget=GovRadioInput(),
        default=Audience.EVERYBODY.value,
        validators=[InputRequired(_l("Choose who takes part."))],
    )
    body = SelectField(_l("Body"), widget=GovSelect(), validators=[Optional()], default="")
    opens_on = day_field(_l("Opens on"))
    opens_at = clock_field(_l("at"))
    closes_on = day_field(_l("Closes on"))
    closes_at = clock_field(_l("at"))
    is_moderated = BooleanField(
        _l("New statements are looked at before they are shown"), widget=GovCheckboxInput(), default=True
    )
    seeds = TextAreaField(
        _l("First statements, one in each line"),
        description=_l(
            "Five to ten that differ. One idea each, at most 140 characters, to agree or disagree with."
        ),
        widget=GovTextArea(),
        filters=[strip],
    )

    def set_choices(self, *, bodies: list[tuple[str, str]], has_meeting: bool) -> None:
        self.body.choices = [("", _("Choose the body")), *bodies]
        self.audience.choices = [
            (audience.value, words)
            for audience, words in AUDIENCES.items()
            if has_meeting or audience is not Audience.MEETING
        ]

    def start(self, *, opens_at: datetime, closes_at: datetime, conversation: Conversation | None) -> None:
        """Fill the form when it is first shown."""
        values: dict[str, Any] = {**day_and_clock("opens", opens_at), **day_and_clock("closes", closes_at)}
        if conversation is not None:
            values |= {
                "topic": conversation.topic,
                "background": conversation.background,
                "audience": conversation.audience.value,
                "body": str(conversation.body_id or ""),
                "is_moderated": conversation.is_moderated,
            }
        for name, value in values.items():
            self[name].data = value

    def validate_seeds(self, field: TextAreaField) -> None:
        lines = _lines(field.data)
        if len(lines) > MOST_SEEDS:
            raise ValidationError(_("At most 30 to begin with. More can be added later."))
        for line in lines:
            try:
                clean_text(line)
            except Invalid as refusal:
                raise ValidationError(
                    _("“%(text)s”: %(fault)s", text=line[:40], fault=FAULTS[Fault(refusal.reason)])
                ) from None

    def plan(self) -> Plan:
        """Return what a valid form says. Days and hours are the community's."""
        audience = Audience(self.audience.data)
        is_body = audience is Audience.BODY and self.body.data
        return Plan(
            topic=self.topic.data,
            background=self.background.data or "",
            opens_at=instant_of(self.opens_on, self.opens_at),
            closes_at=instant_of(self.closes_on, self.closes_at),
            audience=audience,
            body_id=uuid.UUID(self.body.data) if is_body else None,
            is_moderated=bool(self.is_moderated.data),
            seeds=_lines(self.seeds.data),
        )


class StatementForm(FlaskForm):
    """One statement; what is wrong with its words, the rules say."""

    text = TextAreaField(
        _l("Your statement"),
        description=_l(
            "One idea in one sentence, at most 140 characters. Your neighbours do not learn that it is "
            "yours; those who look at new statements do."
        ),
        widget=GovTextArea(),
        filters=[strip],
        validators=[
            InputRequired(_l("Write the statement.")),
            Length(max=LONGEST, message=_l("At most 140 characters: one idea, in one sentence.")),
        ],
    )


class RejectForm(FlaskForm):
    reason = RadioField(
        _l("Why is it not shown?"),
        widget=GovRadioInput(),
        choices=[(reason.value, words) for reason, words in REASONS.items()],
        validators=[InputRequired(_l("Choose the reason."))],
    )


class CloseForm(FlaskForm):
    reason = line_field(_l("Reason"), hint=_l("It is published."), missing=_l("Give the reason."), most=300)


def _lines(text: str | None) -> list[str]:
    cleaned = (" ".join(line.split()) for line in (text or "").splitlines())
    return list(dict.fromkeys(line for line in cleaned if line))
