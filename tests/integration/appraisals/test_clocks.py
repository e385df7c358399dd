"""The clocks flag what is late, each thing once, and what the list and the home page say of it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.appraisals.duty_reports import ReportState
from civicforum.appraisals.models import DutyReport
from civicforum.appraisals.queries.listing import get_glance, line_of
from civicforum.appraisals.queries.needs import list_needs
from civicforum.appraisals.rules import CycleKind, CycleState
from civicforum.appraisals.services.clocks import SweepResult, sweep_clocks
from civicforum.appraisals.services.posting import void_cycle
from civicforum.appraisals.services.reporting import check_report, submit_report
from civicforum.bodies.models import Term
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import NeedKind
from civicforum.records.models import JournalEntry
from civicforum.rulebook.days import day_ends, day_starts
from tests.factories import NOW
from tests.support.appraisals import (
    HELD_ON,
    Town,
    cycle_of,
    make_town,
    plan_halfyear,
    plan_kind,
    post,
    posted_halfyear,
    roll_of_residents,
    subject_ids,
)
from tests.support.statements import count_statements

DUE_AT = day_ends(HELD_ON - timedelta(days=7))
LATE = DUE_AT + timedelta(microseconds=1)
BOOK = rulebook.load("national-2026")


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(representatives=0)


def hand_in(town: Town, subject_id: uuid.UUID, person_id: uuid.UUID, *, now: datetime = NOW) -> None:
    actor = replace(town.supervisor, person_id=person_id, roles=frozenset({Role.RESIDENT}))
    submit_report(subject_id=subject_id, text="报告", file=None, actor=actor, now=now)


@pytest.mark.law("D4", "appraisal.self_report")
def test_reports_that_are_missing_are_flagged_once_each(session: Session, town: Town) -> None:
    cycle_id = posted_halfyear(town)
    hand_in(town, subject_ids(cycle_id)[0], town.secretary_id)
    assert sweep_clocks(now=DUE_AT) == SweepResult()
    assert sweep_clocks(now=LATE) == SweepResult(reports_overdue=2)
    assert sweep_clocks(now=LATE + timedelta(days=1)) == SweepResult()
    session.expire_all()
    assert [
        one.overdue_at for one in session.scalars(select(DutyReport).order_by(DutyReport.overdue_at))
    ] == [
        LATE,
        LATE,
        None,
    ]
    entries = session.scalars(select(JournalEntry).where(JournalEntry.action == "appraisal.report_overdue"))
    assert [(one.actor_id, one.payload["name"]) for one in entries] == [
        (None, "刘建平（站长）"),
        (None, "陈伯龙（主任）"),
    ]


def test_a_void_cycle_is_late_with_nothing(town: Town) -> None:
    cycle_id = posted_halfyear(town)
    void_cycle(cycle_id=cycle_id, ground="名单有误", actor=town.supervisor, now=NOW)
    assert sweep_clocks(now=LATE) == SweepResult()


def counted(session: Session, town: Town, counted_at: datetime) -> uuid.UUID:
    """Post a cycle and write that it was counted, as another room's use case does."""
    cycle_id = posted_halfyear(town)
    cycle = cycle_of(cycle_id)
    cycle.state, cycle.counted_at = CycleState.COUNTED, counted_at
    for one in session.scalars(select(DutyReport)):
        one.submitted_at = one.first_submitted_at = NOW
    session.commit()
    return cycle_id


@pytest.mark.law("D4", "appraisal.result")
def test_a_result_not_posted_within_ten_days_is_flagged_once(session: Session, town: Town) -> None:
    counted_at = day_starts(HELD_ON)
    cycle_id = counted(session, town, counted_at)
    tenth = day_ends(HELD_ON + timedelta(days=10))
    assert sweep_clocks(now=tenth) == SweepResult()
    after = tenth + timedelta(microseconds=1)
    assert sweep_clocks(now=after) == SweepResult(results_overdue=1)
    assert sweep_clocks(now=after) == SweepResult()
    assert cycle_of(cycle_id).overdue_at == after


def test_a_result_posted_in_time_is_not_flagged(session: Session, town: Town) -> None:
    cycle_id = counted(session, town, day_starts(HELD_ON))
    cycle_of(cycle_id).result_posted_at = day_ends(HELD_ON)
    session.commit()
    assert sweep_clocks(now=day_ends(HELD_ON + timedelta(days=11))) == SweepResult()


def test_the_next_date_of_a_cycle_follows_its_state(session: Session, town: Town) -> None:
    cycle = cycle_of(posted_halfyear(town))
    assert (line_of(cycle, NOW).due, line_of(cycle, NOW).due_at) == ("reports", DUE_AT)
    for one in cycle.subjects:
        assert one.report is not None
        one.report.submitted_at = one.report.first_submitted_at = NOW
    assert (line_of(cycle, NOW).due, line_of(cycle, NOW).due_at) == ("held", day_ends(HELD_ON))
    cycle.state, cycle.counted_at = CycleState.COUNTED, day_starts(HELD_ON)
    due_at = day_ends(HELD_ON + timedelta(days=10))
    assert (line_of(cycle, NOW).due, line_of(cycle, NOW).due_at) == ("result", due_at)


def test_the_half_year_at_a_glance_says_who_reported_and_who_did_not(session: Session, town: Town) -> None:
    def glance(now: datetime) -> list[tuple[str, ReportState | None, int]]:
        session.expire_all()
        found = get_glance(session, community_id=town.community_id, book=BOOK, now=now)
        return [(one.name, one.state, one.late) for one in found.reporters]

    # In March the second half of last year is reported on.
    assert glance(NOW) == [("林国安", None, 0), ("刘建平", None, 0), ("陈伯龙", None, 0)]
    cycle_id = posted_halfyear(town)
    first, second, _third = subject_ids(cycle_id)
    hand_in(town, first, town.secretary_id)
    check_report(subject_id=first, accepts=True, note="", actor=town.supervisor, now=NOW)
    late = DUE_AT + timedelta(days=2)
    hand_in(town, second, town.station_head_id, now=late)
    # A report of the last half-year is none of the next, which is reported on from April.
    assert glance(day_ends(HELD_ON - timedelta(days=1))) == [
        ("林国安", ReportState.ACCEPTED, 0),
        ("刘建平", ReportState.HANDED_IN, 2),
        ("陈伯龙", ReportState.OVERDUE, 6),
    ]
    assert {state for _name, state, _late in glance(day_starts(HELD_ON))} == {None}


@pytest.mark.law("D1", "appraisal.per_year")
def test_an_elected_member_without_an_appraisal_for_a_year_is_missing(session: Session, town: Town) -> None:
    new = session.scalars(select(Term).where(Term.person_id == town.members[2])).one()
    new.since = HELD_ON - timedelta(days=300)
    session.commit()
    cycle = cycle_of(post(town, plan_kind(town, CycleKind.MEMBERS)))

    def missing(now: datetime) -> list[str]:
        found = get_glance(session, community_id=town.community_id, book=BOOK, now=now)
        return [one.name for one in found.members if one.is_missing]

    # Who is new in office is not late yet.
    assert missing(NOW) == ["陈伯龙", "张桂兰"]
    cycle.state, cycle.counted_at = CycleState.COUNTED, day_starts(HELD_ON)
    session.commit()
    a_year_later = HELD_ON.replace(year=2027)
    assert missing(day_ends(a_year_later - timedelta(days=1))) == []
    assert missing(day_starts(a_year_later)) == ["陈伯龙", "张桂兰", "王志明"]


def test_the_glance_takes_few_statements(session: Session, town: Town) -> None:
    posted_halfyear(town)
    session.expire_all()
    with count_statements() as counted_:
        get_glance(session, community_id=town.community_id, book=BOOK, now=NOW)
    assert counted_.total <= 2


def kinds(
    session: Session, town: Town, person_id: uuid.UUID, *roles: Role, now: datetime = NOW
) -> list[NeedKind]:
    actor = replace(town.supervisor, person_id=person_id, roles=frozenset({Role.RESIDENT, *roles}))
    return [need.kind for need in list_needs(session, actor, now)]


def test_whoever_is_graded_is_told_and_asked_for_the_report(session: Session, town: Town) -> None:
    cycle_id = plan_halfyear(town)
    assert kinds(session, town, town.secretary_id) == []
    post(town, cycle_id)
    assert kinds(session, town, town.secretary_id) == [NeedKind.HAND_IN_REPORT]
    subject_id = subject_ids(cycle_id)[0]
    hand_in(town, subject_id, town.secretary_id)
    assert kinds(session, town, town.secretary_id) == [NeedKind.BE_GRADED]
    check_report(subject_id=subject_id, accepts=False, note="不完整", actor=town.supervisor, now=NOW)
    assert kinds(session, town, town.secretary_id) == [NeedKind.HAND_IN_REPORT]
    assert kinds(session, town, town.members[1]) == []


def test_the_supervision_committee_checks_opens_counts_posts_and_certifies(
    session: Session, town: Town
) -> None:
    cycle_id = posted_halfyear(town)
    leads = town.supervisor.person_id, Role.SUPERVISOR
    assert kinds(session, town, *leads) == []
    hand_in(town, subject_ids(cycle_id)[0], town.secretary_id)
    assert kinds(session, town, *leads) == [NeedKind.CHECK_REPORTS]
    day = day_starts(HELD_ON)
    assert kinds(session, town, *leads, now=day) == [NeedKind.CHECK_REPORTS, NeedKind.OPEN_APPRAISAL]
    cycle = cycle_of(cycle_id)
    cycle.state = CycleState.RATING
    assert kinds(session, town, *leads) == [NeedKind.CHECK_REPORTS, NeedKind.COUNT_APPRAISAL]
    cycle.state, cycle.counted_at = CycleState.COUNTED, day
    assert kinds(session, town, *leads) == [NeedKind.POST_RESULT]
    cycle.result_posted_at = day
    assert kinds(session, town, *leads) == [NeedKind.CERTIFY_APPRAISAL]


def test_who_is_graded_leads_nothing_and_a_home_page_takes_two_statements(
    session: Session, town: Town
) -> None:
    posted_halfyear(town, groups=(roll_of_residents(),), meeting_id=None)
    now = day_starts(HELD_ON)
    with count_statements() as few:
        found = kinds(session, town, town.secretary_id, Role.SUPERVISOR, now=now)
    assert found == [NeedKind.HAND_IN_REPORT]
    assert few.total <= 2
