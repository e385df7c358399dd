"""The form of the groups of raters of a cycle: who they are, what each weighs, until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect
from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from civicforum.appraisals import texts
from civicforum.appraisals.plans import LONGEST_GROUP, MOST_GROUPS, GroupPlan
from civicforum.appraisals.rules import RaterBasis
from civicforum.appraisals.scales import parse_weight, percent
from civicforum.errors import Invalid
from civicforum.fields import (
    ClockField,
    DayField,
    WholeField,
    add_error,
    day_and_clock,
    instant_of,
    line_field,
)
from civicforum.rulebook.days import day_starts

NUMBER = {"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"}
# Empty rows under the groups that there are, so that some can be added without a script.
SPARE_GROUPS = 2
PARTS_OF_GROUP = (
    "group",
    "basis",
    "weight",
    "least",
    "closes_on",
    "closes_at",
    "document",
    "panel",
    "size",
    "ordinary",
)


class GroupsForm(FlaskForm):
    """Groups of raters; a row without a name is none."""

    number = 0

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Return the fields group by group."""
        return [{name: self[f"{name}_{at}"] for name in PARTS_OF_GROUP} for at in range(self.number)]

    def groups(self, before: Sequence[GroupPlan], held_on: date) -> tuple[GroupPlan, ...] | None:
        """Return the groups, or None with the words beside what is wrong. A roll keeps its draw."""
        found = []
        for at in range(self.number):
            if self[f"group_{at}"].data:
                found.append(self._group(at, before[at] if at < len(before) else None))
                self._check(at, found[-1], held_on)
        return None if self.errors else tuple(one for one in found if one is not None)

    def _group(self, at: int, before: GroupPlan | None) -> GroupPlan | None:
        basis = RaterBasis(self[f"basis_{at}"].data)
        is_roll, is_outside = basis is RaterBasis.ROLL, basis is RaterBasis.OUTSIDE
        is_panel = bool(self[f"panel_{at}"].data)
        try:
            weight = parse_weight(self[f"weight_{at}"].data)
        except Invalid as refusal:
            add_error(self, f"weight_{at}", texts.refusal_text(refusal))
            return None
        return GroupPlan(
            name=self[f"group_{at}"].data,
            basis=basis,
            weight=weight,
            least=self[f"least_{at}"].data or 0,
            is_panel=is_panel,
            panel_size=self[f"size_{at}"].data if is_panel else None,
            panel_ordinary=self[f"ordinary_{at}"].data if is_panel else None,
            draw=before.draw if before is not None and is_roll else {},
            closes_at=self._closes_at(at) if is_roll else None,
            document=self[f"document_{at}"].data if is_outside else "",
        )

    def _check(self, at: int, group: GroupPlan | None, held_on: date) -> None:
        """Put beside their fields what check_plan would refuse of one group."""
        if group is None:
            return
        size, ordinary = group.panel_size, group.panel_ordinary
        wrong = {
            "least": group.least < 1,
            "panel": group.is_panel and (size is None or ordinary is None or not 0 <= ordinary <= size),
            "closes": group.closes_at is not None and group.closes_at <= day_starts(held_on),
        }
        fields = {"least": "least", "panel": "size", "closes": "closes_on"}
        for reason in (one for one, is_wrong in wrong.items() if is_wrong):
            add_error(self, f"{fields[reason]}_{at}", str(texts.FAULTS[reason]))

    def _closes_at(self, at: int) -> datetime | None:
        day, clock = self[f"closes_on_{at}"], self[f"closes_at_{at}"]
        if not day.data:
            return None
        if not clock.data:
            clock.data = time(18)
        return instant_of(day, clock)


def groups_form(groups: Sequence[GroupPlan], least: int) -> GroupsForm:
    """Return the form with the fields of each group, and some empty rows."""
    number = min(len(groups) + SPARE_GROUPS, MOST_GROUPS)
    fields: dict[str, Any] = {"number": number}
    given: dict[str, Any] = {}
    for at in range(number):
        fields |= _fields_of_group(at)
        given |= _given_of_group(at, groups[at] if at < len(groups) else None, least)
    form: GroupsForm = type("GroupsForm", (GroupsForm,), fields)(data=given)
    return form


def _fields_of_group(at: int) -> dict[str, Any]:
    bases = [(basis.value, words) for basis, words in texts.BASES.items()]
    return {
        f"group_{at}": line_field(_l("Name of the group"), most=LONGEST_GROUP),
        f"basis_{at}": SelectField(_l("Who they are"), widget=GovSelect(), choices=bases),
        f"weight_{at}": line_field(
            _l("Weight"), hint=_l("As a fraction such as 3/10, or in percent."), most=15
        ),
        f"least_{at}": WholeField(
            _l("Fewest forms"),
            description=_l("With fewer, the group has no figure and its box stays shut."),
            validators=[Optional()],
            render_kw=NUMBER,
        ),
        f"closes_on_{at}": DayField(_l("Of a roll: last day for forms"), validators=[Optional()]),
        f"closes_at_{at}": ClockField(_l("Until which hour"), validators=[Optional()]),
        f"document_{at}": line_field(
            _l("Of an outside organ: its signed sheet"),
            hint=_l("Such as “appraisal sheet of the subdistrict, with its seal”."),
            most=200,
        ),
        f"panel_{at}": BooleanField(
            _l("It is a panel of residents, whose size the rules state"), widget=GovCheckboxInput()
        ),
        f"size_{at}": WholeField(_l("People on the panel"), validators=[Optional()], render_kw=NUMBER),
        f"ordinary_{at}": WholeField(
            _l("Of them residents without a post"), validators=[Optional()], render_kw=NUMBER
        ),
    }


def _given_of_group(at: int, group: GroupPlan | None, least: int) -> dict[str, Any]:
    if group is None:
        return {f"least_{at}": least, f"basis_{at}": RaterBasis.ROLL.value}
    return {
        f"group_{at}": group.name,
        f"basis_{at}": group.basis.value,
        f"weight_{at}": percent(group.weight),
        f"least_{at}": group.least,
        f"document_{at}": group.document,
        f"panel_{at}": group.is_panel,
        f"size_{at}": group.panel_size,
        f"ordinary_{at}": group.panel_ordinary,
        **{f"{name}_{at}": value for name, value in day_and_clock("closes", group.closes_at).items()},
    }
