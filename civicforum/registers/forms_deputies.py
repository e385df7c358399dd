"""Forms of the deputies' liaison point."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from civicforum.fields import DayField, clock_field, day_field, line_field, words_field
from civicforum.registers.models_deputies import Deputy, LiaisonDay
from civicforum.registers.rules_deputies import LONGEST_ANSWER, LONGEST_OPINION, DeputyKind, DeputyLevel
from civicforum.registers.services.deputies import DayGiven, DeputyGiven
from civicforum.registers.texts_deputies import KINDS, LEVELS


class DeputyForm(FlaskForm):
    name = line_field(_l("Name of the deputy"), missing=_l("Enter the name."), most=80)
    kind = RadioField(
        _l("Deputy or member of what?"),
        widget=GovRadioInput(),
        choices=[(kind.value, words) for kind, words in KINDS.items()],
        validators=[InputRequired(_l("Choose of what."))],
    )
    level = RadioField(
        _l("Of which level?"),
        widget=GovRadioInput(),
        choices=[(level.value, words) for level, words in LEVELS.items()],
        validators=[InputRequired(_l("Choose the level."))],
    )
    place = line_field(
        _l("Liaison point"),
        hint=_l("Where residents find the deputy. Enter no private telephone number."),
        missing=_l("Say where residents find the deputy."),
        most=200,
    )
    since = day_field(_l("Keeps in touch here since"))
    until = DayField(
        _l("Last day here"),
        description=_l("Leave it empty as long as the deputy keeps in touch here."),
        validators=[Optional()],
    )

    def fill(self, deputy: Deputy) -> None:
        """Show what the register says now."""
        self.kind.data, self.level.data = deputy.kind.value, deputy.level.value
        for name in ("name", "place", "since", "until"):
            self[name].data = getattr(deputy, name)

    def given(self) -> DeputyGiven:
        """Return what a valid form says."""
        return DeputyGiven(
            name=self.name.data,
            kind=DeputyKind(self.kind.data),
            level=DeputyLevel(self.level.data),
            place=self.place.data,
            since=self.since.data,
            until=self.until.data,
        )


class LiaisonDayForm(FlaskForm):
    day = day_field(_l("Day"))
    begins = clock_field(_l("From"))
    ends = clock_field(_l("To"))
    place = line_field(_l("Place"), missing=_l("Say where."), most=200)

    def fill(self, day: LiaisonDay) -> None:
        """Show what is announced now."""
        for name in ("day", "begins", "ends", "place"):
            self[name].data = getattr(day, name)

    def given(self) -> DayGiven:
        """Return what a valid form says."""
        return DayGiven(
            day=self.day.data, begins=self.begins.data, ends=self.ends.data, place=self.place.data
        )


class OpinionForm(FlaskForm):
    text = words_field(
        _l("Your opinion or suggestion"),
        _l("Write what you think."),
        hint=_l(
            "Everybody can read it once it is forwarded, and nobody sees who wrote it. "
            "Leave out names, telephone and identity numbers."
        ),
        most=LONGEST_OPINION,
    )


class PaperForm(FlaskForm):
    text = words_field(
        _l("What stands on the paper"),
        _l("Enter the opinion."),
        hint=_l("Word for word, without the name of who wrote it and without numbers of persons."),
        most=LONGEST_OPINION,
    )


class ForwardForm(FlaskForm):
    forwarded_on = day_field(_l("Day on which the deputy had it"))


class AnswerForm(FlaskForm):
    answered_by = line_field(
        _l("Who answered"),
        hint=_l("As the letter names them."),
        missing=_l("Say who answered."),
        most=120,
    )
    text = words_field(
        _l("The answer, word for word"),
        _l("Enter the answer."),
        hint=_l("Everybody can read it. It cannot be changed afterwards."),
        most=LONGEST_ANSWER,
    )
