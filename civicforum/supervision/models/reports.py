"""The half-yearly report of the supervision committee."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.notices.models import Notice
from civicforum.people.models import Person
from civicforum.supervision.rules import ReportState


class SupervisionReport(CommunityRow, Base):
    """A period's report. `figures` are computed when it is put up for signature, and never typed.

    Once posted it stays as it is: a trigger of the database refuses any change.
    """

    __tablename__ = "supervision_report"
    __table_args__ = (
        UniqueConstraint("community_id", "period_from"),
        CheckConstraint("period_until > period_from", name="period"),
        CheckConstraint("(state = 'draft') = (text_sha256 = '')", name="signing"),
        CheckConstraint("(state = 'posted') = (posted_at IS NOT NULL)", name="posted"),
        CheckConstraint("(state = 'posted') = (notice_id IS NOT NULL)", name="notice"),
        Index("ix_supervision_report_open", "due_at", postgresql_where=text("state <> 'posted'")),
    )

    period_from: Mapped[date]
    period_until: Mapped[date]
    profile: Mapped[str] = mapped_column(String(80))
    due_at: Mapped[Instant]
    # When a sweep found it late, which is once.
    overdue_at: Mapped[Instant | None]
    state: Mapped[ReportState] = mapped_column(enum_text(ReportState), default=ReportState.DRAFT)
    conclusions: Mapped[str] = mapped_column(Text, default="")
    written_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[Instant | None]
    figures: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    # Of period, figures and conclusions: what each member signs.
    text_sha256: Mapped[str] = mapped_column(String(64), default="")
    put_up_at: Mapped[Instant | None]
    # Of the rule about the majority, as it was judged at the posting.
    arithmetic: Mapped[str] = mapped_column(String(200), default="")
    posted_at: Mapped[Instant | None]
    posted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    notice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice.id"))
    written_by: Mapped[Person | None] = relationship(foreign_keys=written_by_id)
    posted_by: Mapped[Person | None] = relationship(foreign_keys=posted_by_id)
    notice: Mapped[Notice | None] = relationship()
    signatures: Mapped[list[ReportSignature]] = relationship(
        back_populates="report", order_by="(ReportSignature.at, ReportSignature.id)"
    )


class ReportSignature(CommunityRow, Base):
    """A member signs a report; it counts for the words and figures with this hash alone."""

    __tablename__ = "supervision_report_signature"
    __table_args__ = (UniqueConstraint("report_id", "person_id", "text_sha256"),)

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supervision_report.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    post: Mapped[str] = mapped_column(String(200), default="")
    text_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[Instant]
    report: Mapped[SupervisionReport] = relationship(back_populates="signatures")
    person: Mapped[Person] = relationship()
