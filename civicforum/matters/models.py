"""Matters and what hangs on one: seconds, reviews, demands, comments, tasks, findings, queries, grades."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.bodies.models import Body
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.matters.rules import (
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
from civicforum.people.models import Grid, Person
from civicforum.records.models import Photo


class Matter(CommunityRow, Base):
    """What somebody raised. A draft has no number; `due_at` is the deadline of the present stage."""

    __tablename__ = "matter"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        CheckConstraint("stage = 'draft' OR (number IS NOT NULL AND raised_at IS NOT NULL)", name="raised"),
        CheckConstraint("(stage = 'merged') = (merged_into_id IS NOT NULL)", name="merged"),
        Index("ix_matter_tokens", "tokens", postgresql_using="gin"),
        Index("ix_matter_list", "community_id", "stage", "raised_at"),
        Index("ix_matter_newest", "community_id", "raised_at"),
        Index(
            "ix_matter_merged_into",
            "merged_into_id",
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        Index(
            "ix_matter_deadline",
            "community_id",
            "stage",
            "due_at",
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index("ix_matter_due", "due_at", postgresql_where=text("due_at IS NOT NULL AND overdue_at IS NULL")),
    )

    number: Mapped[str | None] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[Category] = mapped_column(enum_text(Category), default=Category.OTHER)
    place: Mapped[str] = mapped_column(String(200), default="")
    grid_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("grid.id"))
    stage: Mapped[Stage] = mapped_column(enum_text(Stage), default=Stage.DRAFT)
    stage_since: Mapped[Instant]
    due_at: Mapped[Instant | None]
    overdue_at: Mapped[Instant | None]
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[Channel] = mapped_column(enum_text(Channel), default=Channel.SCREEN)
    profile: Mapped[str] = mapped_column(String(80))
    profile_version: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[Instant]
    raised_at: Mapped[Instant | None]
    seconded_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("matter.id"))
    resolution: Mapped[str] = mapped_column(Text, default="")
    closing_text: Mapped[str] = mapped_column(Text, default="")
    tokens: Mapped[list[str]] = mapped_column(ARRAY(String(40)), default=list)
    author: Mapped[Person] = relationship()
    grid: Mapped[Grid | None] = relationship()
    merged_into: Mapped[Matter | None] = relationship(remote_side="Matter.id")
    photos: Mapped[list[MatterPhoto]] = relationship(back_populates="matter", order_by="MatterPhoto.position")
    tasks: Mapped[list[Task]] = relationship(back_populates="matter", order_by="Task.position")
    reviews: Mapped[list[Review]] = relationship(
        back_populates="matter", order_by="(Review.at, Review.round, Review.kind.desc())"
    )


class MatterNumber(CommunityRow, Base):
    """The last number given in a year; its row is locked while a matter is published."""

    __tablename__ = "matter_number"
    __table_args__ = (UniqueConstraint("community_id", "year"),)

    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)


class MatterPhoto(CommunityRow, Base):
    __tablename__ = "matter_photo"
    __table_args__ = (UniqueConstraint("matter_id", "position"),)

    matter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matter.id"), index=True)
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"))
    position: Mapped[int]
    matter: Mapped[Matter] = relationship(back_populates="photos")
    photo: Mapped[Photo] = relationship()


class Second(CommunityRow, Base):
    """One resident's seconding (附议)."""

    __tablename__ = "second"
    __table_args__ = (UniqueConstraint("matter_id", "person_id"),)

    matter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matter.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[Channel] = mapped_column(enum_text(Channel))
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Instant]
    person: Mapped[Person] = relationship(foreign_keys=person_id)


class Review(CommunityRow, Base):
    """A recorded step of the two committees' review (两委审议)."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("matter_id", "kind", "round"),
        CheckConstraint("(outcome = 'declined') = (ground IS NOT NULL)", name="ground"),
    )

    matter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matter.id"), index=True)
    kind: Mapped[ReviewKind] = mapped_column(enum_text(ReviewKind))
    round: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[ReviewOutcome] = mapped_column(enum_text(ReviewOutcome))
    ground: Mapped[Ground | None] = mapped_column(enum_text(Ground))
    text: Mapped[str] = mapped_column(Text)
    body_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("body.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Instant]
    matter: Mapped[Matter] = relationship(back_populates="reviews")
    body: Mapped[Body | None] = relationship()
    person: Mapped[Person] = relationship()


class Demand(CommunityRow, Base):
    """One person's demand that a declined matter be put to the assembly (arts 26, 28)."""

    __tablename__ = "demand"
    __table_args__ = (UniqueConstraint("matter_id", "person_id"),)

    matter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matter.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    as_representative: Mapped[bool]
    channel: Mapped[Channel] = mapped_column(enum_text(Channel))
    at: Mapped[Instant]
    person: Mapped[Person] = relationship()


class Comment(CommunityRow, Base):
    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("(hidden_at IS NULL) = (hidden_reason = '')", name="hidden"),
        Index("ix_comment_list", "matter_id", "at", "id"),
        Index("ix_comment_newest", "community_id", "at", "id"),
    )

    matter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matter.id"))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("comment.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[Instant]
    hidden_at: Mapped[Instant | None]
    hidden_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    hidden_reason: Mapped[str] = mapped_column(String(300), default="")
    author: Mapped[Person] = relationship(foreign_keys=author_id)
    hidden_by: Mapped[Person | None] = relationship(foreign_keys=hidden_by_id)
    parent: Mapped[Comment | None] = relationship(remote_side="Comment.id")


class Task(CommunityRow, Base):
    """Something a named body has to carry out, with its money and dates."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("matter_id", "position"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        CheckConstraint("due_on >= starts_on", name="dates"),
        CheckConstraint("money_cents >= 0", name="money"),
        Index("ix_task_due", "community_id", "due_on", "id"),
    )

    matter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matter.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    body_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("body.id"), index=True)
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    money_cents: Mapped[int] = mapped_column(BigInteger, default=0)
    money_source: Mapped[str] = mapped_column(String(120), default="")
    # By what residents can tell that it is done (DOMAIN.md row 2-28).
    standard: Mapped[str] = mapped_column(String(300), default="")
    starts_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[TaskState] = mapped_column(enum_text(TaskState), default=TaskState.PLANNED)
    progress: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[Instant | None]
    overdue_at: Mapped[Instant | None]
    # Set where a poor grade opened the task.
    is_rework: Mapped[bool] = mapped_column(default=False)
    matter: Mapped[Matter] = relationship(back_populates="tasks")
    body: Mapped[Body] = relationship()
    owner: Mapped[Person | None] = relationship()
    reports: Mapped[list[TaskReport]] = relationship(
        back_populates="task", order_by="(TaskReport.at, TaskReport.id)"
    )


class TaskReport(CommunityRow, Base):
    __tablename__ = "task_report"

    task_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("task.id"), index=True)
    progress: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    photo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("photo.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    post: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[Instant]
    task: Mapped[Task] = relationship(back_populates="reports")
    photo: Mapped[Photo | None] = relationship()
    person: Mapped[Person] = relationship()


class Finding(CommunityRow, Base):
    """What the supervision committee found; a trigger of the database refuses to change or remove it."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_newest", "community_id", "at", "id"),)

    matter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matter.id"), index=True)
    task_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("task.id"))
    kind: Mapped[FindingKind] = mapped_column(enum_text(FindingKind))
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    post: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[Instant]
    task: Mapped[Task | None] = relationship()
    person: Mapped[Person] = relationship()


class Query(CommunityRow, Base):
    """A resident's question about a matter, and its answer."""

    __tablename__ = "query"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered"),
        Index("ix_query_newest", "community_id", "at", "id"),
        Index(
            "ix_query_unanswered", "community_id", "matter_id", postgresql_where=text("answered_at IS NULL")
        ),
    )

    matter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matter.id"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[Instant]
    due_at: Mapped[Instant]
    overdue_at: Mapped[Instant | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[Instant | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    # The post in which it was answered: people and their posts change.
    answered_post: Mapped[str] = mapped_column(String(200), default="")
    matter: Mapped[Matter] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=author_id)
    answered_by: Mapped[Person | None] = relationship(foreign_keys=answered_by_id)


class GradeRound(CommunityRow, Base):
    """One time that residents grade the outcome; a poor grade leads to rework and another round.

    `report` and `photo` say what was done before it; `entitled` is how many could grade when it closed.
    """

    __tablename__ = "grade_round"
    __table_args__ = (
        UniqueConstraint("matter_id", "number"),
        CheckConstraint("(closed_at IS NULL) = (is_poor IS NULL)", name="closed"),
        CheckConstraint("(closed_at IS NULL) = (entitled IS NULL)", name="entitled"),
    )

    matter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matter.id"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[Instant]
    closes_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]
    is_poor: Mapped[bool | None]
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    arithmetic: Mapped[str] = mapped_column(String(200), default="")
    entitled: Mapped[int | None]
    report: Mapped[str] = mapped_column(Text, default="")
    photo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("photo.id"))
    photo: Mapped[Photo | None] = relationship()


class Grade(CommunityRow, Base):
    """One resident's grade in a round; changing it before the round closes replaces it."""

    __tablename__ = "grade"
    __table_args__ = (UniqueConstraint("round_id", "person_id"),)

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("grade_round.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    level: Mapped[GradeLevel] = mapped_column(enum_text(GradeLevel))
    comment: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[Instant]
