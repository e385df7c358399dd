"""Forms of what comes before a session: invitations, papers, rules of procedure, turns, duties, demands."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovFileInput,
    GovRadioInput,
    GovSelect,
)
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from civicforum.fields import WholeField, WordsField, day_field, line_field, strip, words_field
from civicforum.matters.rules import Category
from civicforum.matters.texts import CATEGORIES
from civicforum.meetings.floor import FloorRules
from civicforum.meetings.models import AgendaItem
from civicforum.meetings.rules import ParticipantClass, Seat
from civicforum.meetings.services.invitations import Asked
from civicforum.meetings.texts import CLASSES, FORMS, SEATS
from civicforum.meetings.texts_before import DEMANDS

_BY_POST = ""


class InviteForm(FlaskForm):
    """As what somebody is asked: the side, the topic, and what is at stake for them."""

    as_class = SelectField(_l("For which side"), widget=GovSelect(), validators=[Optional()])
    item = SelectField(_l("For which item"), widget=GovSelect(), validators=[Optional()])
    stake = line_field(
        _l("What is at stake for them"),
        hint=_l("As in “lives beside the building site”. It stands in the invitation, and is public."),
        most=300,
    )
    seat = RadioField(
        _l("As what?"),
        choices=[(seat.value, SEATS[seat]) for seat in (Seat.PARTICIPANT, Seat.OBSERVER)],
        default=Seat.PARTICIPANT.value,
        widget=GovRadioInput(),
    )

    def offer(self, items: Sequence[AgendaItem], *, by_post: bool) -> None:
        """Fill the lists; `by_post`: the side may be left to the posts that people hold."""
        posts = [(_BY_POST, _("As their posts say"))] if by_post else []
        self.as_class.choices = [*posts, *((kind.value, words) for kind, words in CLASSES.items())]
        self.item.choices = [
            ("", _("All of the agenda")),
            *((str(item.id), f"{item.position}. {item.title}") for item in items),
        ]

    def asked(self) -> Asked:
        """Return what a valid form says."""
        return Asked(
            participant_class=ParticipantClass(self.as_class.data) if self.as_class.data else None,
            item_id=uuid.UUID(self.item.data) if self.item.data else None,
            stake=self.stake.data,
            seat=Seat(self.seat.data),
        )


class InvitePeopleForm(InviteForm):
    lines = words_field(
        _l("Who is invited?"),
        _l("Enter at least one name or roll number."),
        hint=_l("One person a line, by roll number or by name. If one line is wrong, nothing is saved yet."),
        most=20_000,
    )


class InviteBodyForm(InviteForm):
    body = SelectField(
        _l("Which body?"), widget=GovSelect(), validators=[InputRequired(_l("Choose a body."))]
    )


class InviteGuestForm(InviteForm):
    name = line_field(_l("Name of the guest"), missing=_l("Write the guest's name."), most=80)
    unit = line_field(_l("Unit"), hint=_l("The firm, office or association the guest comes from."), most=120)


class PaperForm(FlaskForm):
    """A paper to an item: words or a file."""

    title = line_field(_l("Title of the paper"), missing=_l("Give the paper a title."), most=200)
    author = line_field(_l("Who wrote it"), most=120)
    is_expert_opinion = BooleanField(
        _l("It is an expert's written opinion"),
        description=_l("It is shown beside the text, before and after the vote."),
        widget=GovCheckboxInput(),
    )
    text = WordsField(
        _l("Text"),
        filters=[strip],
        validators=[Length(max=20_000, message=_l("At most 20,000 characters."))],
    )
    file = FileField(
        _l("Or a file"),
        description=_l("A PDF of at most 500 KB, or a picture, which is made smaller. All can read it."),
        widget=GovFileInput(),
        render_kw={"accept": "application/pdf,image/jpeg,image/png,image/webp"},
    )


class ProcedureForm(FlaskForm):
    """The next version of the rules of procedure."""

    body = SelectField(_l("For whose sessions"), widget=GovSelect(), validators=[Optional()])
    title = line_field(_l("Title"), missing=_l("Give the rules a title."), most=200)
    text = words_field(
        _l("The rules"),
        _l("Write the rules."),
        hint=_l("One rule a line. They are posted, so they are written in Chinese."),
        most=20_000,
    )
    adopted_by = line_field(
        _l("Adopted by"),
        hint=_l("The assembly or session, with its day, as its notice names it."),
        missing=_l("Write which assembly or session adopted it."),
        most=200,
    )
    in_force_from = day_field(_l("In force from"))
    seconds = WholeField(
        _l("Longest speech, in seconds"),
        validators=[
            InputRequired(_l("Enter a whole number.")),
            NumberRange(min=30, max=1800, message=_l("Between 30 seconds and half an hour.")),
        ],
    )
    times = WholeField(
        _l("Speeches of one person to one motion"),
        validators=[
            InputRequired(_l("Enter a whole number.")),
            NumberRange(min=1, max=10, message=_l("Between 1 and 10.")),
        ],
    )
    first_speakers_first = BooleanField(
        _l("Whoever has not spoken goes first"), widget=GovCheckboxInput(), default=True
    )
    sides_alternate = BooleanField(_l("For and against alternate"), widget=GovCheckboxInput(), default=True)
    motion_first = BooleanField(_l("No debate without a motion"), widget=GovCheckboxInput(), default=True)
    needs_seconder = BooleanField(_l("A motion needs a seconder"), widget=GovCheckboxInput(), default=True)
    observers_speak = BooleanField(_l("Whoever sits in may speak"), widget=GovCheckboxInput(), default=True)

    def limits(self) -> FloorRules:
        """Return the numbers and switches that a valid form gives the floor."""
        return FloorRules(
            speech_seconds=self.seconds.data,
            speeches_each=self.times.data,
            first_speakers_first=self.first_speakers_first.data,
            sides_alternate=self.sides_alternate.data,
            motion_first=self.motion_first.data,
            needs_seconder=self.needs_seconder.data,
            observers_speak=self.observers_speak.data,
        )

    def fill(self, limits: FloorRules) -> None:
        """Show these numbers and switches first."""
        self.seconds.data, self.times.data = limits.speech_seconds, limits.speeches_each
        self.first_speakers_first.data = limits.first_speakers_first
        self.sides_alternate.data = limits.sides_alternate
        self.motion_first.data = limits.motion_first
        self.needs_seconder.data = limits.needs_seconder
        self.observers_speak.data = limits.observers_speak


class TurnsForm(FlaskForm):
    """The units that take the chair of a joint meeting in turn."""

    units = words_field(
        _l("Units in their order"), _l("Write at least one unit."), hint=_l("One unit a line."), most=4000
    )
    start_on = day_field(_l("First day of the first turn"))
    months = SelectField(
        _l("Each turn lasts"),
        choices=[
            ("1", _l("a month")),
            ("3", _l("three months")),
            ("6", _l("half a year")),
            ("12", _l("a year")),
        ],
        default="12",
        widget=GovSelect(),
    )

    def lines(self) -> list[str]:
        """Return the units, one for each line that is not empty."""
        return [line.strip()[:120] for line in self.units.data.splitlines() if line.strip()]


class DutyForm(FlaskForm):
    title = line_field(_l("What has to be deliberated on"), missing=_l("Name the subject."), most=200)
    kind = SelectField(
        _l("In which form"),
        choices=[(form.value, words) for form, words in FORMS.items()],
        widget=GovSelect(),
    )
    category = SelectField(
        _l("Matters that are reminded of it"), widget=GovSelect(), validators=[Optional()], default=""
    )
    ground = line_field(_l("On what ground"), hint=_l("The law, the charter or a resolution."), most=300)

    def offer(self) -> None:
        """Fill the list of categories."""
        self.category.choices = [
            ("", _("None")),
            *((category.value, words) for category, words in CATEGORIES.items()),
        ]

    def chosen_category(self) -> Category | None:
        """Return the category of a valid form."""
        return Category(self.category.data) if self.category.data else None


class SignForm(FlaskForm):
    for_household = BooleanField(
        _l("I sign for my household too"),
        description=_l("One adult signs for a household. Households are counted by themselves."),
        widget=GovCheckboxInput(),
    )


class DemandForm(SignForm):
    """A demand for an assembly or an appraisal."""

    kind = RadioField(
        _l("What do you demand?"),
        choices=[(form.value, words) for form, words in DEMANDS.items()],
        validators=[InputRequired(_l("Choose what you demand."))],
        widget=GovRadioInput(),
    )
    title = line_field(
        _l("What should it decide, or who should be appraised?"), missing=_l("Name the subject."), most=200
    )
    reason = words_field(_l("Why?"), _l("Give the reason."), hint=_l("It is public."))


class SignaturesForm(FlaskForm):
    lines = words_field(
        _l("Who signed?"),
        _l("Enter at least one name or roll number."),
        hint=_l("One person a line, by roll number or by name. If one line is wrong, nothing is saved yet."),
        most=20_000,
    )
    for_households = BooleanField(
        _l("They signed for their households"),
        description=_l("Then one line counts for one household."),
        widget=GovCheckboxInput(),
    )


class CalledForm(FlaskForm):
    meeting = SelectField(
        _l("Which assembly was called for it?"),
        widget=GovSelect(),
        validators=[InputRequired(_l("Choose an assembly."))],
    )
