"""Registration in words: grounds, states, refusals, and what tells people of one name apart."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civicforum.elections.models import Registration
from civicforum.elections.registers import OWN_WISH, RegisterFault
from civicforum.elections.rules import RegistrationState
from civicforum.errors import Invalid, RuleRefused
from civicforum.lawbook.texts import verdict_text
from civicforum.people.models import Person
from civicforum.people.rules import CapacityKind

# So many characters at the end of a register number are shown to tell people apart.
LAST_CHARACTERS = 3

GROUNDS: dict[CapacityKind, Any] = {
    CapacityKind.HUKOU: _l("My household registration (hukou) is in this community"),
    CapacityKind.USUAL_RESIDENCE: _l("I live here; my household registration (hukou) is elsewhere"),
    CapacityKind.COMMUNITY_WORKER: _l("I work for this community as a community worker"),
}
GROUND_NAMES: dict[CapacityKind, Any] = {
    CapacityKind.HUKOU: _l("hukou here"),
    CapacityKind.USUAL_RESIDENCE: _l("lives here, hukou elsewhere"),
    CapacityKind.COMMUNITY_WORKER: _l("community worker"),
}
STATES: dict[RegistrationState, Any] = {
    RegistrationState.APPLIED: _l("Waiting for the election committee"),
    RegistrationState.REGISTERED: _l("Registered"),
    RegistrationState.REFUSED: _l("Refused"),
    RegistrationState.WITHDRAWN: _l("Withdrawn"),
}
STATE_COLOURS: dict[RegistrationState, str] = {
    RegistrationState.APPLIED: "yellow",
    RegistrationState.REGISTERED: "green",
    RegistrationState.REFUSED: "red",
    RegistrationState.WITHDRAWN: "grey",
}
FAULTS: dict[str, Any] = {
    RegisterFault.NOT_STATUTORY: _l("Choose one of the three grounds that the law names."),
    RegisterFault.NO_EMPLOYMENT: _l("Enter the day on which the work for this community began."),
    RegisterFault.NO_HUKOU_PLACE: _l("Enter where the household registration is: city, district, community."),
    RegisterFault.NO_PERSON: _l("Choose the person who takes part."),
    RegisterFault.HAS_LEFT: _l("This person has moved away, or will have before election day."),
    RegisterFault.OTHER_UNIT: _l("Only residents of the group that chooses its representatives take part."),
    RegisterFault.BY_REPRESENTATIVES: _l("The residents' representatives elect, so nobody registers."),
    RegisterFault.NOBODY_TICKED: _l("Tick those who said that they take part."),
}


def ground_name(ground: CapacityKind) -> str:
    """Return a ground of article 16 in a few words."""
    return str(GROUND_NAMES[ground])


def refusal_text(refusal: Invalid | RuleRefused) -> str:
    """Return why a statement was refused; by the rulebook with what would make it lawful."""
    return str(FAULTS[refusal.reason]) if isinstance(refusal, Invalid) else verdict_text(refusal.verdict)


def decision_text(row: Registration) -> str:
    """Return why an application was refused, or a statement withdrawn."""
    return str(_("at the person's own wish")) if row.decision == OWN_WISH else row.decision


def details_of(person: Person) -> str:
    """Return what tells people of one name apart: group, year of birth, the end of the register number.

    Never an identity number and never a phone number. `person.household.group` is loaded.
    """
    return str(
        _(
            "%(group)s · born in %(year)s · register no. …%(end)s",
            group=person.household.group.name,
            year=person.born_on.year,
            end=person.number[-LAST_CHARACTERS:],
        )
    )
