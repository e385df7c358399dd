"""Forms of stations and of offline lists."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovTextArea
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from civicforum.fields import WholeField, line_field, strip
from civicforum.polls.models import Station
from civicforum.polls.rules import StationKind
from civicforum.polls.rules_paper import NotNumbers, read_numbers
from civicforum.polls.services.stations import StationPlan
from civicforum.polls.texts import STATION_KINDS

REFUSALS = {
    "name_taken": _l("Another station of this poll has this name."),
    "offline": _l("The box of an appraisal stands where there is a network: papers are noted at once."),
    "candidate": _l("Whoever stands on the ballot paper can neither watch nor write for others."),
}


class StationForm(FlaskForm):
    """A station or a box."""

    kind = RadioField(
        _l("What is it?"),
        widget=GovRadioInput(),
        choices=[(kind.value, words) for kind, words in STATION_KINDS.items()],
        default=StationKind.HALL.value,
        validators=[InputRequired(_l("Say whether it is a station or a roving box."))],
    )
    name = line_field(_l("Name of the station or box"), missing=_l("Give the station a name."), most=80)
    place = line_field(_l("Place, or the round it makes"), most=120)
    supervisors = TextAreaField(
        _l("Who watches the box"),
        description=_l("One name on each line. Nobody who stands on the ballot paper."),
        widget=GovTextArea(),
        filters=[strip],
        validators=[Length(max=2000)],
    )
    scribe = line_field(
        _l("Public scribe"),
        hint=_l("Who writes for voters who ask. For whom is never written down."),
        most=80,
    )
    is_offline = BooleanField(
        _l("Works on a printed list, without a network"),
        description=_l(
            "Its list is entered after the vote has ended. It serves voters no other station serves."
        ),
        widget=GovCheckboxInput(),
    )

    def show(self, station: Station) -> None:
        """Fill in a station as it is."""
        self.process(
            data={
                "kind": station.kind.value,
                "name": station.name,
                "place": station.place,
                "supervisors": "\n".join(station.supervisors),
                "scribe": station.scribe,
                "is_offline": station.is_offline,
            }
        )

    def plan(self) -> StationPlan:
        """Return what a valid form says."""
        names = [name.strip() for name in (self.supervisors.data or "").splitlines()]
        return StationPlan(
            name=self.name.data,
            kind=StationKind(self.kind.data),
            place=self.place.data or "",
            supervisors=tuple(name for name in names if name),
            scribe=self.scribe.data or "",
            is_offline=bool(self.is_offline.data),
        )


class NumbersField(TextAreaField):
    """Numbers on the roll, one by one or in ranges."""

    widget = GovTextArea()

    @property
    def numbers(self) -> list[int]:
        """Return the numbers of a valid field."""
        return read_numbers(self.data or "")

    def pre_validate(self, form: Any) -> None:
        try:
            read_numbers(self.data or "")
        except NotNumbers as error:
            said = _("“%(part)s” is neither a number nor a range such as 7-12.", part=error.args[0])
            raise ValidationError(said) from error


class ListForm(FlaskForm):
    """The printed list of an offline station, as numbers."""

    handed_out = NumbersField(
        _l("Numbers of those who took a paper"),
        description=_l("As on the signed sheet, in any order, such as 3, 7-12, 40. May be typed or pasted."),
    )
    by_proxy = NumbersField(
        _l("Of these: taken by the holder of a proxy"),
        description=_l("The number of whoever gave the proxy. Leave it empty where there was none."),
    )
    exchanged = WholeField(
        _l("Spoiled papers exchanged"),
        default=0,
        validators=[
            InputRequired(_l("Enter a whole number.")),
            NumberRange(0, 9999, message=_l("Enter a whole number.")),
        ],
    )
