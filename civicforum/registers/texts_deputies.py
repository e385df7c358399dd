"""The deputies' liaison point in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.registers.rules_deputies import DeputyKind, DeputyLevel

KINDS: dict[DeputyKind, LazyString] = {
    DeputyKind.CONGRESS: _l("Deputy to the people's congress"),
    DeputyKind.CONSULTATIVE: _l("Member of the political consultative conference"),
}
LEVELS: dict[DeputyLevel, LazyString] = {
    DeputyLevel.TOWNSHIP: _l("Township"),
    DeputyLevel.DISTRICT: _l("District or county"),
    DeputyLevel.CITY: _l("City"),
    DeputyLevel.PROVINCE: _l("Province"),
    DeputyLevel.NATIONAL: _l("The whole country"),
}
REFUSALS: dict[str, LazyString] = {
    "missing": _l("This may not stay empty."),
    "long": _l("This is too long."),
    "personal_data": _l("Somebody's number stands here. Leave it out: everybody can read it."),
    "future": _l("This day is still to come."),
    "before_sent": _l("The opinion was not there yet on this day."),
    "dates": _l("The last day lies before the first."),
    "hours": _l("It ends before it begins."),
    "taken": _l("The same stands in the register already."),
}
# What the journal says.
ACTIONS: dict[str, LazyString] = {
    "deputy.add": _l("entered a deputy at the liaison point"),
    "deputy.change": _l("changed the entry of a deputy"),
    "deputy.add_day": _l("announced a liaison day"),
    "deputy.change_day": _l("moved a liaison day"),
    "deputy.opinion": _l("left an opinion for a deputy"),
    "deputy.paper": _l("entered an opinion for a deputy from paper"),
    "deputy.forward": _l("forwarded an opinion to a deputy"),
    "deputy.answer": _l("entered a deputy's answer"),
}
