"""Periods of reports, the life of a report, and what is signed."""

from __future__ import annotations

from datetime import date

import pytest

from civicforum.bodies.rules import BodyKind
from civicforum.errors import TransitionNotAllowed
from civicforum.meetings.rules import MeetingForm
from civicforum.rulebook import load
from civicforum.supervision.reporting import hash_of, title_of
from civicforum.supervision.rules import (
    NEXT_STATES,
    REPORTS_RULE,
    Period,
    ReportState,
    last_period,
    may_be_sat_in,
    move,
    period_of,
)

FIRST_HALF = Period(date(2026, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("day", "yearly", "first", "last"),
    [
        (date(2026, 1, 1), 2, date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 6, 30), 2, date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), 2, date(2026, 7, 1), date(2026, 12, 31)),
        (date(2024, 2, 29), 4, date(2024, 1, 1), date(2024, 3, 31)),
        (date(2026, 12, 31), 1, date(2026, 1, 1), date(2026, 12, 31)),
        (date(2024, 2, 10), 12, date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_day_lies_in_the_period_of_its_months(day: date, yearly: int, first: date, last: date) -> None:
    assert period_of(day, yearly) == Period(first, last)


def test_the_last_period_is_over_on_the_day_after_it() -> None:
    assert last_period(date(2026, 6, 30), 2) == Period(date(2025, 7, 1), date(2025, 12, 31))
    assert last_period(date(2026, 7, 1), 2) == FIRST_HALF


@pytest.mark.parametrize("yearly", [0, 5, 7])
def test_a_year_is_divided_into_whole_months(yearly: int) -> None:
    with pytest.raises(ValueError, match="reports a year"):
        period_of(date(2026, 1, 1), yearly)


@pytest.mark.law("B35", "supervision.reports_per_year")
def test_the_law_in_force_asks_for_two_reports_a_year() -> None:
    assert load("national-2026").count(REPORTS_RULE).least == 2


@pytest.mark.parametrize("state", ReportState)
@pytest.mark.parametrize("to", ReportState)
def test_a_report_goes_no_other_way_than_its_table(state: ReportState, to: ReportState) -> None:
    if to in NEXT_STATES.get(state, set()):
        assert move(state, to) is to
    else:
        with pytest.raises(TransitionNotAllowed):
            move(state, to)


def test_what_is_signed_changes_with_every_figure_and_word() -> None:
    signed = hash_of(FIRST_HALF, {"asked": 1, "due": 2}, "总体规范。")
    assert signed == hash_of(FIRST_HALF, {"due": 2, "asked": 1}, "总体规范。")
    assert signed != hash_of(FIRST_HALF, {"asked": 2, "due": 2}, "总体规范。")
    assert signed != hash_of(FIRST_HALF, {"asked": 1, "due": 2}, "总体规范")
    assert signed != hash_of(
        Period(date(2025, 1, 1), date(2025, 6, 30)), {"asked": 1, "due": 2}, "总体规范。"
    )


def test_a_report_is_named_for_its_half_year() -> None:
    assert title_of(FIRST_HALF) == "2026年上半年居务监督工作报告"
    assert title_of(Period(date(2026, 1, 1), date(2026, 3, 31))) == "2026年1—3月居务监督工作报告"


@pytest.mark.parametrize(
    ("form", "body", "may"),
    [
        (MeetingForm.JOINT, None, True),
        (MeetingForm.RESIDENTS_ASSEMBLY, None, True),
        (MeetingForm.REPRESENTATIVE_ASSEMBLY, None, True),
        (MeetingForm.COUNCIL, BodyKind.RESIDENTS_COMMITTEE, True),
        (MeetingForm.COUNCIL, BodyKind.DELIBERATION_COUNCIL, False),
        (MeetingForm.HEARING, None, False),
    ],
)
@pytest.mark.law("B35", "supervision.sits_in")
def test_members_sit_in_on_sessions_of_committee_and_assemblies(
    form: MeetingForm, body: BodyKind | None, may: bool
) -> None:
    assert may_be_sat_in(form, body) is may
