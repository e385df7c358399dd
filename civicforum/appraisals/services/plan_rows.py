"""A plan as rows, and rows as a plan. Nothing is committed here."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from civicforum.appraisals.models import AppraisalSubject, Cycle, RaterGroup, Scale
from civicforum.appraisals.plans import (
    Demand,
    Demander,
    GroupPlan,
    Plan,
    SubjectPlan,
    judge_demand,
)
from civicforum.appraisals.scales import ScalePlan
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of, day_starts

# What a plan and its row call alike.
HEAD = (
    "kind",
    "title",
    "introduction",
    "period_from",
    "period_until",
    "held_on",
    "meeting_id",
    "reports_due_on",
    "counts_for_37",
    "keeps_distance",
    "least",
    "rank_least",
    "lower_on_tie",
    "is_sample",
)
OF_SUBJECT = ("kind", "name", "person_id", "term_id", "body_id", "department_id", "needs_report")
OF_GROUP = ("name", "basis", "least", "is_panel", "panel_size", "panel_ordinary", "closes_at", "document")


def write_plan(session: Session, cycle: Cycle, plan: Plan, book: Rulebook) -> None:
    """Write a plan into the row of its cycle, in place of what was there."""
    for name in HEAD:
        setattr(cycle, name, getattr(plan, name))
    _write_demand(cycle, plan.demand, book)
    session.add(cycle)
    session.flush()
    for table in (AppraisalSubject, RaterGroup, Scale):
        session.execute(delete(table).where(table.cycle_id == cycle.id))
    session.expire(cycle, ["scales", "subjects", "groups"])
    scales = [
        Scale(**_own(cycle, position), **_scale_values(scale))
        for position, scale in enumerate(plan.scales, 1)
    ]
    session.add_all(scales)
    session.flush()
    session.add_all(
        AppraisalSubject(
            **_own(cycle, position),
            scale_id=scales[one.scale].id,
            **{name: getattr(one, name) for name in OF_SUBJECT},
        )
        for position, one in enumerate(plan.subjects, 1)
    )
    session.add_all(_group(cycle, position, one) for position, one in enumerate(plan.groups, 1))
    session.flush()


def read_plan(cycle: Cycle) -> Plan:
    """Return the plan that a cycle's rows keep."""
    places = {scale.id: number for number, scale in enumerate(cycle.scales)}
    return Plan(
        **{name: getattr(cycle, name) for name in HEAD},
        scales=tuple(
            ScalePlan(
                title=one.title,
                levels=tuple(one.levels),
                points=tuple(one.points),
                poor_from=one.poor_from,
                ends_with_unfit=one.ends_with_unfit,
            )
            for one in cycle.scales
        ),
        subjects=tuple(
            SubjectPlan(scale=places[one.scale_id], **{name: getattr(one, name) for name in OF_SUBJECT})
            for one in cycle.subjects
        ),
        groups=tuple(
            GroupPlan(weight=one.weight, draw=one.draw, **{name: getattr(one, name) for name in OF_GROUP})
            for one in cycle.groups
        ),
        demand=_read_demand(cycle),
    )


def _own(cycle: Cycle, position: int) -> dict[str, Any]:
    return {"community_id": cycle.community_id, "cycle_id": cycle.id, "position": position}


def _scale_values(scale: ScalePlan) -> dict[str, Any]:
    values = asdict(scale)
    return {**values, "levels": list(scale.levels), "points": list(scale.points)}


def _group(cycle: Cycle, position: int, plan: GroupPlan) -> RaterGroup:
    return RaterGroup(
        **_own(cycle, position),
        **{name: getattr(plan, name) for name in OF_GROUP},
        weight_numerator=plan.weight.numerator,
        weight_denominator=plan.weight.denominator,
        draw=dict(plan.draw),
    )


def _write_demand(cycle: Cycle, demand: Demand | None, book: Rulebook) -> None:
    if demand is None:
        cycle.demanded_at, cycle.demand, cycle.demand_text = None, None, ""
        return
    verdict = judge_demand(book, demand)
    cycle.demanded_at, cycle.demand_text = day_starts(demand.reached_on), demand.text
    cycle.demand = {
        "by": demand.by.value,
        "signatures": demand.signatures,
        "of": demand.of,
        "arithmetic": verdict.arithmetic,
        "rule": verdict.rule.id,
    }


def _read_demand(cycle: Cycle) -> Demand | None:
    if cycle.demanded_at is None or cycle.demand is None:
        return None
    return Demand(
        by=Demander(cycle.demand["by"]),
        reached_on=day_of(cycle.demanded_at),
        signatures=cycle.demand["signatures"],
        of=cycle.demand["of"],
        text=cycle.demand_text,
    )


def ids_named(plan: Plan, name: str) -> set[uuid.UUID]:
    """Return the ids that the plan's subjects name, such as "person_id"."""
    return {found for one in plan.subjects if (found := getattr(one, name)) is not None}
