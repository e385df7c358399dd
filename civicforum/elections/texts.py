"""Elections in words: kinds, ways, stages, dates of the calendar, grounds, and what a day is refused for."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civicforum.bodies.rules import PostKind
from civicforum.elections.calendar import Breach, Milestone
from civicforum.elections.errors import CalendarBroken
from civicforum.elections.rules import ElectionKind, LeftGround, Stage, Way
from civicforum.lawbook.texts import broken_text, verdict_text
from civicforum.layout import day

_M = Milestone
_S = Stage

KINDS: dict[ElectionKind, Any] = {
    ElectionKind.COMMITTEE: _l("Election of the residents' committee"),
    ElectionKind.SUPERVISION: _l("Election of the supervision committee"),
    ElectionKind.REPRESENTATIVES: _l("Choice of residents' representatives"),
    ElectionKind.COUNCIL: _l("Election of the deliberation council"),
    ElectionKind.BY_ELECTION: _l("By-election"),
}
WAYS: dict[Way, Any] = {
    Way.VOTERS: _l("All registered voters vote"),
    Way.HOUSEHOLDS: _l("One of each household votes"),
    Way.REPRESENTATIVES: _l("The residents' representatives vote"),
}
WAY_NOTES: dict[Way, Any] = {
    Way.VOTERS: _l("Valid when more than half of the registered voters take part."),
    Way.HOUSEHOLDS: _l("Each household names who votes for it. Valid when more than half of them take part."),
    Way.REPRESENTATIVES: _l("Valid when more than two thirds of them take part. Nobody votes by proxy."),
}
STAGES: dict[Stage, Any] = {
    _S.PLANNED: _l("Plan"),
    _S.COMMITTEE: _l("Election committee"),
    _S.REGISTRATION: _l("Registration"),
    _S.ROLL: _l("Roll of voters"),
    _S.NOMINATION: _l("Nominations"),
    _S.REVIEW: _l("Review of candidates"),
    _S.CANDIDATES: _l("Candidates"),
    _S.POLLING: _l("Polling"),
    _S.COUNT: _l("Counting the ballots"),
    _S.RESULT: _l("Those elected"),
    _S.HANDOVER: _l("Handover"),
    _S.CLOSED: _l("Completed"),
    _S.VOID: _l("Void"),
}
STAGE_COLOURS: dict[Stage, str] = {
    _S.PLANNED: "grey",
    _S.COMMITTEE: "blue",
    _S.REGISTRATION: "blue",
    _S.ROLL: "blue",
    _S.NOMINATION: "purple",
    _S.REVIEW: "purple",
    _S.CANDIDATES: "purple",
    _S.POLLING: "green",
    _S.COUNT: "teal",
    _S.RESULT: "teal",
    _S.HANDOVER: "yellow",
    _S.CLOSED: "solid",
    _S.VOID: "red",
}
# What is being done at each stage, for whoever comes by.
STAGE_NOTES: dict[Stage, Any] = {
    _S.PLANNED: _l("The election is being prepared: how people vote, for how many seats, and when."),
    _S.COMMITTEE: _l("The election committee is being formed. It presides over everything that follows."),
    _S.REGISTRATION: _l("Residents who want to take part say so now, and are registered as voters."),
    _S.ROLL: _l("The roll of voters is posted. Whoever finds a mistake in it objects in time."),
    _S.NOMINATION: _l("The party organisation, or ten voters together, nominate people for the seats."),
    _S.REVIEW: _l("Whether each nominee may stand is being checked."),
    _S.CANDIDATES: _l("The candidates are known. They say what they plan, and answer questions."),
    _S.POLLING: _l("Voting takes place."),
    _S.COUNT: _l("The ballots are counted in public, and the result is announced on the spot."),
    _S.RESULT: _l("Those elected are announced and get their certificates."),
    _S.HANDOVER: _l("The old committee hands over to the new one."),
    _S.CLOSED: _l("The election is completed."),
    _S.VOID: _l("This election is void and does not count."),
}
MILESTONES: dict[Milestone, Any] = {
    _M.PLAN_APPROVED: _l("Plan decided"),
    _M.COMMITTEE_FORMED: _l("Election committee formed"),
    _M.REGISTRATION_OPENS: _l("Registration begins"),
    _M.REGISTRATION_CLOSES: _l("Registration ends"),
    _M.ELECTORS_CHOSEN: _l("Those who vote for households or groups chosen"),
    _M.ROLL_POSTED: _l("Roll of voters posted"),
    _M.OBJECTIONS_CLOSE: _l("Last day for objections to the roll"),
    _M.RULINGS_PUBLISHED: _l("Rulings on objections published"),
    _M.NOMINATION_OPENS: _l("Nominations begin"),
    _M.NOMINATION_CLOSES: _l("Nominations end"),
    _M.PRELIMINARY_LIST: _l("Preliminary list of candidates"),
    _M.REVIEW_DONE: _l("Review of the candidates done"),
    _M.FORMAL_LIST: _l("Formal list of candidates posted"),
    _M.PROXIES_CLOSE: _l("Last day to name a proxy"),
    _M.CANDIDATES_MET: _l("Voters meet the candidates"),
    _M.STAFF_POSTED: _l("Polling staff posted"),
    _M.PROXY_LIST: _l("List of proxies posted"),
    _M.POLLING_DAY: _l("Election day"),
    _M.RESULT_ANNOUNCED: _l("Result announced"),
    _M.RESULT_FILED: _l("Result filed with the subdistrict"),
    _M.HANDED_OVER: _l("Handover completed"),
}
# What is asked for where a date is written down by hand.
STEP_NOTES: dict[Milestone, Any] = {
    _M.PLAN_APPROVED: _l(
        "Which assembly decided the way of voting and the number of seats, when, and the number of its paper."
    ),
    _M.ELECTORS_CHOSEN: _l("How and when they were chosen, and where the list is kept."),
    _M.RULINGS_PUBLISHED: _l("Where the rulings were posted, and on which day."),
    _M.CANDIDATES_MET: _l("When and where the meeting was, how many came, and where its record is kept."),
    _M.STAFF_POSTED: _l("Where the list of scrutineers, callers, counters and scribes was posted."),
    _M.PROXY_LIST: _l("Where the list of proxies and of those they vote for was posted."),
}
COMMITTEE_POSTS: dict[PostKind, Any] = {
    PostKind.DIRECTOR: _l("Director"),
    PostKind.DEPUTY_DIRECTOR: _l("Deputy director"),
    PostKind.MEMBER: _l("Member of the election committee"),
}
LEFT_GROUNDS: dict[LeftGround, Any] = {
    LeftGround.NOMINATED: _l("is nominated"),
    LeftGround.RELATIVE_NOMINATED: _l("a near relative is nominated"),
    LeftGround.ABSENT: _l("missed meetings one after the other"),
    LeftGround.RESIGNED: _l("resigned"),
}
# Refusals of input, by errors.Invalid.reason.
FAULTS: dict[str, Any] = {
    "hours": _l("Voting ends after it begins: choose a later hour."),
    "seats": _l("The number of seats of a post is between 0 and 999."),
    "far": _l("This day is too far away: choose one within about a year."),
    "no_seat": _l("At least one seat is elected: enter how many."),
    "way": _l("Residents' representatives are chosen by the voters or the households of their group."),
    "unit": _l("Choose the residents' group that chooses its representatives."),
    "body": _l("Choose the body whose posts are filled."),
    "same_day": _l("Election day is on this day already."),
    "reason": _l("Say why; everybody who relied on the day reads it."),
    "ground": _l("Say on what ground the election is void."),
    "note": _l("Say what was done, and on which paper it stands."),
    "votes": _l("The number of votes cannot be below nought."),
    "has_left": _l("This person has moved away."),
    "too_few": _l("So many were not chosen: enter a smaller number, or enter more people first."),
    "director": _l("The director is one of the members."),
    "deputies": _l("Deputies are other members than the director."),
}


def breach_text(breach: Breach) -> str:
    """Return what is wrong with a date, and what would make it lawful where it breaks a clock."""
    return _order_text(breach) if breach.verdict is None else verdict_text(breach.verdict)


def calendar_text(refusal: CalendarBroken) -> str:
    """Return why a day is refused, and which is the first that would do: the one remedy of all its clocks."""
    found = [
        _order_text(one) if one.verdict is None else broken_text(one.verdict) for one in refusal.breaches
    ] or [str(_("This day is over."))]
    if refusal.first_day is not None:
        found.append(str(_("The first day that would do: %(day)s.", day=day(refusal.first_day))))
    return ("" if str(get_locale()).startswith("zh") else " ").join(found)


def _order_text(breach: Breach) -> str:
    first, then = MILESTONES[breach.after], MILESTONES[breach.milestone]
    return str(_("“%(then)s” comes before “%(first)s”.", then=then, first=first))
