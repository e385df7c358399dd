"""Forms of the rounds: whom names written in mean, and when another round is held."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired

from civicforum.elections.queries.rounds import WrittenIn
from civicforum.elections.texts_rounds import REFUSALS
from civicforum.elections.verdicts import NextRound
from civicforum.fields import add_error, clock_field, day_field, instant_of, line_field
from civicforum.polls.rules_paper import NotNumbers, read_numbers

SOMEBODY_ELSE, NOBODY = "number", "nobody"


class NextRoundForm(FlaskForm):
    """The day and the hours of another round."""

    on = day_field(_l("Day of voting"))
    opens = clock_field(_l("Opens at"))
    closes = clock_field(_l("Closes at"))

    def read_added(self, following: NextRound) -> dict[uuid.UUID, list[int]] | None:
        """Return the numbers of those nominated in addition, by seat; None where something is no number."""
        added: dict[uuid.UUID, list[int]] = {}
        for part in following.asked:
            if str(part.seat_id) not in self:
                continue
            try:
                added[part.seat_id] = read_numbers(self[str(part.seat_id)].data or "")
            except NotNumbers:
                add_error(self, str(part.seat_id), str(REFUSALS["not_on_roll"]))
        return None if self.errors else added

    @property
    def opens_at(self) -> datetime:
        return instant_of(self.on, self.opens)

    @property
    def closes_at(self) -> datetime:
        return instant_of(self.on, self.closes)


def next_round_form(
    following: NextRound, titles: Mapping[uuid.UUID, str], values: Mapping[str, Any]
) -> NextRoundForm:
    """Return a form that asks for more people where fewer are left than a vote needs."""
    fields = {
        str(part.seat_id): line_field(
            _("%(post)s: nominated in addition", post=titles[part.seat_id]),
            hint=_("Numbers on the roll, such as 12, 40. The party organisation or joint voters nominate."),
            most=100,
        )
        for part in following.asked
        if part.lacks_candidates
    }
    form: NextRoundForm = type("NextRoundForm", (NextRoundForm,), fields)(data=values)
    return form


class TakeOverForm(FlaskForm):
    """Whom the names mean that the roll does not settle; made for them by `take_over_form`."""

    def read(self, unclear: Sequence[WrittenIn]) -> dict[str, int | None] | None:
        """Return whom each name means, by WrittenIn.field; None where a number on the roll is missing."""
        meant: dict[str, int | None] = {}
        for at, name in enumerate(unclear):
            chosen = self[f"who_{at}"].data
            number = chosen if chosen not in (SOMEBODY_ELSE, NOBODY) else self[f"number_{at}"].data
            if chosen == NOBODY:
                meant[name.field] = None
            elif number.isdigit():
                meant[name.field] = int(number)
            else:
                add_error(self, f"number_{at}", str(REFUSALS["not_on_roll"]))
        return None if self.errors else meant


def take_over_form(unclear: Sequence[WrittenIn]) -> TakeOverForm:
    """Return a form that asks whom each of these names means."""
    fields: dict[str, Any] = {}
    for at, name in enumerate(unclear):
        fields[f"who_{at}"] = _who_field(name)
        fields[f"number_{at}"] = line_field(_("Number on the roll, if it is somebody else"), most=9)
    form: TakeOverForm = type("TakeOverForm", (TakeOverForm,), fields)()
    return form


def _who_field(name: WrittenIn) -> RadioField:
    return RadioField(
        _(
            "Whom does “%(name)s” mean? (%(post)s, %(num)s votes)",
            name=name.name,
            post=name.title,
            num=name.votes,
        ),
        choices=[
            *(
                (
                    str(entry.position),
                    _(
                        "No. %(number)s: %(name)s, %(group)s",
                        number=entry.position,
                        name=entry.name,
                        group=entry.group_name,
                    ),
                )
                for entry in name.bearers
            ),
            (
                SOMEBODY_ELSE,
                _("Somebody else on the roll")
                if name.bearers
                else _("Somebody on the roll whose name is written otherwise"),
            ),
            (NOBODY, _("Nobody on the roll: these votes are for nobody")),
        ],
        validators=[InputRequired(REFUSALS["unclear"])],
        widget=GovRadioInput(),
    )
