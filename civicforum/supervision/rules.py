"""What the supervision committee may do, and the clocks of its desk (articles 34 to 39)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import BodyKind, Role
from civicforum.errors import NotEligible, TransitionNotAllowed, require_text
from civicforum.meetings.rules import MeetingForm

SITS_IN_RULE = "supervision.sits_in"
ANSWER_RULE = "supervision.question_answered"
REFERRAL_RULE = "supervision.referral_answered"
REPORTS_RULE = "supervision.reports_per_year"
REPORT_RULE = "supervision.report_posted"
APPROVAL_RULE = "supervision.report_approved"
ARCHIVE_RULE = "supervision.archive"

LONGEST_TITLE = 120
LONGEST_TEXT = 2000
LONGEST_CONCLUSIONS = 6000
MOST_PHOTOS = 4
MOST_QUESTIONS_OPEN = 50
# Sessions of the committee and of the assemblies; deliberations are open to everybody concerned anyway.
SAT_IN_FORMS = frozenset(
    {MeetingForm.JOINT, MeetingForm.RESIDENTS_ASSEMBLY, MeetingForm.REPRESENTATIVE_ASSEMBLY}
)
SAT_IN_BODIES = frozenset({BodyKind.RESIDENTS_COMMITTEE})


class SubjectKind(StrEnum):
    """What a finding can be about; a finding about a matter has a table of its own (matters.models)."""

    NOTICE = "notice"
    DISCLOSURE_DUE = "disclosure_due"
    POLL = "poll"
    MEETING = "meeting"
    ELECTION = "election"
    APPRAISAL = "appraisal"


class EntryKind(StrEnum):
    """What an entry in the thread of a question to a body is."""

    QUESTION = "question"
    ANSWER = "answer"


class OfficeLevel(StrEnum):
    """To whom something is referred."""

    SUBDISTRICT = "subdistrict"
    DISTRICT = "district"


class ReferralGround(StrEnum):
    """Why something is referred upwards (arts 35, 36 and 38)."""

    DISCLOSURE_LATE = "disclosure_late"
    DISCLOSURE_FALSE = "disclosure_false"
    UNANSWERED = "unanswered"
    DECISION_NOT_CARRIED_OUT = "decision_not_carried_out"
    MONEY = "money"
    PROCEDURE = "procedure"
    DUTY = "duty"


class ReferralOutcome(StrEnum):
    """What the office found."""

    ORDERED = "ordered"
    EXPLAINED = "explained"
    PASSED_ON = "passed_on"
    UNFOUNDED = "unfounded"


class ReportState(StrEnum):
    """Where the half-yearly report is: its conclusions are written, it is signed, it is posted."""

    DRAFT = "draft"
    SIGNING = "signing"
    POSTED = "posted"


class CopyState(StrEnum):
    """Where a copy of the archive is."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


NEXT_STATES: dict[ReportState, set[ReportState]] = {
    ReportState.DRAFT: {ReportState.SIGNING},
    # Taken back, the conclusions can be changed again; what was signed before does not count for other words.
    ReportState.SIGNING: {ReportState.DRAFT, ReportState.POSTED},
}


def move(state: ReportState, to: ReportState) -> ReportState:
    """Return `to`, or raise TransitionNotAllowed when a report has no such step."""
    if to not in NEXT_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


def may_supervise(actor: Actor | None) -> bool:
    """Tell whether somebody writes at this desk: a member of the supervision committee, in person."""
    return actor is not None and actor.holds(Role.SUPERVISOR)


def check_supervisor(actor: Actor) -> None:
    """Refuse everybody but members of the supervision committee. Raises NotEligible."""
    if not may_supervise(actor):
        raise NotEligible(actor.person_id)


def may_be_sat_in(form: MeetingForm, body: BodyKind | None) -> bool:
    """Tell whether members sit in on a session: of the committee, or of one of the assemblies (art 36)."""
    return form in SAT_IN_FORMS or body in SAT_IN_BODIES


def require_words(text: str, *, most: int = LONGEST_TEXT, field: str = "text") -> str:
    """Return a text as it is kept. Raises Invalid: "missing" or "long"."""
    return require_text(text, most=most, field=field)


@dataclass(frozen=True, order=True)
class Period:
    """Whole months from the first day to the last one, both counted."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def period_of(day: date, reports_per_year: int) -> Period:
    """Return the period of the year in which a day lies; with two reports a year, half a year.

    Raises ValueError where the year is not divided into whole months.
    """
    if reports_per_year < 1 or 12 % reports_per_year:
        raise ValueError(f"{reports_per_year} reports a year")
    months = 12 // reports_per_year
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(start, _after(start, months) - timedelta(days=1))


def last_period(day: date, reports_per_year: int) -> Period:
    """Return the last period that was over before a day."""
    return period_of(period_of(day, reports_per_year).first - timedelta(days=1), reports_per_year)


def _after(start: date, months: int) -> date:
    passed = start.month - 1 + months
    return date(start.year + passed // 12, passed % 12 + 1, 1)
