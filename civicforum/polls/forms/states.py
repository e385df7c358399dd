"""Forms of who runs a poll: until when voting lasts, and why a poll is void."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from civicforum.fields import clock_field, day_and_clock, day_field, instant_of
from civicforum.polls.forms.reasons import reason_field
from civicforum.polls.models import Poll

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

    closes_on = day_field(_l("New last day"))
    closes_at = clock_field(_l("Ends at"))
    reason = reason_field(
        _l("Why does voting last longer?"),
        hint=_l("For everybody to read, such as “The power was out at the station from 9:00 to 11:30.”"),
    )

    @property
    def ends_at(self) -> datetime:
        """Return the instant that a valid form names."""
        return instant_of(self.closes_on, self.closes_at)

    @staticmethod
    def values_of(poll: Poll) -> dict[str, Any]:
        """Return what the form is first filled with."""
        return day_and_clock("closes", poll.closes_at)


class VoidForm(FlaskForm):
    ground = reason_field(
        _l("Why is the vote void?"),
        hint=_l("For everybody to read, such as “A name was missing on the ballot paper.”"),
    )
