"""Posting a plan: ten days before, told to everybody graded, and never changed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.appraisals.errors import PlanIncomplete
from civicforum.appraisals.models import DutyReport
from civicforum.appraisals.plans import Demand, Demander, Gap
from civicforum.appraisals.rules import CycleKind, CycleState
from civicforum.appraisals.services.posting import post_plan, void_cycle
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.meetings.models import Meeting
from civicforum.notices.models import Notice
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
    three_groups,
)


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(representatives=3)


def notice_of(session: Session, title: str) -> Notice:
    return session.scalars(select(Notice).where(Notice.title == title)).one()


@pytest.mark.law("D2", "appraisal.plan_notice")
def test_nine_days_before_are_refused_with_the_sum_and_ten_are_accepted(town: Town) -> None:
    cycle_id = plan_halfyear(town)
    nine = day_starts(HELD_ON) - timedelta(days=9)
    with pytest.raises(RuleRefused) as refusal:
        post(town, cycle_id, now=nine)
    assert refusal.value.verdict.rule.id == "appraisal.plan_notice"
    assert "< 10" in refusal.value.verdict.arithmetic
    assert cycle_of(cycle_id).state is CycleState.DRAFT
    # The last instant of the day ten days before.
    post(town, cycle_id, now=day_ends(HELD_ON - timedelta(days=10)))
    assert cycle_of(cycle_id).state is CycleState.POSTED


def test_the_assembly_finds_reports_and_grading_on_its_agenda(session: Session, town: Town) -> None:
    cycle = cycle_of(posted_halfyear(town))
    meeting = session.get_one(Meeting, town.meeting_id)
    last = meeting.agenda[-1]
    assert last.title == f"听取述职并进行民主评议：{cycle.title}"
    assert last.position == len(meeting.agenda)
    # Three report, ten minutes each.
    assert last.minutes == 30


def test_everybody_graded_is_told_and_owes_a_report_seven_days_before(session: Session, town: Town) -> None:
    cycle = cycle_of(posted_halfyear(town))
    assert [one.plan_told_at for one in cycle.subjects] == [NOW] * 3
    due = session.scalars(select(DutyReport.due_at)).all()
    assert due == [datetime(2026, 3, 25, 15, 59, 59, 999999, UTC)] * 3


def test_an_earlier_day_for_reports_counts(session: Session, town: Town) -> None:
    posted_halfyear(town, reports_due_on=HELD_ON - timedelta(days=12))
    due = session.scalars(select(DutyReport.due_at)).all()
    assert set(due) == {day_ends(HELD_ON - timedelta(days=12))}


@pytest.mark.law("D1")
def test_only_elected_members_of_the_committee_are_marked_for_article_37(town: Town) -> None:
    halfyear = cycle_of(posted_halfyear(town))
    assert [one.is_elected_member for one in halfyear.subjects] == [False, False, True]
    members = cycle_of(post(town, plan_kind(town, CycleKind.MEMBERS, keeps_distance=False)))
    assert [one.is_elected_member for one in members.subjects] == [False, True, True, True]
    assert members.subjects[0].plan_told_at is None


def test_the_notice_says_subjects_raters_weights_with_their_sum_scale_and_days(
    session: Session, town: Town
) -> None:
    posted_halfyear(town, groups=three_groups(), meeting_id=None)
    text = notice_of(session, "关于2025年下半年述职评议的方案").text
    for said in (
        "林国安（书记）（提交书面述职报告）、刘建平（站长）（提交书面述职报告）、陈伯龙（主任）",
        "优秀 100分，称职 80分，基本称职 60分，不称职 0分；“不称职”及以下为较差等次",
        "1. 街道：社区以外的单位，以其盖章的评议结果为准，权重30%，收回有效评议表少于5份的不公布其分组结果",
        "2. 同事：列入评议人名册的人员（户籍在本社区的居民、经常居住在本社区的居民），权重10%",
        "权重合计：30% + 10% + 60% = 100%。",
        "书面述职报告于2026年3月25日前交居务监督委员会审阅",
        "评议自2026年4月1日开始。",
        "居民的评议于2026年4月6日18:00截止。",
        "对本方案有意见的，可以向社区居务监督委员会提出",
        "本次评议结果不作为城市居民委员会组织法 第三十七条规定的评议结果。",
    ):
        assert said in text


def test_the_notice_of_the_statutory_appraisal_names_article_37_and_its_effect(
    session: Session, town: Town
) -> None:
    post(town, plan_kind(town, CycleKind.MEMBERS))
    text = notice_of(session, "关于2025年度居民委员会成员民主评议的方案").text
    assert text.startswith("根据城市居民委员会组织法 第三十七条，对2025年1月1日至2025年12月31日的工作")
    assert "连续两次被评议为不称职的，职务终止。" in text
    assert "评议会：2026年4月1日14:30，社区活动中心" in text


def test_the_notice_says_who_demanded_it(session: Session, town: Town) -> None:
    demand = Demand(by=Demander.VOTERS, reached_on=HELD_ON - timedelta(days=20), signatures=120, of=1000)
    posted_halfyear(town, demand=demand)
    text = notice_of(session, "关于2025年下半年述职评议的方案").text
    assert "本次评议经120名选民联名要求进行（120 ≥ 1/10 × 1000 = 100" in text


def test_a_plan_with_gaps_is_not_posted_and_says_which(town: Town) -> None:
    cycle_id = plan_halfyear(town, subjects=(), meeting_id=None)
    with pytest.raises(PlanIncomplete) as refusal:
        post(town, cycle_id)
    assert refusal.value.gaps == (Gap.SUBJECTS, Gap.MEETING)


def test_a_plan_is_posted_once_and_by_the_supervision_committee(town: Town) -> None:
    cycle_id = plan_halfyear(town)
    for role in (Role.COMMITTEE, Role.CLERK):
        with pytest.raises(NotEligible):
            post_plan(cycle_id=cycle_id, actor=replace(town.supervisor, roles=frozenset({role})), now=NOW)
    post(town, cycle_id)
    with pytest.raises(TransitionNotAllowed):
        post(town, cycle_id)


def test_another_communitys_cycle_is_not_found(town: Town) -> None:
    other = make_town(representatives=0, suffix="2")
    with pytest.raises(NotFound):
        post(other, plan_halfyear(town))


def test_a_posted_cycle_is_void_with_its_ground_on_the_board(session: Session, town: Town) -> None:
    cycle_id = posted_halfyear(town)
    with pytest.raises(Invalid, match="ground"):
        void_cycle(cycle_id=cycle_id, ground=" ", actor=town.supervisor, now=NOW)
    void_cycle(cycle_id=cycle_id, ground="评议对象名单有误", actor=town.supervisor, now=NOW)
    cycle = cycle_of(cycle_id)
    assert (cycle.state, cycle.void_ground) == (CycleState.VOID, "评议对象名单有误")
    assert "评议对象名单有误" in notice_of(session, "关于2025年下半年述职评议无效的公告").text


def test_a_draft_is_dropped_without_a_notice(session: Session, town: Town) -> None:
    void_cycle(cycle_id=plan_halfyear(town), ground="重新拟定", actor=town.supervisor, now=NOW)
    assert session.scalars(select(Notice)).all() == []


@pytest.mark.law("D5")
def test_weights_of_the_posted_plan_are_exact(town: Town) -> None:
    cycle = cycle_of(posted_halfyear(town, groups=three_groups(), meeting_id=None))
    assert sum((one.weight for one in cycle.groups), Fraction(0)) == 1
