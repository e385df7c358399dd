"""Planning, posting and reports of an appraisal in words."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.accounts.labels import capacity_name
from civicforum.appraisals.documents import draw_words
from civicforum.appraisals.duty_reports import ReportState
from civicforum.appraisals.errors import PlanIncomplete, TooSoon, WeightsDoNotSum
from civicforum.appraisals.plans import Demander, Gap
from civicforum.appraisals.rules import CycleKind, CycleState, RaterBasis
from civicforum.appraisals.scales import sum_text
from civicforum.bodies.labels import post_kind_name
from civicforum.errors import CivicForumError, Invalid, RuleRefused
from civicforum.lawbook.texts import verdict_text
from civicforum.polls.electorates import draw_from_json

KINDS: dict[CycleKind, LazyString] = {
    CycleKind.DUTY_REPORTS: _l("Half-yearly duty reports"),
    CycleKind.MEMBERS: _l("Yearly appraisal of committee members"),
    CycleKind.STATION: _l("Service station and its staff"),
    CycleKind.DEPARTMENTS: _l("Departments that work here"),
    CycleKind.PROVIDERS: _l("Providers that serve the community"),
    CycleKind.RESERVE: _l("Candidates for the reserve list"),
    CycleKind.SUPPORT: _l("Re-appraisal after a support plan"),
}
KIND_NOTES: dict[CycleKind, LazyString] = {
    CycleKind.DUTY_REPORTS: _l(
        "Party secretary, head of the station and committee director report to the representative assembly, "
        "which grades each."
    ),
    CycleKind.MEMBERS: _l(
        "The assembly grades the residents' committee as a body and each elected member. The law asks for it "
        "every year; two grades of unfit running end a member's post."
    ),
    CycleKind.STATION: _l(
        "The residents' committee and the residents grade the station's work and, apart from that, the duty "
        "of each of its staff."
    ),
    CycleKind.DEPARTMENTS: _l("Residents grade the organs of government that have work in this community."),
    CycleKind.PROVIDERS: _l("Residents grade the firms that serve them, such as water, gas or cleaning."),
    CycleKind.RESERVE: _l("The assembly grades those who were recommended for the reserve list."),
    CycleKind.SUPPORT: _l("Somebody with a poor grade is graded again at the end of a support plan."),
}
STATES: dict[CycleState, LazyString] = {
    CycleState.DRAFT: _l("Draft"),
    CycleState.POSTED: _l("Plan posted"),
    CycleState.RATING: _l("Being graded"),
    CycleState.COUNTED: _l("Counted"),
    CycleState.CERTIFIED: _l("Certified"),
    CycleState.VOID: _l("Declared void"),
}
STATE_COLOURS: dict[CycleState, str] = {
    CycleState.DRAFT: "grey",
    CycleState.POSTED: "blue",
    CycleState.RATING: "yellow",
    CycleState.COUNTED: "purple",
    CycleState.CERTIFIED: "green",
    CycleState.VOID: "red",
}
STATE_NOTES: dict[CycleState, LazyString] = {
    CycleState.DRAFT: _l("Only the supervision committee sees this plan. It changes until it is posted."),
    CycleState.POSTED: _l("The plan is posted and never changes again. Reports are handed in and checked."),
    CycleState.RATING: _l("Forms are given out and handed in. Nobody sees a result before the count."),
    CycleState.COUNTED: _l("The forms are counted. The result is told to each person and posted."),
    CycleState.CERTIFIED: _l("The result is certified and never changes any more."),
    CycleState.VOID: _l("This appraisal does not count."),
}
BASES: dict[RaterBasis, LazyString] = {
    RaterBasis.PRESENT: _l("Representatives who are in the room"),
    RaterBasis.ROLL: _l("A roll drawn from the register"),
    RaterBasis.OUTSIDE: _l("An organ outside the community, by its signed sheet"),
}
DEMANDERS: dict[Demander, LazyString] = {
    Demander.VOTERS: _l("Voters"),
    Demander.REPRESENTATIVES: _l("Residents' representatives"),
}
DUES: dict[str, LazyString] = {
    "reports": _l("Reports"),
    "held": _l("Appraisal"),
    "closes": _l("Forms handed in"),
    "result": _l("Result told and posted"),
}
REPORT_STATES: dict[ReportState, LazyString] = {
    ReportState.DUE: _l("Not handed in yet"),
    ReportState.OVERDUE: _l("Overdue"),
    ReportState.HANDED_IN: _l("Handed in, being checked"),
    ReportState.RETURNED: _l("Returned to be completed"),
    ReportState.ACCEPTED: _l("Checked and accepted"),
}
REPORT_COLOURS: dict[ReportState, str] = {
    ReportState.DUE: "grey",
    ReportState.OVERDUE: "red",
    ReportState.HANDED_IN: "blue",
    ReportState.RETURNED: "yellow",
    ReportState.ACCEPTED: "green",
}
GAPS: dict[Gap, LazyString] = {
    Gap.SUBJECTS: _l("Nobody and nothing is chosen to be graded."),
    Gap.MEETING: _l("No session of the representative assembly is chosen, whose members are to grade."),
    Gap.DRAW: _l("It is not said who is on the roll of a group."),
    Gap.CLOSES: _l("It is not said until when a group may hand in forms."),
    Gap.DOCUMENT: _l("It is not said by which signed sheet an outside organ grades."),
}
FAULTS: dict[str, LazyString] = {
    "title": _l("Enter a title of at most 200 characters."),
    "long": _l("This is too long."),
    "period": _l("The period ends before it begins."),
    "past": _l("This day is over."),
    "far": _l("This day is more than eighteen months ahead."),
    "kind": _l("The kind of an appraisal does not change. Drop the draft and begin another."),
    "scales": _l("There is at least one question on the form."),
    "many_subjects": _l("Grade at most sixty on one form."),
    "name": _l("Enter the name that stands on the form, of at most 200 characters."),
    "scale": _l("Choose the question under which each is graded."),
    "same_name": _l("Two names on the form are the same. Add the post, or a building, to tell them apart."),
    "same_person": _l("The same person is chosen twice. One grade for each person is enough."),
    "groups": _l("Name at least one group of raters, and at most six."),
    "group_name": _l("Enter the name of each group, of at most 80 characters."),
    "same_group": _l("Two groups have the same name."),
    "two_assemblies": _l("The assembly in the room is one group."),
    "least": _l("Enter a whole number, at least 1."),
    "weight": _l("Enter the weight as a fraction such as 3/10, or in percent."),
    "closes": _l("Forms are taken until some time after the day begins on which the appraisal is held."),
    "panel": _l("Say how many sit on the panel, and how many of them are residents without a post."),
    "draw": _l("This roll cannot be drawn. Choose again who is on it."),
    "signatures": _l("Enter how many signed, and of how many; not more than there are."),
    "demand_day": _l("The day on which enough had signed comes before the appraisal."),
    "meeting": _l("Choose a session of the representative assembly that is planned and not yet held."),
    "meeting_day": _l("The session that you chose is on another day."),
    "levels": _l("A scale has two to seven grades, each with a name of at most 40 characters."),
    "same_level": _l("Two grades of the scale have the same name."),
    "points": _l("Enter points as a whole number or a fraction, such as 80 or 5/2; none for “don't know”."),
    "points_order": _l("At least two grades have points, the best grade the most, and each one fewer."),
    "poor_from": _l("Choose from which grade on it is poor: not the best one, and one that has points."),
    "ground": _l("Say on what ground; it is published. At most 300 characters."),
    "came_on": _l("Choose a day between the posting of the plan and today."),
    "text": _l("Enter the report as text or choose a file."),
    "note": _l("Say what is missing; at most 1,000 characters."),
    "empty": _l("This file is empty."),
    "too_large": _l("This file is too large: 500 KB at most."),
    "wrong_type": _l("Choose a PDF, Word or OpenDocument file."),
}


def roll_text(draw: Mapping[str, Any], names: Mapping[uuid.UUID, str]) -> str:
    """Return who is on a roll: capacities or posts, then groups and grids; "" before it is said."""
    if not draw:
        return ""
    is_chinese = str(get_locale()) == "zh_Hans"
    parts = draw_words(draw_from_json(draw), names, capacity_name, lambda kind: " " + post_kind_name(kind))
    return ("；" if is_chinese else "; ").join(("、" if is_chinese else ", ").join(part) for part in parts)


def refusal_text(refusal: CivicForumError) -> str:
    """Return why something about a plan or a report was refused, with the sum and the remedy."""
    match refusal:
        case WeightsDoNotSum():
            words = _(
                "The weights have to sum to 100 percent, and they do not: %(sum)s. Change one of them.",
                sum=sum_text(refusal.weights),
            )
        case TooSoon():
            words = _(
                "%(name)s is appraised on %(day)s too. %(rule)s",
                name=refusal.name,
                day=refusal.last_on.isoformat(),
                rule=verdict_text(refusal.verdict),
            )
        case PlanIncomplete():
            words = " ".join(str(GAPS[gap]) for gap in refusal.gaps)
        case RuleRefused():
            words = verdict_text(refusal.verdict)
        case Invalid():
            words = str(FAULTS[refusal.reason])
        case _:
            raise refusal
    return str(words)
