"""The supervision committee's own copy of the archive (art 39)."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.people.models import Person
from civicforum.supervision.rules import CopyState


class ArchiveCopy(CommunityRow, Base):
    """A copy of what is public in a period, with the journal's chain. Ready, it is never changed.

    `done` of `total` parts are written while a job makes it.
    """

    __tablename__ = "supervision_archive_copy"
    __table_args__ = (
        CheckConstraint("period_until >= period_from", name="period"),
        CheckConstraint("(state = 'ready') = (content IS NOT NULL)", name="ready"),
        CheckConstraint("(state = 'ready') = (sha256 <> '')", name="hashed"),
        CheckConstraint("done BETWEEN 0 AND total", name="progress"),
        Index("ix_supervision_archive_copy_list", "community_id", "asked_at"),
    )

    period_from: Mapped[date]
    period_until: Mapped[date]
    state: Mapped[CopyState] = mapped_column(enum_text(CopyState), default=CopyState.WAITING)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[Instant]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(default=0)
    entries: Mapped[int] = mapped_column(default=0)
    head_sequence: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[str] = mapped_column(String(64), default="")
    finished_at: Mapped[Instant | None]
    asked_by: Mapped[Person] = relationship()
