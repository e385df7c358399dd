"""Shapes of appraisals."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from pydantic import Field

from civicforum.api.shapes.common import Instant, Path, Sha256, Shape
from civicforum.appraisals.rules import CycleKind, CycleState, SubjectKind


class CycleLine(Shape):
    """An appraisal as lists give it; a plan that is not posted is never among them."""

    id: uuid.UUID
    kind: CycleKind
    title: str
    state: CycleState
    period_from: date
    period_until: date
    held_on: date
    meeting: uuid.UUID | None
    posted_at: Instant
    counted_at: Instant | None
    certified_at: Instant | None
    result_posted_at: Instant | None
    void_ground: str | None
    path: Path


class SubjectShape(Shape):
    """Who or what is graded."""

    id: uuid.UUID
    position: int
    kind: SubjectKind
    name: str


class CycleShape(CycleLine):
    """An appraisal with those graded, and its certified sheet."""

    introduction: str
    subjects: list[SubjectShape]
    sheet: dict[str, Any] | None = Field(
        description="The certified sheet as it was hashed; scores are exact."
    )
    sheet_sha256: Sha256 | None
    rules: str
    rules_version: str
