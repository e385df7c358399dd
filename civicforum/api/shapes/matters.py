"""Shapes of matters and what hangs on them."""

from __future__ import annotations

import uuid
from datetime import date

from pydantic import Field

from civicforum.api.shapes.common import Instant, Named, Path, Shape
from civicforum.api.shapes.verdicts import VerdictShape
from civicforum.matters.rules import (
    Act,
    Category,
    Channel,
    FindingKind,
    GradeLevel,
    Ground,
    ReviewKind,
    ReviewOutcome,
    Stage,
    TaskState,
)
from civicforum.moderation.rules import Reason


class MatterLine(Shape):
    """A matter as lists and exports give it; drafts are never among them."""

    id: uuid.UUID
    number: str
    title: str
    text: str
    category: Category
    place: str
    grid: str | None = Field(description="Name of the grid, where the matter names one.")
    stage: Stage
    stage_since: Instant
    due_at: Instant | None
    overdue_at: Instant | None
    raised_by: str
    channel: Channel
    raised_at: Instant
    seconded_at: Instant | None
    closed_at: Instant | None
    merged_into: uuid.UUID | None
    seconds: int
    comments: int
    path: Path


class Step(Shape):
    """A step of the path that a matter took."""

    act: Act
    from_stage: Stage | None
    to_stage: Stage | None
    at: Instant
    by: str | None = Field(description="Null where a clock acted.")
    post: str


class ReviewShape(Shape):
    """A step of the two committees' review."""

    kind: ReviewKind
    round: int
    outcome: ReviewOutcome
    ground: Ground | None
    text: str
    by: str
    body: str | None
    at: Instant


class TaskReportShape(Shape):
    """What was reported about a task."""

    at: Instant
    by: str
    post: str
    progress: int
    text: str


class TaskShape(Shape):
    """Something a named body has to carry out."""

    id: uuid.UUID
    matter: uuid.UUID
    position: int
    title: str
    body: Named
    owner: str | None
    money_cents: int
    money_source: str
    standard: str
    starts_on: date
    due_on: date
    state: TaskState
    progress: int = Field(description="Percent, 0 to 100.")
    done_at: Instant | None
    is_late: bool
    is_rework: bool
    reports: list[TaskReportShape]


class FindingShape(Shape):
    """What the supervision committee found."""

    id: uuid.UUID
    matter: uuid.UUID
    task: uuid.UUID | None
    kind: FindingKind
    text: str
    by: str
    post: str
    at: Instant


class QueryShape(Shape):
    """A resident's query about a matter, and its answer."""

    id: uuid.UUID
    matter: uuid.UUID
    text: str
    by: str
    at: Instant
    due_at: Instant
    is_overdue: bool
    answer: str | None
    answered_at: Instant | None
    answered_by: str | None
    answered_post: str


class CommentShape(Shape):
    """A comment on a matter. Of a hidden one only the reason is left."""

    id: uuid.UUID
    matter: uuid.UUID
    reply_to: uuid.UUID | None
    by: str
    at: Instant
    text: str | None
    hidden_at: Instant | None
    hidden_by: str | None
    hidden_reason: Reason | None


class GradeCount(Shape):
    """How many gave a grade."""

    level: GradeLevel
    count: int


class GradeRoundShape(Shape):
    """A round of residents' grades; counts only when it is closed and enough took part to hide behind."""

    number: int
    opened_at: Instant
    closes_at: Instant
    closed_at: Instant | None
    cast: int
    entitled: int | None
    is_poor: bool | None
    counts: list[GradeCount]
    arithmetic: str
    report: str
    comments: list[str]


class DemandShape(Shape):
    """How far the demand for the assembly has come, by its two ways."""

    residents: int
    adults: int
    by_residents: VerdictShape
    representatives: int
    all_representatives: int
    by_representatives: VerdictShape


class MatterShape(MatterLine):
    """A matter with its whole story; comments and queries are lists of their own."""

    seconds_needed: int
    steps: list[Step]
    reviews: list[ReviewShape]
    demand: DemandShape | None
    tasks: list[TaskShape]
    findings: list[FindingShape]
    queries: int
    grade_rounds: list[GradeRoundShape]
    closing_text: str
    merged_here: list[uuid.UUID]
    photos: list[Path]
