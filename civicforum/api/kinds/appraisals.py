"""Appraisals whose plan was posted, and their certified sheets."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import Select, select

from civicforum.api.filters import ListFilters
from civicforum.api.kinds.kind import Kind, One, Scope
from civicforum.api.shapes.appraisals import CycleLine, CycleShape, SubjectShape
from civicforum.appraisals.models import Cycle
from civicforum.appraisals.queries.showing import get_cycle
from civicforum.appraisals.rules import CycleKind, CycleState


class CycleFilters(ListFilters):
    """Which appraisals."""

    kind: CycleKind | None = None
    state: CycleState | None = None


def _select(scope: Scope, filters: CycleFilters) -> Select[Any]:
    statement = select(Cycle).where(Cycle.community_id == scope.community_id, Cycle.posted_at.is_not(None))
    if filters.kind is not None:
        statement = statement.where(Cycle.kind == filters.kind)
    if filters.state is not None:
        statement = statement.where(Cycle.state == filters.state)
    return statement


def _write(_scope: Scope, cycles: Sequence[Cycle]) -> list[CycleLine]:
    return [CycleLine(**_fields(cycle)) for cycle in cycles]


def _fields(cycle: Cycle) -> dict[str, Any]:
    return {
        "id": cycle.id,
        "kind": cycle.kind,
        "title": cycle.title,
        "state": cycle.state,
        "period_from": cycle.period_from,
        "period_until": cycle.period_until,
        "held_on": cycle.held_on,
        "meeting": cycle.meeting_id,
        "posted_at": cycle.posted_at,
        "counted_at": cycle.counted_at,
        "certified_at": cycle.certified_at,
        "result_posted_at": cycle.result_posted_at,
        "void_ground": cycle.void_ground or None,
        "path": url_for("appraisals.show", cycle_id=cycle.id),
    }


def get_cycle_shape(scope: Scope, cycle_id: uuid.UUID) -> CycleShape:
    """Return an appraisal. Raises NotFound, also for a plan that is not posted."""
    cycle = get_cycle(scope.session, cycle_id=cycle_id, community_id=scope.community_id)
    is_certified = cycle.state is CycleState.CERTIFIED
    return CycleShape(
        **_fields(cycle),
        introduction=cycle.introduction,
        subjects=[
            SubjectShape(id=one.id, position=one.position, kind=one.kind, name=one.name)
            for one in cycle.subjects
        ],
        sheet=cycle.result if is_certified else None,
        sheet_sha256=cycle.result_hash if is_certified else None,
        rules=cycle.profile,
        rules_version=cycle.profile_version,
    )


APPRAISAL = One(
    name="appraisal",
    of="appraisals",
    summary="An appraisal with its certified sheet",
    shape=CycleShape,
    write=get_cycle_shape,
)
APPRAISALS = Kind(
    name="appraisals",
    summary="Appraisals, the latest first",
    shape=CycleLine,
    filters=CycleFilters,
    select=_select,
    key=(Cycle.held_on, Cycle.id),
    write=_write,
    whole=APPRAISAL,
)
