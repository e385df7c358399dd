"""What is refused in a plan before it is posted, at the edges of each number."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from civicforum import rulebook
from civicforum.appraisals.errors import WeightsDoNotSum
from civicforum.appraisals.plans import (
    Demand,
    Demander,
    Gap,
    GroupPlan,
    Plan,
    SubjectPlan,
    check_plan,
    gaps_of,
    half_year,
    whole_year,
)
from civicforum.appraisals.presets import period_of, usual_title
from civicforum.appraisals.rules import CycleKind, RaterBasis, SubjectKind
from civicforum.appraisals.scales import duty_scale
from civicforum.errors import Invalid, RuleRefused
from civicforum.rulebook.days import day_starts

BOOK = rulebook.load("national-2026")
TODAY, HELD_ON = date(2026, 3, 2), date(2026, 4, 1)
SECRETARY = SubjectPlan(kind=SubjectKind.PERSON, name="林国安（书记）", person_id=uuid.uuid4())
ASSEMBLY = GroupPlan(name="居民代表", basis=RaterBasis.PRESENT)


def plan(**changes: Any) -> Plan:
    values: dict[str, Any] = {
        "kind": CycleKind.DUTY_REPORTS,
        "title": "2025年下半年述职评议",
        "period_from": date(2025, 7, 1),
        "period_until": date(2025, 12, 31),
        "held_on": HELD_ON,
        "least": 5,
        "rank_least": 10,
        "scales": (duty_scale("述职评议"),),
        "subjects": (SECRETARY,),
        "groups": (ASSEMBLY,),
        **changes,
    }
    return Plan(**values)


def groups(*weights: str, **terms: Any) -> tuple[GroupPlan, ...]:
    return tuple(
        GroupPlan(name=f"第{at}组", basis=RaterBasis.OUTSIDE, weight=Fraction(weight), **terms)
        for at, weight in enumerate(weights, 1)
    )


def reason_of(wrong: Plan) -> str:
    with pytest.raises(Invalid) as refusal:
        check_plan(BOOK, wrong, today=TODAY)
    return refusal.value.reason


@pytest.mark.law("D5")
def test_the_published_scheme_of_30_10_and_60_percent_is_accepted() -> None:
    check_plan(BOOK, plan(groups=groups("3/10", "1/10", "6/10")), today=TODAY)


def test_weights_that_sum_to_nine_tenths_are_refused_with_the_weights() -> None:
    with pytest.raises(WeightsDoNotSum) as refusal:
        check_plan(BOOK, plan(groups=groups("3/10", "1/10", "1/2")), today=TODAY)
    assert sum(refusal.value.weights) == Fraction(9, 10)


@pytest.mark.law("D8", "privacy.least")
def test_one_group_may_ask_for_fewer_than_five_forms_but_several_may_not() -> None:
    check_plan(BOOK, plan(groups=groups("1", least=3)), today=TODAY)
    check_plan(BOOK, plan(groups=groups("1/2", "1/2", least=5)), today=TODAY)
    with pytest.raises(RuleRefused) as refusal:
        check_plan(BOOK, plan(groups=groups("1/2", "1/2", least=4)), today=TODAY)
    assert refusal.value.verdict.arithmetic == "4 < 5"


def panel(size: int, ordinary: int) -> Plan:
    group = GroupPlan(
        name="居民评议团",
        basis=RaterBasis.ROLL,
        is_panel=True,
        panel_size=size,
        panel_ordinary=ordinary,
    )
    return plan(groups=(group,))


@pytest.mark.law("D5", "appraisal.panel", "appraisal.panel.ordinary")
def test_a_panel_has_fifty_people_of_whom_seven_tenths_are_ordinary_residents() -> None:
    check_plan(BOOK, panel(50, 35), today=TODAY)
    for size, ordinary, rule_id in ((49, 49, "appraisal.panel"), (50, 34, "appraisal.panel.ordinary")):
        with pytest.raises(RuleRefused) as refusal:
            check_plan(BOOK, panel(size, ordinary), today=TODAY)
        assert refusal.value.verdict.rule.id == rule_id


def test_a_panel_without_its_numbers_is_refused() -> None:
    group = replace(ASSEMBLY, is_panel=True)
    assert reason_of(plan(groups=(group,))) == "panel"


def demanded(by: Demander, signatures: int, of: int, *, reached_on: date = date(2026, 3, 12)) -> Plan:
    return plan(demand=Demand(by=by, reached_on=reached_on, signatures=signatures, of=of))


@pytest.mark.law("D2", "appraisal.demand.voters", "appraisal.demand.representatives")
def test_a_tenth_of_the_voters_or_a_third_of_the_representatives_may_demand_it() -> None:
    check_plan(BOOK, demanded(Demander.VOTERS, 100, 1000), today=TODAY)
    check_plan(BOOK, demanded(Demander.REPRESENTATIVES, 20, 60), today=TODAY)
    for by, signatures, of in ((Demander.VOTERS, 99, 1000), (Demander.REPRESENTATIVES, 19, 60)):
        with pytest.raises(RuleRefused) as refusal:
            check_plan(BOOK, demanded(by, signatures, of), today=TODAY)
        assert refusal.value.verdict.arithmetic.startswith(f"{signatures} < ")


@pytest.mark.law("D2", "appraisal.after_demand")
def test_what_was_demanded_is_held_within_twenty_days() -> None:
    twenty = HELD_ON - timedelta(days=20)
    check_plan(BOOK, demanded(Demander.VOTERS, 100, 1000, reached_on=twenty), today=TODAY)
    late = demanded(Demander.VOTERS, 100, 1000, reached_on=twenty - timedelta(days=1))
    with pytest.raises(RuleRefused) as refusal:
        check_plan(BOOK, late, today=TODAY)
    assert refusal.value.verdict.rule.id == "appraisal.after_demand"


def test_a_demand_comes_before_the_appraisal() -> None:
    later = HELD_ON + timedelta(days=1)
    assert reason_of(demanded(Demander.VOTERS, 100, 1000, reached_on=later)) == "demand_day"


def test_more_signatures_than_people_are_refused() -> None:
    assert reason_of(demanded(Demander.VOTERS, 11, 10)) == "signatures"


@pytest.mark.law("D4", "appraisal.self_report")
def test_reports_are_due_seven_days_before_at_the_latest() -> None:
    check_plan(BOOK, plan(reports_due_on=HELD_ON - timedelta(days=7)), today=TODAY)
    with pytest.raises(RuleRefused) as refusal:
        check_plan(BOOK, plan(reports_due_on=HELD_ON - timedelta(days=6)), today=TODAY)
    assert refusal.value.verdict.rule.id == "appraisal.self_report"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": ""}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"introduction": "长" * 4001}, "long"),
        ({"period_until": date(2025, 6, 30)}, "period"),
        ({"held_on": date(2026, 3, 1)}, "past"),
        ({"reports_due_on": date(2026, 3, 1)}, "past"),
        ({"held_on": date(2027, 9, 3)}, "far"),
        ({"scales": ()}, "scales"),
        ({"groups": ()}, "groups"),
        ({"groups": (replace(ASSEMBLY, name=""),)}, "group_name"),
        ({"least": 0}, "least"),
        ({"rank_least": 0}, "least"),
        ({"subjects": (SECRETARY, replace(SECRETARY, person_id=uuid.uuid4()))}, "same_name"),
        ({"subjects": (SECRETARY, replace(SECRETARY, name="林国安（委员）"))}, "same_person"),
        ({"subjects": (replace(SECRETARY, name=""),)}, "name"),
        ({"subjects": (replace(SECRETARY, scale=1),)}, "scale"),
    ],
)
def test_what_is_wrong_in_a_plan_is_named(changes: dict[str, Any], reason: str) -> None:
    assert reason_of(plan(**changes)) == reason


def test_two_groups_of_one_name_and_two_of_the_assembly_are_refused() -> None:
    half = replace(ASSEMBLY, weight=Fraction(1, 2))
    assert reason_of(plan(groups=(half, half))) == "same_group"
    assert reason_of(plan(groups=(half, replace(half, name="代表")))) == "two_assemblies"


def test_a_roll_closes_after_the_day_begins() -> None:
    roll = replace(ASSEMBLY, basis=RaterBasis.ROLL)
    start: datetime = day_starts(HELD_ON)
    check_plan(BOOK, plan(groups=(replace(roll, closes_at=start + timedelta(minutes=1)),)), today=TODAY)
    assert reason_of(plan(groups=(replace(roll, closes_at=start),))) == "closes"


def test_a_draft_says_what_it_lacks() -> None:
    lacking = plan(
        subjects=(),
        groups=(
            replace(ASSEMBLY, weight=Fraction(1, 3)),
            GroupPlan(name="居民", basis=RaterBasis.ROLL, weight=Fraction(1, 3)),
            GroupPlan(name="街道", basis=RaterBasis.OUTSIDE, weight=Fraction(1, 3)),
        ),
    )
    check_plan(BOOK, lacking, today=TODAY)
    assert gaps_of(lacking) == [Gap.SUBJECTS, Gap.MEETING, Gap.DRAW, Gap.CLOSES, Gap.DOCUMENT]


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 3, 31), date(2025, 7, 1), date(2025, 12, 31)),
        (date(2026, 4, 1), date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 9, 30), date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 10, 1), date(2026, 7, 1), date(2026, 12, 31)),
    ],
)
def test_the_half_year_reported_on(day: date, first: date, last: date) -> None:
    assert half_year(day) == (first, last)


def test_a_year_is_appraised_till_the_next_march() -> None:
    assert whole_year(date(2026, 3, 31)) == (date(2025, 1, 1), date(2025, 12, 31))
    assert whole_year(date(2026, 4, 1)) == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("kind", "day", "title"),
    [
        (CycleKind.DUTY_REPORTS, date(2026, 6, 1), "2026年上半年述职评议"),
        (CycleKind.DUTY_REPORTS, date(2026, 12, 1), "2026年下半年述职评议"),
        (CycleKind.MEMBERS, date(2026, 12, 1), "2026年度居民委员会成员民主评议"),
    ],
)
def test_a_title_names_the_time(kind: CycleKind, day: date, title: str) -> None:
    assert usual_title(kind, period_of(kind, day)) == title
