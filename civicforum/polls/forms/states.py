"""Forms of who runs a poll: until when voting lasts, and why a poll is void."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms.validators import InputRequired

from civicforum.meetings.forms import ClockField, DayField
from civicforum.polls.forms.reasons import reason_field
from civicforum.polls.models import Poll
from civicforum.rulebook import SHANGHAI

REFUSALS: dict[str, Any] = {
    "reason": _l("Say why."),
    "ground": _l("Say why."),
    "not_later": _l("This is not later than voting ends now."),
    "past_destruction": _l(
        "By then the keys and voting cards are destroyed, as was announced. Choose an earlier day."
    ),
}


class ExtendForm(FlaskForm):
    """A later end of the voting; day and hour are those of Shanghai."""

    closes_on = DayField(
        _l("New last day"),
        widget=GovTextInput(),
        render_kw={"type": "date"},
        validators=[InputRequired(_l("Enter the day."))],
    )
    closes_at = ClockField(
        _l("Ends at"),
        widget=GovTextInput(),
        render_kw={"type": "time"},
        validators=[InputRequired(_l("Enter the time."))],
    )
    reason = reason_field(
        _l("Why does voting last longer?"),
        hint=_l("For everybody to read, such as “The power was out at the station from 9:00 to 11:30.”"),
    )

    @property
    def ends_at(self) -> datetime:
        """Return the instant that a valid form names."""
        day, hour = self.closes_on.data, self.closes_at.data
        assert day is not None and hour is not None  # noqa: S101, PT018
        return datetime.combine(day, hour, SHANGHAI).astimezone(UTC)

    @staticmethod
    def values_of(poll: Poll) -> dict[str, Any]:
        """Return what the form is first filled with."""
        if poll.closes_at is None:
            return {}
        ends = poll.closes_at.astimezone(SHANGHAI)
        return {"closes_on": ends.date(), "closes_at": ends.time()}


class VoidForm(FlaskForm):
    ground = reason_field(
        _l("Why is the vote void?"),
        hint=_l("For everybody to read, such as “A name was missing on the ballot paper.”"),
    )
