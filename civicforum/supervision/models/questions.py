"""Questions of the supervision committee to bodies of the community, each a thread with a clock."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.bodies.models import Body
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.people.models import Person
from civicforum.supervision.models.findings import SupervisionFinding
from civicforum.supervision.rules import EntryKind


class BodyQuestion(CommunityRow, Base):
    """A question to a body. `due_at` is the clock of the words that wait for an answer; None: none do."""

    __tablename__ = "supervision_question"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        Index("ix_supervision_question_list", "community_id", "asked_at"),
        Index("ix_supervision_question_waiting", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    number: Mapped[str] = mapped_column(String(20))
    body_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("body.id"), index=True)
    # Bodies are renamed and dissolved.
    body_name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(200))
    finding_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("supervision_finding.id"), index=True)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[Instant]
    profile: Mapped[str] = mapped_column(String(80))
    due_at: Mapped[Instant | None]
    # When a sweep found what waits now late, which is once for each question and follow-up.
    overdue_at: Mapped[Instant | None]
    body: Mapped[Body] = relationship()
    finding: Mapped[SupervisionFinding | None] = relationship()
    asked_by: Mapped[Person] = relationship()
    entries: Mapped[list[QuestionEntry]] = relationship(
        back_populates="question", order_by="QuestionEntry.position"
    )


class QuestionEntry(CommunityRow, Base):
    """A question, a follow-up or an answer; a trigger of the database refuses to change or remove it."""

    __tablename__ = "supervision_question_entry"
    __table_args__ = (UniqueConstraint("question_id", "position"),)

    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supervision_question.id"))
    position: Mapped[int]
    kind: Mapped[EntryKind] = mapped_column(enum_text(EntryKind))
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    post: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[Instant]
    # Until when a question is to be answered; of an answer, whether it came later.
    due_at: Mapped[Instant | None]
    is_late: Mapped[bool] = mapped_column(default=False)
    question: Mapped[BodyQuestion] = relationship(back_populates="entries")
    person: Mapped[Person] = relationship()
