"""The registers in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.registers.rules import RemarkState

STATES: dict[RemarkState, LazyString] = {
    RemarkState.WAITING: _l("not looked at yet"),
    RemarkState.NONE: _l("no remarks"),
    RemarkState.REMARKED: _l("remarked on"),
}
REFUSALS: dict[str, LazyString] = {
    "missing": _l("This may not stay empty."),
    "long": _l("This is too long."),
    "personal_number": _l("There is somebody's identity or card number in the text. Everybody can read it."),
    "future": _l("This day is still to come."),
}
# What the journal says.
ACTIONS: dict[str, LazyString] = {
    "owners_decision.notify": _l("notified the residents' committee of an owners' decision"),
    "owners_decision.remark": _l("looked at an owners' decision"),
    "residence_report.report": _l("reported in at the place of residence"),
    "residence_report.confirm": _l("confirmed a report at the place of residence"),
}
