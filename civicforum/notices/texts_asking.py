"""What residents do about notices, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

# What is refused, by the reason that rules and services give.
REFUSALS: dict[str, LazyString] = {
    "missing": _l("This may not stay empty."),
    "long": _l("This is too long."),
    "personal_number": _l(
        "There is somebody's identity, telephone or card number in the text. "
        "Leave it out: everybody can read it."
    ),
    "not entitled": _l("Adults who live here and residents' representatives can demand it."),
    "too_many": _l("Three of your queries about this notice still wait for an answer. Wait for one of them."),
}

# What the journal says.
ACTIONS: dict[str, LazyString] = {
    "notice.ask": _l("asked about the notice"),
    "notice.ask_again": _l("asked on about the notice"),
    "notice.answer_query": _l("answered a query about the notice"),
    "notice.query_overdue": _l("did not answer a query about the notice in time"),
    "item_demand.make": _l("demanded that a further item be disclosed"),
    "item_demand.sign": _l("signed the demand for a further item"),
    "item_demand.enter_paper": _l("entered signatures for a further item from paper"),
    "item_demand.withdraw": _l("took back the demand for a further item"),
}
