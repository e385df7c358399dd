"""Reports and their cases, hidings and appeals against them, texts held back, and the words that hold."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.moderation.rules import CaseState, DecisionState, HeldState, Kind, Outcome, Reason
from civicforum.people.models import Person


class ReportCase(CommunityRow, Base):
    """All reports of one thing. Settled, and reported by somebody else, it is open again."""

    __tablename__ = "report_case"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        Index("ix_report_case_list", "community_id", "state", "opened_at"),
    )

    kind: Mapped[Kind] = mapped_column(enum_text(Kind))
    subject_id: Mapped[uuid.UUID]
    state: Mapped[CaseState] = mapped_column(enum_text(CaseState), default=CaseState.OPEN)
    opened_at: Mapped[Instant]
    # How many people have reported it, ever.
    count: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[Instant | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(500), default="")
    reports: Mapped[list[ContentReport]] = relationship(
        back_populates="case", order_by="(ContentReport.at, ContentReport.id)"
    )


class ContentReport(CommunityRow, Base):
    """One person's report. Who it is, is shown to nobody: neither to the author nor to those who decide."""

    __tablename__ = "content_report"
    __table_args__ = (UniqueConstraint("case_id", "person_id"),)

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report_case.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[Reason] = mapped_column(enum_text(Reason))
    note: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[Instant]
    case: Mapped[ReportCase] = relationship(back_populates="reports")


class HeldText(CommunityRow, Base):
    """A text that a word on the list holds back until somebody looks, or the clock posts it.

    `arguments` are what the feature's service is called with when it is posted; `made_id` is what came of it.
    """

    __tablename__ = "held_text"
    __table_args__ = (
        CheckConstraint("(state = 'held') = (settled_at IS NULL)", name="settled"),
        CheckConstraint("NOT by_clock OR state IN ('released', 'lapsed')", name="by_clock"),
        Index("ix_held_text_list", "community_id", "state", "due_at"),
        Index("ix_held_text_due", "due_at", postgresql_where=text("state = 'held'")),
    )

    kind: Mapped[Kind] = mapped_column(enum_text(Kind))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # Where it is to stand, and its words, as those see them who look at it.
    title: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(Text)
    matched: Mapped[list[str]] = mapped_column(ARRAY(String(60)))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Instant]
    due_at: Mapped[Instant]
    state: Mapped[HeldState] = mapped_column(enum_text(HeldState), default=HeldState.HELD)
    settled_at: Mapped[Instant | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    # Nobody looked in time, so that it was posted without anybody.
    by_clock: Mapped[bool] = mapped_column(default=False)
    made_id: Mapped[uuid.UUID | None]
    author: Mapped[Person] = relationship(foreign_keys=author_id)


class HideDecision(CommunityRow, Base):
    """A hiding, or the refusal of a held text, with its reason and the words concerned.

    `kept` is what restoring puts back where hiding takes the words out of their own row. The text and the
    author are for the author and the supervision committee alone.
    """

    __tablename__ = "hide_decision"
    __table_args__ = (
        CheckConstraint("subject_id IS NOT NULL OR held_id IS NOT NULL", name="subject"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed"),
        CheckConstraint("(state IN ('dropped', 'restored')) = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("state NOT IN ('in_force', 'restored') OR since IS NOT NULL", name="since"),
        Index(
            "uq_hide_decision_live",
            "kind",
            "subject_id",
            unique=True,
            postgresql_where=text("state IN ('proposed', 'in_force')"),
        ),
        Index("ix_hide_decision_list", "community_id", "state", "at"),
        Index("ix_hide_decision_held", "held_id", unique=True),
    )

    kind: Mapped[Kind] = mapped_column(enum_text(Kind))
    subject_id: Mapped[uuid.UUID | None]
    held_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("held_text.id"))
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("report_case.id"), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(Text)
    kept: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[Reason] = mapped_column(enum_text(Reason))
    note: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[DecisionState] = mapped_column(enum_text(DecisionState))
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    # The post in which it was decided: people and their posts change.
    post: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[Instant]
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    confirmed_post: Mapped[str] = mapped_column(String(200), default="")
    confirmed_at: Mapped[Instant | None]
    # When it came into force, from which the clock of the appeal runs.
    since: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    by: Mapped[Person] = relationship(foreign_keys=by_id)
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=confirmed_by_id)
    author: Mapped[Person | None] = relationship(foreign_keys=author_id)
    held: Mapped[HeldText | None] = relationship()
    appeal: Mapped[HideAppeal | None] = relationship(back_populates="decision")


class HideAppeal(CommunityRow, Base):
    """The author's appeal to the supervision committee, and its ruling."""

    __tablename__ = "hide_appeal"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (ruled_at IS NULL)", name="ruled"),
        CheckConstraint("(outcome IS NULL) = (ruling = '')", name="reasons"),
        Index("ix_hide_appeal_due", "due_at", postgresql_where=text("outcome IS NULL")),
    )

    decision_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hide_decision.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Instant]
    due_at: Mapped[Instant]
    overdue_at: Mapped[Instant | None]
    outcome: Mapped[Outcome | None] = mapped_column(enum_text(Outcome))
    ruling: Mapped[str] = mapped_column(Text, default="")
    ruled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    ruled_post: Mapped[str] = mapped_column(String(200), default="")
    ruled_at: Mapped[Instant | None]
    decision: Mapped[HideDecision] = relationship(back_populates="appeal")
    ruled_by: Mapped[Person | None] = relationship(foreign_keys=ruled_by_id)


class SensitiveWord(CommunityRow, Base):
    """A word that holds a text back. `plain` is how it is compared; an ended one stays as a record."""

    __tablename__ = "sensitive_word"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended"),
        Index(
            "uq_sensitive_word_plain",
            "community_id",
            "plain",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    word: Mapped[str] = mapped_column(String(60))
    plain: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(String(300))
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[Instant]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[Instant | None]
    ended_why: Mapped[str] = mapped_column(String(300), default="")
    added_by: Mapped[Person] = relationship(foreign_keys=added_by_id)
    ended_by: Mapped[Person | None] = relationship(foreign_keys=ended_by_id)
