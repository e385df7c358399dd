"""What came out for each subject, objections to it, and every use that was made of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.appraisals.rules import UsePurpose
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.people.models import Person

if TYPE_CHECKING:
    from .cycles import AppraisalSubject


class SubjectResult(CommunityRow, Base):
    """The grades of one subject, as the sheet of its cycle has them (appraisals.results.sheet_of).

    `grade` is the one that counts, or "" where grades are level and no rule decides; `is_unfit` and `is_poor`
    are of that grade. `score` is the weighted average as an exact fraction, "n/d", or "" where a group has
    too few. No row is changed once its cycle is certified (migration 0014).
    """

    __tablename__ = "subject_result"
    __table_args__ = (UniqueConstraint("subject_id"),)

    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal_subject.id"))
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    raters: Mapped[int]
    grade: Mapped[str] = mapped_column(String(40), default="")
    is_poor: Mapped[bool] = mapped_column(default=False)
    is_unfit: Mapped[bool] = mapped_column(default=False)
    # As long as weights and points make it.
    score: Mapped[str] = mapped_column(Text, default="")
    # Places are shared (1, 2, 2, 4); none under the least number of raters.
    rank: Mapped[int | None]
    subject: Mapped[AppraisalSubject] = relationship(back_populates="result")


class AppraisalObjection(CommunityRow, Base):
    """Somebody says that a counted result is wrong, and what was answered in time."""

    __tablename__ = "appraisal_objection"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered"),
        Index("ix_appraisal_objection_cycle", "cycle_id", "filed_at"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal_cycle.id"))
    subject_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("appraisal_subject.id"))
    filed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[Instant]
    due_at: Mapped[Instant]
    answer: Mapped[str] = mapped_column(Text, default="")
    is_upheld: Mapped[bool | None]
    answered_at: Mapped[Instant | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    subject: Mapped[AppraisalSubject | None] = relationship()
    filed_by: Mapped[Person] = relationship(foreign_keys=[filed_by_id])


class ResultUse(CommunityRow, Base):
    """A certified result handed out for a purpose: to whom, under which document, and what exactly."""

    __tablename__ = "result_use"

    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal_subject.id"), index=True)
    purpose: Mapped[UsePurpose] = mapped_column(enum_text(UsePurpose))
    organ: Mapped[str] = mapped_column(String(120))
    document: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    # SHA-256 of the sheet handed out, in hex.
    sheet_hash: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
    subject: Mapped[AppraisalSubject] = relationship()
    made_by: Mapped[Person] = relationship()
