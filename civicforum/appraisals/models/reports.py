"""What is heard before grades are given: duty reports, questions with answers, and criticisms in words."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.appraisals.rules import CriticismSource, ReportCheck
from civicforum.database import Base, CommunityRow, Instant, enum_text

if TYPE_CHECKING:
    from .consequences import CorrectiveAction
    from .cycles import AppraisalSubject, Cycle


class DutyReport(CommunityRow, Base):
    """The written report (述职报告) of one subject. `due_at` is fixed when the plan is posted.

    Handed in again after it was returned, it keeps when it first came, and whether that was late.
    """

    __tablename__ = "duty_report"
    __table_args__ = (
        UniqueConstraint("subject_id"),
        CheckConstraint("(checked_at IS NULL) = (check_result IS NULL)", name="checked"),
        CheckConstraint("(content IS NULL) = (media_type = '')", name="file"),
    )

    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal_subject.id"))
    due_at: Mapped[Instant]
    text: Mapped[str] = mapped_column(Text, default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    media_type: Mapped[str] = mapped_column(String(80), default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    first_submitted_at: Mapped[Instant | None]
    submitted_at: Mapped[Instant | None]
    # The clerk who entered what was handed in on paper.
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    # When a sweep found it missing, which is once.
    overdue_at: Mapped[Instant | None]
    check_result: Mapped[ReportCheck | None] = mapped_column(enum_text(ReportCheck))
    check_note: Mapped[str] = mapped_column(Text, default="")
    checked_at: Mapped[Instant | None]
    checked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    subject: Mapped[AppraisalSubject] = relationship(back_populates="report")


class HearingQuestion(CommunityRow, Base):
    """A question to an oral report and its answer, as the clerk noted them; who asked is not kept."""

    __tablename__ = "hearing_question"
    __table_args__ = (UniqueConstraint("subject_id", "position"),)

    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal_subject.id"))
    position: Mapped[int]
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    noted_at: Mapped[Instant]
    noted_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))


class Criticism(CommunityRow, Base):
    """A criticism in words. It has no author and no hour: nobody is to be found by it.

    Each leads to a corrective action, or to a published reason why not. It waits from `entered_on` on.
    """

    __tablename__ = "criticism"
    __table_args__ = (CheckConstraint("action_id IS NULL OR dismissal = ''", name="one_answer"),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal_cycle.id"), index=True)
    subject_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("appraisal_subject.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[CriticismSource] = mapped_column(enum_text(CriticismSource))
    entered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    entered_on: Mapped[date]
    action_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("corrective_action.id"))
    dismissal: Mapped[str] = mapped_column(String(500), default="")
    subject: Mapped[AppraisalSubject | None] = relationship()
    action: Mapped[CorrectiveAction | None] = relationship()
    cycle: Mapped[Cycle] = relationship()
