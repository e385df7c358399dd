"""Forms of nominations: who is put forward, signatures from paper, the decision on one, a withdrawal."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from civicforum.elections.models import Seat
from civicforum.elections.rules import NominationRoute
from civicforum.elections.texts_candidates import ROUTES
from civicforum.fields import WordsField, line_field, strip


class NominateForm(FlaskForm):
    """Who is put forward for which post, and why."""

    seat = RadioField(
        _l("For which post?"),
        validators=[InputRequired(_l("Choose the post."))],
        widget=GovRadioInput(),
    )
    person = StringField()
    reason = WordsField(
        _l("Why this person?"),
        description=_l("A few sentences for the voters. May be left empty."),
        filters=[strip],
        validators=[Length(max=500)],
    )

    def offer(self, seats: Sequence[Seat]) -> None:
        """Fill the list of posts, each with how many people are elected to it."""
        self.seat.choices = [(str(seat.id), _seat_text(seat)) for seat in seats]


def _seat_text(seat: Seat) -> str:
    words = ngettext("%(title)s (%(num)s seat)", "%(title)s (%(num)s seats)", seat.seats, title=seat.title)
    return str(words)


def lines_field(label: str) -> WordsField:
    """Return a field for the signers of a paper."""
    return WordsField(
        label,
        description=_l("One person a line, by register number or by name. Keep the signed paper."),
        filters=[strip],
        validators=[Length(max=20_000)],
    )


class EntryForm(NominateForm):
    """A nomination that was handed in on paper."""

    route = RadioField(
        _l("By whom?"),
        choices=[(route.value, words) for route, words in ROUTES.items()],
        validators=[InputRequired(_l("Choose by whom the person was nominated."))],
        widget=GovRadioInput(),
    )
    paper = line_field(
        _l("Number of the paper"),
        hint=_l("Of the party organisation's decision, as it stands on it."),
        most=120,
    )
    lines = lines_field(_l("Who signed?"))

    def validate_paper(self, field: StringField) -> None:
        if self.route.data == NominationRoute.PARTY and not field.data:
            raise ValidationError(_l("Enter the number of the party organisation's paper."))

    def validate_lines(self, field: StringField) -> None:
        if self.route.data == NominationRoute.JOINT and not field.data:
            raise ValidationError(_l("Enter who signed, one person a line."))

    @property
    def by_party(self) -> bool:
        return bool(self.route.data == NominationRoute.PARTY)

    @property
    def said(self) -> str:
        """Return the ground as it is kept: the number of the paper before the words."""
        return "\n".join(part for part in (self.paper.data, self.reason.data) if part)


class SignaturesForm(FlaskForm):
    """More signatures from paper."""

    lines = lines_field(_l("Who signed?"))


class DecisionForm(FlaskForm):
    """Accept or refuse a nomination."""

    ACCEPT, REFUSE = "accept", "refuse"
    decision = RadioField(
        _l("What does the election committee decide?"),
        choices=[
            (ACCEPT, _l("Accept: onto the preliminary list")),
            (REFUSE, _l("Do not accept, with the reason")),
        ],
        validators=[InputRequired(_l("Choose what the committee decides."))],
        widget=GovRadioInput(),
    )
    reason = line_field(
        _l("Reason"), hint=_l("The nominee and who nominated read it. Needed for a refusal."), most=300
    )

    def validate_reason(self, field: StringField) -> None:
        if self.decision.data == self.REFUSE and not field.data:
            raise ValidationError(_l("Give the reason why it is not accepted."))

    @property
    def is_accepted(self) -> bool:
        return bool(self.decision.data == self.ACCEPT)


class ReasonForm(FlaskForm):
    """Why a nomination or a candidacy ends."""

    reason = line_field(_l("Reason"), hint=_l("May be left empty."), most=300)


class StepDownForm(ReasonForm):
    """Why a candidate of the formal list steps down; `reopens` is for officers, where too few are left."""

    reopens = BooleanField(
        _l("Take the election back to nomination"),
        description=_l(
            "Those left stay nominated and reviewed. Nominations, review and formal list follow once more; "
            "election day is moved where the time is too short."
        ),
        widget=GovCheckboxInput(),
    )
