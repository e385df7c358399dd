"""Planning a cycle: presets from the posts held today, who may plan, and the distance between two."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.errors import TooSoon
from civicforum.appraisals.models import Cycle, SupportPlan
from civicforum.appraisals.plans import Demand, Demander, GroupPlan, Plan
from civicforum.appraisals.rules import CycleKind, CycleState, RaterBasis, SubjectKind
from civicforum.appraisals.scales import body_scale
from civicforum.appraisals.services.plan_rows import read_plan
from civicforum.appraisals.services.planning import edit_plan, plan_cycle
from civicforum.bodies.models import Term
from civicforum.bodies.rules import Appointed, Role
from civicforum.departments.models import Department
from civicforum.departments.rules import DepartmentKind
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingState
from civicforum.people.models import Community
from civicforum.records.models import JournalEntry
from tests.factories import NOW, make_person
from tests.support.appraisals import (
    HELD_ON,
    Town,
    cycle_of,
    make_assembly,
    make_town,
    plan_halfyear,
    plan_kind,
    post,
    posted_halfyear,
    subject_ids,
    three_groups,
    usual_plan,
)


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(representatives=3)


def plan_it(town: Town, plan: Plan, *, actor: Actor | None = None) -> Cycle:
    cycle_id = uuid.uuid4()
    plan_cycle(cycle_id=cycle_id, plan=plan, actor=actor or town.supervisor, now=NOW)
    return cycle_of(cycle_id)


def names(cycle: Cycle) -> list[str]:
    return [one.name for one in cycle.subjects]


@pytest.mark.law("D1", "appraisal.reporters")
def test_the_half_years_reports_begin_with_secretary_station_head_and_director(town: Town) -> None:
    cycle = cycle_of(plan_halfyear(town))
    assert names(cycle) == ["林国安（书记）", "刘建平（站长）", "陈伯龙（主任）"]
    assert all(one.needs_report for one in cycle.subjects)
    assert [scale.levels for scale in cycle.scales] == [["优秀", "称职", "基本称职", "不称职"]]
    assert cycle.state is CycleState.DRAFT
    assert cycle.counts_for_37 is False
    assert cycle.title == "2025年下半年述职评议"
    assert (cycle.held_on, cycle.meeting_id) == (HELD_ON, town.meeting_id)


def test_the_statutory_appraisal_has_every_elected_member_and_the_body_as_a_whole(
    session: Session, town: Town
) -> None:
    appointed = session.scalars(select(Term).where(Term.person_id == town.members[2])).one()
    appointed.appointed = Appointed.APPOINTED
    session.commit()
    cycle = cycle_of(plan_kind(town, CycleKind.MEMBERS))
    assert names(cycle) == ["社区居民委员会", "陈伯龙（主任）", "张桂兰（委员）"]
    assert cycle.counts_for_37
    assert [one.scale.levels[0] for one in cycle.subjects] == ["满意", "优秀", "优秀"]


def test_station_and_staff_are_two_questions_for_committee_and_residents(town: Town) -> None:
    cycle = cycle_of(plan_kind(town, CycleKind.STATION))
    by_scale = {
        scale.title: [one.name for one in cycle.subjects if one.scale_id == scale.id]
        for scale in cycle.scales
    }
    assert by_scale == {
        "工作人员履职情况": ["刘建平（站长）", "赵敏（办事员）"],
        "社区服务站工作": ["社区服务站"],
    }
    assert [(one.name, one.weight) for one in cycle.groups] == [
        ("居民委员会成员", Fraction(2, 5)),
        ("居民", Fraction(3, 5)),
    ]
    assert all(one.draw for one in cycle.groups)


@pytest.mark.law("D7")
def test_only_departments_that_worked_here_in_the_period_are_graded(session: Session, town: Town) -> None:
    for name, kind, since, until in (
        ("派出所", DepartmentKind.POLICE, date(2020, 1, 1), None),
        ("城管中队", DepartmentKind.BRANCH, date(2020, 1, 1), date(2025, 1, 1)),
        ("旧街道办", DepartmentKind.SUBDISTRICT, date(2020, 1, 1), date(2024, 12, 31)),
        ("新来的所", DepartmentKind.BRANCH, date(2026, 1, 1), None),
        ("供水公司", DepartmentKind.PROVIDER, date(2020, 1, 1), None),
    ):
        row = Department(
            community_id=town.community_id,
            kind=kind,
            name=name,
            duty="在本社区服务",
            since=since,
            until=until,
        )
        session.add(row)
    session.commit()
    assert sorted(names(cycle_of(plan_kind(town, CycleKind.DEPARTMENTS)))) == ["城管中队", "派出所"]
    providers = cycle_of(plan_kind(town, CycleKind.PROVIDERS))
    assert [(one.name, one.kind) for one in providers.subjects] == [("供水公司", SubjectKind.PROVIDER)]


def test_a_reappraisal_is_of_the_person_whom_a_support_plan_helps(session: Session, town: Town) -> None:
    graded = subject_ids(posted_halfyear(town))[1]
    session.add(
        SupportPlan(
            community_id=town.community_id,
            subject_id=graded,
            person_id=town.station_head_id,
            helper_id=town.secretary_id,
            trigger="不称职超过半数",
            measures="每周跟班",
            until_on=date(2026, 9, 1),
            opened_at=NOW,
            opened_by_id=town.supervisor.person_id,
        )
    )
    session.commit()
    cycle = cycle_of(plan_kind(town, CycleKind.SUPPORT))
    assert names(cycle) == ["刘建平（站长）"]
    assert cycle.keeps_distance is False


def test_a_plan_comes_back_from_its_rows_as_it_was_written(town: Town) -> None:
    plan = usual_plan(
        town,
        CycleKind.DUTY_REPORTS,
        scales=(body_scale("第一题"), body_scale("第二题")),
        introduction="说明",
        groups=three_groups(),
        reports_due_on=date(2026, 3, 20),
        demand=Demand(
            by=Demander.REPRESENTATIVES, reached_on=date(2026, 3, 12), signatures=1, of=3, text="联名信"
        ),
    )
    subjects = (plan.subjects[0], replace(plan.subjects[1], scale=1))
    plan = replace(plan, subjects=subjects)
    assert read_plan(plan_it(town, plan)) == plan


def test_only_the_supervision_committee_plans(town: Town) -> None:
    plan = usual_plan(town, CycleKind.DUTY_REPORTS)
    for role in (Role.COMMITTEE, Role.CLERK, Role.PARTY, Role.ADMIN):
        with pytest.raises(NotEligible):
            plan_it(town, plan, actor=replace(town.supervisor, roles=frozenset({role})))


def test_nobody_plans_a_cycle_in_which_they_are_graded(town: Town) -> None:
    plan = usual_plan(town, CycleKind.DUTY_REPORTS)
    with pytest.raises(NotEligible):
        plan_it(town, plan, actor=replace(town.supervisor, person_id=town.secretary_id))


def test_a_second_click_plans_nothing(town: Town) -> None:
    cycle_id, plan = plan_halfyear(town), usual_plan(town, CycleKind.DUTY_REPORTS)
    with pytest.raises(AlreadyDone):
        plan_cycle(cycle_id=cycle_id, plan=plan, actor=town.supervisor, now=NOW)


def test_a_person_of_another_community_is_not_found(session: Session, town: Town) -> None:
    plan = usual_plan(town, CycleKind.DUTY_REPORTS)
    other = make_town(representatives=0, suffix="2")
    stranger = replace(plan.subjects[0], person_id=other.secretary_id)
    with pytest.raises(NotFound):
        plan_it(town, replace(plan, subjects=(stranger,)))


def test_the_meeting_is_a_planned_session_of_the_assembly_on_the_day(session: Session, town: Town) -> None:
    with pytest.raises(Invalid, match="meeting_day"):
        plan_halfyear(town, held_on=HELD_ON + timedelta(days=1))
    session.get_one(Meeting, town.meeting_id).state = MeetingState.CANCELLED
    session.commit()
    with pytest.raises(Invalid, match="meeting"):
        plan_halfyear(town, meeting_id=town.meeting_id, held_on=HELD_ON)


def test_a_draft_changes_and_what_is_posted_does_not(town: Town) -> None:
    cycle_id = plan_halfyear(town)
    plan = replace(read_plan(cycle_of(cycle_id)), title="述职评议会", groups=three_groups())
    edit_plan(cycle_id=cycle_id, plan=plan, actor=town.supervisor, now=NOW)
    cycle = cycle_of(cycle_id)
    assert cycle.title == "述职评议会"
    assert [one.weight for one in cycle.groups] == [Fraction(3, 10), Fraction(1, 10), Fraction(3, 5)]
    post(town, cycle_id)
    with pytest.raises(TransitionNotAllowed):
        edit_plan(cycle_id=cycle_id, plan=plan, actor=town.supervisor, now=NOW)


def test_a_draft_keeps_its_kind_and_its_journal_entries_are_not_public(session: Session, town: Town) -> None:
    cycle_id = plan_halfyear(town)
    plan = replace(read_plan(cycle_of(cycle_id)), kind=CycleKind.MEMBERS)
    with pytest.raises(Invalid, match="kind"):
        edit_plan(cycle_id=cycle_id, plan=plan, actor=town.supervisor, now=NOW)
    entries = session.scalars(select(JournalEntry).where(JournalEntry.subject_id == cycle_id)).all()
    assert [(one.action, one.is_public) for one in entries] == [("appraisal.plan", False)]


@pytest.mark.law("D2", "appraisal.interval")
def test_six_months_lie_between_two_appraisals_of_one_person(session: Session, town: Town) -> None:
    posted_halfyear(town)
    community = session.get_one(Community, town.community_id)
    too_soon = make_assembly(community, town.assembly_id, date(2026, 9, 30))
    with pytest.raises(TooSoon) as refusal:
        plan_halfyear(town, keeps_distance=True, meeting_id=too_soon, held_on=date(2026, 9, 30))
    assert (refusal.value.name, refusal.value.last_on) == ("林国安（书记）", HELD_ON)
    assert refusal.value.verdict.rule.id == "appraisal.interval"
    in_time = make_assembly(community, town.assembly_id, date(2026, 10, 1))
    plan_halfyear(town, keeps_distance=True, meeting_id=in_time, held_on=date(2026, 10, 1))
    plan_halfyear(town, keeps_distance=False, meeting_id=too_soon, held_on=date(2026, 9, 30))


@pytest.mark.law("D2", "appraisal.interval")
def test_a_cycle_in_between_keeps_its_distance_from_the_later_one_too(session: Session, town: Town) -> None:
    community = session.get_one(Community, town.community_id)
    later = make_assembly(community, town.assembly_id, date(2026, 9, 30))
    post(town, plan_halfyear(town, meeting_id=later, held_on=date(2026, 9, 30)))
    with pytest.raises(TooSoon):
        plan_halfyear(town, keeps_distance=True)


def test_a_draft_and_other_people_bind_nobody(session: Session, town: Town) -> None:
    plan_halfyear(town)
    posted_halfyear(town, subjects=usual_plan(town, CycleKind.DUTY_REPORTS).subjects[1:])
    plan = usual_plan(town, CycleKind.DUTY_REPORTS, keeps_distance=True)
    first = plan.subjects[0]
    assert names(plan_it(town, replace(plan, subjects=(first,)))) == [first.name]


@pytest.mark.law("D8", "privacy.least")
def test_two_groups_under_the_floor_are_refused_with_the_sum(town: Town) -> None:
    groups = tuple(
        GroupPlan(name=name, basis=RaterBasis.OUTSIDE, weight=Fraction(1, 2), least=4) for name in "甲乙"
    )
    with pytest.raises(RuleRefused) as refusal:
        plan_halfyear(town, groups=groups)
    assert refusal.value.verdict.arithmetic == "4 < 5"


def test_somebody_without_a_post_can_be_graded_too(session: Session, town: Town) -> None:
    person = make_person(session.get_one(Community, town.community_id), name="郑小慧")
    plan = usual_plan(town, CycleKind.RESERVE)
    subject = replace(
        usual_plan(town, CycleKind.DUTY_REPORTS).subjects[0],
        person_id=person.id,
        term_id=None,
        body_id=None,
        name="郑小慧",
        needs_report=False,
    )
    assert names(plan_it(town, replace(plan, subjects=(subject,)))) == ["郑小慧"]
