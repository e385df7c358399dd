"""Forms of rolls: whom to draw, objections, rulings, corrections, proxies."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovRadioInput
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from civicforum.accounts.labels import capacity_name
from civicforum.bodies.labels import post_kind_name
from civicforum.bodies.models import Body
from civicforum.bodies.rules import PostKind
from civicforum.fields import WordsField, day_field, line_field, strip, words_field
from civicforum.people.fields import DayField
from civicforum.people.models import Grid, Group
from civicforum.people.rules import CapacityKind
from civicforum.polls.electorates import STATUTORY, STRENGTH, Basis, Draw
from civicforum.polls.rules import Ruling
from civicforum.polls.texts import RULINGS


class DrawForm(FlaskForm):
    """Who goes on the roll; the fields that another basis has are taken out."""

    capacities = SelectMultipleField(
        _l("Who may vote?"),
        description=_l("One of these is enough. Who has several is listed once, by the first of them."),
        widget=GovCheckboxesInput(),
    )
    posts = SelectMultipleField(
        _l("Holders of which posts?"),
        description=_l("In brackets: how many people hold the post on the day voting begins."),
        widget=GovCheckboxesInput(),
    )
    chosen = WordsField(
        _l("Whom have households chosen?"),
        description=_l(
            "One person a line, by roll number or by name. Every other household sends its eldest adult."
        ),
        filters=[strip],
        validators=[Length(max=100_000)],
    )
    groups = SelectMultipleField(
        _l("Only some residents' groups?"),
        description=_l("Tick none for all."),
        widget=GovCheckboxesInput(),
    )
    grids = SelectMultipleField(
        _l("Only some grids?"), description=_l("Tick none for all."), widget=GovCheckboxesInput()
    )

    def offer(
        self,
        basis: Basis,
        *,
        is_statutory: bool,
        seats: Sequence[tuple[Body, PostKind, int]],
        groups: Sequence[Group],
        grids: Sequence[Grid],
    ) -> None:
        """Leave the fields of this way of drawing, with what there is to choose."""
        kinds = [kind for kind in STRENGTH if not is_statutory or kind in STATUTORY]
        self.capacities.choices = [(kind.value, capacity_name(kind)) for kind in kinds]
        self.posts.choices = [
            (f"{body.id}:{kind}", f"{body.name} · {post_kind_name(kind)} ({holders})")
            for body, kind, holders in seats
        ]
        self.groups.choices = [(str(group.id), group.name) for group in groups]
        self.grids.choices = [(str(grid.id), grid.name) for grid in grids]
        if basis is Basis.POSTS:
            del self.capacities
        else:
            del self.posts
        if basis is not Basis.HOUSEHOLDS:
            del self.chosen

    def fill(self, draw: Draw) -> None:
        """Tick what was drawn before."""
        values = {
            "capacities": [kind.value for kind in draw.capacities],
            "posts": [f"{body_id}:{kind}" for body_id, kind in draw.posts],
            "groups": [str(one) for one in draw.groups],
            "grids": [str(one) for one in draw.grids],
        }
        for name, chosen in values.items():
            if name in self:
                self[name].data = chosen

    def draw(self, basis: Basis, chosen: Sequence[uuid.UUID]) -> Draw:
        """Return what was chosen; `chosen` are the people whom the lines name."""
        posts = [value.split(":") for value in self._ticked("posts")]
        return Draw(
            basis=basis,
            capacities=tuple(CapacityKind(value) for value in self._ticked("capacities")),
            posts=tuple((uuid.UUID(body_id), PostKind(kind)) for body_id, kind in posts),
            groups=tuple(uuid.UUID(value) for value in self._ticked("groups")),
            grids=tuple(uuid.UUID(value) for value in self._ticked("grids")),
            chosen=tuple(chosen),
        )

    def _ticked(self, name: str) -> list[str]:
        return list(self[name].data or []) if name in self else []


class ObjectionForm(FlaskForm):
    """An objection: `entry` where it is about somebody on the roll, `about` where somebody is missing."""

    entry = StringField()
    about = line_field(
        _l("Who is missing?"),
        hint=_l("The name, and the building if that helps. No identity or phone number."),
        most=100,
    )
    text = words_field(
        _l("What is wrong, and how do you know?"),
        _l("Say what is wrong."),
        hint=_l("Only those who rule on it read this. Papers can be shown at the service counter."),
        most=1000,
    )


class RulingForm(FlaskForm):
    """A ruling with its reasons."""

    ruling = RadioField(
        _l("Ruling"),
        choices=[(ruling.value, words) for ruling, words in RULINGS.items()],
        validators=[InputRequired(_l("Choose how you rule."))],
        widget=GovRadioInput(),
    )
    text = words_field(
        _l("Reasons"),
        _l("Give the reasons; they are published."),
        hint=_l("They are published. Name no details of anybody's life beyond what is needed."),
        most=1000,
    )
    person = StringField()

    @property
    def chosen(self) -> Ruling:
        return Ruling(self.ruling.data)


class CorrectionForm(FlaskForm):
    """A correction of the roll by a decision."""

    person = StringField()
    entry = StringField()
    reason = line_field(
        _l("Reason"),
        hint=_l("It is published: for instance moved away, deceased, left out by mistake."),
        missing=_l("Enter the reason; it is published."),
        most=300,
    )
    decision = line_field(
        _l("Number of the decision"), hint=_l("As in the minutes, if there is one."), most=80
    )


class MandateForm(FlaskForm):
    """A proxy given in writing."""

    principal = StringField()
    holder = StringField()
    reason = line_field(
        _l("Why can the voter not come?"),
        hint=_l("For instance working in another city. It is not published."),
        missing=_l("Enter the reason: only who is away may give a proxy."),
        most=200,
    )
    written_on = DayField(_l("Day on the paper"), validators=[InputRequired(_l("Enter the day."))])


class ProxyForm(FlaskForm):
    """The written proxy of a voter who will be away: whom they ask is chosen beside it."""

    holder = StringField()
    reason = line_field(
        _l("Why can you not come?"),
        hint=_l("For instance working in another city. Only your proxy and the election officers read it."),
        missing=_l("Enter the reason: only who is away may give a proxy."),
        most=200,
    )
    away_from = day_field(_l("First day away"))
    away_until = day_field(_l("Last day away"))
    confirms = BooleanField(
        _l("I ask this voter to vote for me, as if I had signed it by hand"),
        description=_l("Both names are posted on the list of proxies."),
        validators=[InputRequired(_l("Tick this: a proxy is given in writing."))],
        widget=GovCheckboxInput(),
    )


class WithdrawalForm(FlaskForm):
    """Why a proxy ends."""

    reason = words_field(
        _l("Reason"),
        _l("Enter the reason."),
        hint=_l("It stands in the public register."),
        most=200,
    )
