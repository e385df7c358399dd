"""Forms of the inbox: what somebody wants to be told, an address, and the code that confirms it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import AnyOf, InputRequired

from civicforum.fields import line_field
from civicforum.inbox.queries_told import Wishes
from civicforum.inbox.rules_told import LONGEST_ADDRESS, OUTSIDE, STATUTORY, Channel, Digest, Topic, Wish
from civicforum.inbox.words_told import DIGESTS

_HOURS = [(str(hour), f"{hour}:00") for hour in range(24)]
_EACH = [(f"{topic}:{channel}", "") for topic in Topic for channel in Channel]


class WishForm(FlaskForm):
    on = SelectMultipleField(choices=_EACH)
    digest = RadioField(
        _l("How often, if the law leaves it to you"),
        widget=GovRadioInput(),
        choices=[(digest.value, words) for digest, words in DIGESTS.items()],
        validators=[InputRequired(_l("Choose how often."))],
    )
    quiet_from = SelectField(_l("Quiet from"), widget=GovSelect(), choices=_HOURS)
    quiet_until = SelectField(_l("until"), widget=GovSelect(), choices=_HOURS)

    def fill(self, wishes: Wishes) -> None:
        """Show what somebody wants now."""
        self.digest.data = wishes.wish.digest.value
        self.quiet_from.data = str(wishes.wish.quiet_from)
        self.quiet_until.data = str(wishes.wish.quiet_until)
        self.on.data = [
            f"{topic}:{channel}"
            for topic in Topic
            for channel in Channel
            if topic not in STATUTORY and wishes.wants(topic, channel)
        ]

    def wish(self) -> Wish:
        """Return what a valid form says of when."""
        return Wish(Digest(self.digest.data), int(self.quiet_from.data), int(self.quiet_until.data))

    def chosen(self, channels: list[Channel]) -> dict[tuple[Topic, Channel], bool]:
        """Return what a valid form says of each topic that can be chosen, for the channels it showed."""
        on = set(self.on.data or [])
        return {
            (topic, channel): f"{topic}:{channel}" in on
            for topic in Topic
            for channel in channels
            if topic not in STATUTORY
        }


class AddressForm(FlaskForm):
    channel = HiddenField(validators=[AnyOf([channel.value for channel in OUTSIDE])])
    address = line_field(_l("E-mail address"), missing=_l("Enter the address."), most=LONGEST_ADDRESS)


class CodeForm(FlaskForm):
    channel = HiddenField(validators=[AnyOf([channel.value for channel in OUTSIDE])])
    code = line_field(_l("The six digits we sent you"), missing=_l("Enter the six digits."), most=20)
