"""Notices: what is posted, from when until when."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.notices.rules import NoticeCategory
from civicforum.people.models import Person


class Notice(CommunityRow, Base):
    """`until` ends the posting period that article 34 asks for; the page stays readable afterwards."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("until > posted_at", name="period"),
        Index("ix_notice_list", "community_id", "posted_at"),
        Index("ix_notice_subject", "subject_kind", "subject_id"),
    )

    category: Mapped[NoticeCategory] = mapped_column(enum_text(NoticeCategory))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[uuid.UUID | None]
    posted_at: Mapped[Instant]
    until: Mapped[Instant]
    posted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    posted_by: Mapped[Person | None] = relationship()
