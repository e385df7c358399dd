"""The plan of a cycle as plain values, and what is refused in it before it is posted.

A draft may have gaps (`gaps_of`); what is wrong in itself is refused when it is saved (`check_plan`).
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from civicforum.appraisals import law
from civicforum.appraisals.errors import WeightsDoNotSum
from civicforum.appraisals.rules import CycleKind, RaterBasis, SubjectKind
from civicforum.appraisals.scales import ScalePlan, check_scale
from civicforum.elections.law import require
from civicforum.errors import Invalid
from civicforum.rulebook import Rulebook, Verdict
from civicforum.rulebook.days import add_months, day_ends, day_starts

LONGEST_TITLE, LONGEST_NAME, LONGEST_GROUP, LONGEST_TEXT = 200, 200, 80, 4000
MOST_SUBJECTS, MOST_GROUPS, MOST_SCALES = 60, 6, 4
# Nobody plans further ahead.
LONGEST_AHEAD_MONTHS = 18


class Demander(StrEnum):
    """Who may demand an appraisal."""

    VOTERS = "voters"
    REPRESENTATIVES = "representatives"


class Gap(StrEnum):
    """What a draft still lacks before it can be posted."""

    SUBJECTS = "subjects"
    MEETING = "meeting"
    DRAW = "draw"
    CLOSES = "closes"
    DOCUMENT = "document"


@dataclass(frozen=True, kw_only=True)
class Demand:
    """That an appraisal was demanded: by how many of how many, and what they wrote."""

    by: Demander
    reached_on: date
    signatures: int
    of: int
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class SubjectPlan:
    """Who or what is graded, on which of the plan's scales (from 0)."""

    kind: SubjectKind
    name: str
    scale: int = 0
    person_id: uuid.UUID | None = None
    term_id: uuid.UUID | None = None
    body_id: uuid.UUID | None = None
    department_id: uuid.UUID | None = None
    needs_report: bool = False


@dataclass(frozen=True, kw_only=True)
class GroupPlan:
    """A group of raters. `draw` is polls.electorates.Draw as JSON, of a roll alone."""

    name: str
    basis: RaterBasis
    weight: Fraction = Fraction(1)
    least: int = 5
    is_panel: bool = False
    panel_size: int | None = None
    panel_ordinary: int | None = None
    draw: Mapping[str, Any] = field(default_factory=dict)
    closes_at: datetime | None = None
    document: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A cycle as it is planned."""

    kind: CycleKind
    title: str
    introduction: str = ""
    period_from: date
    period_until: date
    held_on: date
    meeting_id: uuid.UUID | None = None
    reports_due_on: date | None = None
    counts_for_37: bool = False
    keeps_distance: bool = False
    least: int
    rank_least: int
    lower_on_tie: bool = False
    is_sample: bool = False
    scales: tuple[ScalePlan, ...]
    subjects: tuple[SubjectPlan, ...] = ()
    groups: tuple[GroupPlan, ...] = ()
    demand: Demand | None = None


def check_plan(book: Rulebook, plan: Plan, *, today: date) -> None:
    """Refuse what is wrong in a plan, whatever it still lacks.

    Raises Invalid, RuleRefused (panel, demand, day after a demand, too few raters to stay unknown) and
    WeightsDoNotSum.
    """
    _check_head(plan, today)
    for scale in plan.scales:
        check_scale(scale)
    _check_subjects(plan)
    _check_groups(book, plan)
    _check_reports(book, plan, today)
    if plan.demand is not None:
        check_demand(book, plan.demand, held_on=plan.held_on)


def gaps_of(plan: Plan) -> list[Gap]:
    """Return what has to be entered before the plan can be posted."""
    rolls = [group for group in plan.groups if group.basis is RaterBasis.ROLL]
    needs_meeting = any(group.basis is RaterBasis.PRESENT for group in plan.groups)
    lacking = {
        Gap.SUBJECTS: not plan.subjects,
        Gap.MEETING: needs_meeting and plan.meeting_id is None,
        Gap.DRAW: any(not group.draw for group in rolls),
        Gap.CLOSES: any(group.closes_at is None for group in rolls),
        Gap.DOCUMENT: any(group.basis is RaterBasis.OUTSIDE and not group.document for group in plan.groups),
    }
    return [gap for gap, lacks in lacking.items() if lacks]


def check_demand(book: Rulebook, demand: Demand, *, held_on: date) -> None:
    """Refuse a demand that too few signed, and a day later than it allows.

    Raises RuleRefused, Invalid ("signatures", "demand_day").
    """
    if not 0 <= demand.signatures <= demand.of or demand.of < 1:
        raise Invalid("signatures", "signatures")
    if demand.reached_on > held_on:
        raise Invalid("demand_day", "reached_on")
    require(judge_demand(book, demand))
    require(law.judge_after_demand(book, day_starts(demand.reached_on), day_starts(held_on)))


def judge_demand(book: Rulebook, demand: Demand) -> Verdict:
    """Judge whether enough signed the demand."""
    if demand.by is Demander.VOTERS:
        return law.judge_demand(book, demand.signatures, voters=demand.of)
    return law.judge_demand(book, demand.signatures, representatives=demand.of)


def half_year(day: date) -> tuple[date, date]:
    """Return the half-year that is reported on at a day: from April on this year's first, from October on
    its second, and till March the second of last year.
    """
    if day.month <= 3:
        return date(day.year - 1, 7, 1), date(day.year - 1, 12, 31)
    if day.month <= 9:
        return date(day.year, 1, 1), date(day.year, 6, 30)
    return date(day.year, 7, 1), date(day.year, 12, 31)


def whole_year(day: date) -> tuple[date, date]:
    """Return the year that is appraised at a day: till March it is last year."""
    year = day.year - 1 if day.month <= 3 else day.year
    return date(year, 1, 1), date(year, 12, 31)


def _check_head(plan: Plan, today: date) -> None:
    if not 0 < len(plan.title) <= LONGEST_TITLE:
        raise Invalid("title", "title")
    if len(plan.introduction) > LONGEST_TEXT:
        raise Invalid("long", "introduction")
    if plan.period_until < plan.period_from:
        raise Invalid("period", "period_until")
    if plan.held_on < today:
        raise Invalid("past", "held_on")
    if plan.held_on > add_months(today, LONGEST_AHEAD_MONTHS):
        raise Invalid("far", "held_on")
    if not 1 <= len(plan.scales) <= MOST_SCALES:
        raise Invalid("scales", "scales")


def _check_subjects(plan: Plan) -> None:
    if len(plan.subjects) > MOST_SUBJECTS:
        raise Invalid("many_subjects", "subjects")
    if any(not 0 < len(one.name) <= LONGEST_NAME for one in plan.subjects):
        raise Invalid("name", "subjects")
    if any(not 0 <= one.scale < len(plan.scales) for one in plan.subjects):
        raise Invalid("scale", "subjects")
    names = Counter(one.name for one in plan.subjects)
    people = Counter(one.person_id for one in plan.subjects if one.person_id)
    if names and max(names.values()) > 1:
        raise Invalid("same_name", "subjects")
    # One person graded twice on one form would be one result too many.
    if people and max(people.values()) > 1:
        raise Invalid("same_person", "subjects")


def _check_groups(book: Rulebook, plan: Plan) -> None:
    if not 1 <= len(plan.groups) <= MOST_GROUPS:
        raise Invalid("groups", "groups")
    if any(not 0 < len(one.name) <= LONGEST_GROUP for one in plan.groups):
        raise Invalid("group_name", "groups")
    if len({one.name for one in plan.groups}) < len(plan.groups):
        raise Invalid("same_group", "groups")
    weights = [one.weight for one in plan.groups]
    if sum(weights, Fraction(0)) != 1:
        raise WeightsDoNotSum(weights)
    if min(plan.least, plan.rank_least, *(one.least for one in plan.groups)) < 1:
        raise Invalid("least", "least")
    if sum(one.basis is RaterBasis.PRESENT for one in plan.groups) > 1:
        raise Invalid("two_assemblies", "groups")
    if len(plan.groups) > 1:
        # A group under the floor could be worked out from the whole.
        require(*(law.judge_least(book, one.least) for one in plan.groups))
    for group in plan.groups:
        _check_group(book, plan, group)


def _check_group(book: Rulebook, plan: Plan, group: GroupPlan) -> None:
    if group.closes_at is not None and group.closes_at <= day_starts(plan.held_on):
        raise Invalid("closes", "closes")
    if not group.is_panel:
        return
    if group.panel_size is None or group.panel_ordinary is None:
        raise Invalid("panel", "groups")
    if not 0 <= group.panel_ordinary <= group.panel_size:
        raise Invalid("panel", "groups")
    require(law.judge_panel_size(book, group.panel_size))
    require(law.judge_panel_ordinary(book, group.panel_ordinary, group.panel_size))


def _check_reports(book: Rulebook, plan: Plan, today: date) -> None:
    """Refuse a day for reports that is over, or leaves the supervision committee less time than the rule."""
    if plan.reports_due_on is not None:
        if plan.reports_due_on < today:
            raise Invalid("past", "reports_due_on")
        require(law.judge_report(book, day_ends(plan.reports_due_on), plan.held_on))
