"""Forms of residents, grids and the list of residents."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovFileInput, GovRadioInput, GovSelect
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from civicforum.accounts.labels import capacity_name
from civicforum.bodies.labels import kinship_name
from civicforum.fields import LineField, line_field
from civicforum.people.fields import DayField
from civicforum.people.models import Grid, Group
from civicforum.people.rules import CapacityKind, KinshipKind, Sex

MISSING_DAY = _l("Enter the day.")
CHOOSE_PERSON = _l("Choose the person.")


class UploadForm(FlaskForm):
    """A list of residents."""

    file = FileField(
        _l("List of residents"),
        description=_l("An Excel workbook (.xlsx) or a table of text (.csv), at most 16 MB."),
        validators=[FileRequired(_l("Choose the file."))],
        widget=GovFileInput(),
    )


class GridForm(FlaskForm):
    """A new grid."""

    code = line_field(_l("Code of the grid"), most=20, missing=_l("Enter a code, such as 03."))
    name = line_field(_l("Name of the grid"), most=80, missing=_l("Enter a name, such as 第三网格."))


class GroupForm(FlaskForm):
    """A new residents' group."""

    group = line_field(
        _l("Name of the residents' group"),
        most=80,
        missing=_l("Enter a name, such as 第三居民小组."),
    )


class ChosenForm(FlaskForm):
    """Somebody chosen from those found."""

    person = LineField(validators=[DataRequired(CHOOSE_PERSON)])


class KinForm(ChosenForm):
    """A near relative of somebody."""

    kind = RadioField(
        _l("What are they to each other?"),
        validators=[InputRequired(_l("Choose one."))],
        widget=GovRadioInput(),
    )

    def offer(self) -> None:
        self.kind.choices = [(kind.value, kinship_name(kind)) for kind in KinshipKind]


class PersonForm(FlaskForm):
    """One new resident."""

    number = line_field(_l("Roll number"), most=40, missing=_l("Enter the roll number."))
    name = line_field(_l("Name"), most=80, missing=_l("Enter the name."))
    sex = RadioField(
        _l("Sex"),
        choices=[(Sex.FEMALE.value, _l("Female")), (Sex.MALE.value, _l("Male"))],
        validators=[InputRequired(_l("Choose one."))],
        widget=GovRadioInput(),
    )
    born_on = DayField(_l("Date of birth"), validators=[InputRequired(MISSING_DAY)])
    household = line_field(_l("Household number"), most=40, missing=_l("Enter the household number."))
    phone = line_field(_l("Phone"), most=40)
    identity_number = line_field(
        _l("Identity number"),
        hint=_l("Not required. It only serves to find people entered twice and is never kept as written."),
        most=40,
    )
    capacities = SelectMultipleField(_l("Belongs here as"), widget=GovCheckboxesInput())
    since = DayField(_l("Since"), description=_l("Today if left blank."))

    def offer(self) -> None:
        self.capacities.choices = capacity_choices()


class HouseholdForm(FlaskForm):
    """A new household."""

    number = line_field(_l("Household number"), most=40, missing=_l("Enter the household number."))
    address = line_field(_l("Address"), most=120, missing=_l("Enter the address."))
    grid = SelectField(_l("Grid"), widget=GovSelect())
    group = SelectField(_l("Residents' group"), widget=GovSelect())

    def offer(self, grids: Iterable[Grid], groups: Iterable[Group]) -> None:
        self.grid.choices = [(str(grid.id), f"{grid.code} {grid.name}") for grid in grids]
        self.group.choices = [(str(group.id), group.name) for group in groups]


class CapacityForm(FlaskForm):
    """In what capacity somebody belongs here from now on."""

    kind = SelectField(_l("Belongs here as"), widget=GovSelect())
    since = DayField(_l("First day"), validators=[InputRequired(MISSING_DAY)])

    def offer(self) -> None:
        self.kind.choices = capacity_choices()


def capacity_choices() -> list[tuple[str, str]]:
    return [(kind.value, capacity_name(kind)) for kind in CapacityKind]


class EndCapacityForm(FlaskForm):
    """The last day of a capacity."""

    on = DayField(_l("Last day"), validators=[InputRequired(MISSING_DAY)])
