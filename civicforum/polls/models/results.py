"""What came out of a poll, and what was said against it."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant
from civicforum.people.models import Person

from .polls import Poll


class ResultSheet(CommunityRow, Base):
    """What came out and why: counts, each rule with its arithmetic, and the hash of what was counted.

    `verdicts` are dicts of "kind", "rule", "article", "arithmetic", "holds" and "least". `questions` has an
    item for each question of a ballot paper (polls.outcomes); a vote in a meeting has `counts` alone.
    `is_adopted` is None where nothing is decided: a consultation, or several questions.
    """

    __tablename__ = "result_sheet"
    __table_args__ = (UniqueConstraint("poll_id"),)

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"))
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    verdicts: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    is_adopted: Mapped[bool | None]
    # SHA-256 of named votes, or the head of the board after its result.
    counted_from_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[Instant]
    poll: Mapped[Poll] = relationship(back_populates="result")


class ResultObjection(CommunityRow, Base):
    """Somebody says that a result is wrong, and what was answered."""

    __tablename__ = "result_objection"
    __table_args__ = (CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered"),)

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    filed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[Instant]
    due_at: Mapped[Instant]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[Instant | None]
    filed_by: Mapped[Person] = relationship(foreign_keys=filed_by_id)
