"""What residents do about notices, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.notices.rules import ComplaintGround, ComplaintOutcome
from civicforum.notices.rules_asking import ComplaintState

# What is refused, by the reason that rules and services give.
REFUSALS: dict[str, LazyString] = {
    "missing": _l("This may not stay empty."),
    "long": _l("This is too long."),
    "personal_number": _l(
        "There is somebody's identity, telephone or card number in the text. "
        "Leave it out: everybody can read it."
    ),
    "not entitled": _l("Adults who live here and residents' representatives can demand it."),
    "ground": _l("Choose what you complain about."),
    "not late": _l("Its time is not over: there is nothing to complain about yet."),
    "too many complaints": _l("Three of your complaints wait for the office. Wait for one of its answers."),
    "too_many": _l("Three of your queries about this notice still wait for an answer. Wait for one of them."),
}
GROUNDS: dict[ComplaintGround, LazyString] = {
    ComplaintGround.LATE: _l("It was not posted in time"),
    ComplaintGround.FALSE: _l("It is not true, or not complete"),
    ComplaintGround.UNANSWERED: _l("A query about it was not answered in time"),
}
OUTCOMES: dict[ComplaintOutcome, LazyString] = {
    ComplaintOutcome.ORDERED: _l("It ordered the committee to post or to correct it"),
    ComplaintOutcome.EXPLAINED: _l("It looked into it and explained"),
    ComplaintOutcome.UNFOUNDED: _l("It found nothing wrong"),
}
COMPLAINT_STATES: dict[ComplaintState, LazyString] = {
    ComplaintState.FILED: _l("filed, not handed over yet"),
    ComplaintState.HANDED_OVER: _l("with the office"),
    ComplaintState.ANSWERED: _l("answered by the office"),
    ComplaintState.REMEDIED: _l("set right"),
}
# In the letter to the office, which is in Chinese whoever reads the site.
LETTER_GROUNDS: dict[ComplaintGround, str] = {
    ComplaintGround.LATE: "应当公开的事项未按时公布",
    ComplaintGround.FALSE: "公布的事项不真实或者不完整",
    ComplaintGround.UNANSWERED: "对公开事项的询问逾期未答复",
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
    "complaint.file": _l("complained to the subdistrict office about disclosure"),
    "complaint.hand_over": _l("handed the complaint over to the office"),
    "complaint.answer": _l("entered the office's answer to the complaint"),
    "complaint.remedy": _l("said what was done after the complaint"),
}
