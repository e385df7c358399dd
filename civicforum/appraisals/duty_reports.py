"""Where a duty report stands, and how late it is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from civicforum.appraisals.rules import ReportCheck
from civicforum.rulebook.days import day_of

LONGEST_TEXT, LONGEST_NOTE = 20_000, 1000


class ReportState(StrEnum):
    """What a report waits for."""

    DUE = "due"
    OVERDUE = "overdue"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    ACCEPTED = "accepted"


def state_of(
    *, due_at: datetime, submitted_at: datetime | None, check: ReportCheck | None, now: datetime
) -> ReportState:
    """Return where a report stands. One that was returned is not overdue: it came."""
    if submitted_at is None:
        return ReportState.OVERDUE if now > due_at else ReportState.DUE
    if check is None:
        return ReportState.HANDED_IN
    return ReportState.ACCEPTED if check is ReportCheck.ACCEPTED else ReportState.RETURNED


def days_late(due_at: datetime, first_submitted_at: datetime | None, now: datetime) -> int:
    """Return by how many calendar days a report came late, or is late by now; 0 in time."""
    came = first_submitted_at or now
    return max(0, (day_of(came) - day_of(due_at)).days) if came > due_at else 0
