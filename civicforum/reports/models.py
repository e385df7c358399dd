"""Keys of authorities, and the reports sealed for them. No row here names a reporter."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant
from civicforum.people.models import Person


class ReportKey(CommunityRow, Base):
    """The public key of an authority outside the community, and how to ask it whether it is theirs."""

    __tablename__ = "report_key"
    __table_args__ = (
        Index("uq_report_key_live", "community_id", unique=True, postgresql_where=text("retired_at IS NULL")),
        UniqueConstraint("community_id", "public"),
        CheckConstraint("length(public) = 32", name="public"),
    )

    authority: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(200))
    public: Mapped[bytes] = mapped_column(LargeBinary)
    entered_at: Mapped[Instant]
    entered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    # When the holder first opened a test with the private key; nothing is sealed for the key before.
    proved_at: Mapped[Instant | None]
    retired_at: Mapped[Instant | None]
    entered_by: Mapped[Person] = relationship()


class Report(CommunityRow, Base):
    """A sealed report. It knows the day and no hour; `is_counted`: its day stands in the journal."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        CheckConstraint("(answered_on IS NULL) = (answer IS NULL)", name="answered"),
        CheckConstraint("length(reply) = 32 AND length(salt) = 16", name="lengths"),
        Index("ix_report_received", "community_id", "received_on"),
    )

    key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report_key.id"), index=True)
    number: Mapped[str] = mapped_column(String(8))
    received_on: Mapped[date]
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    reply: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    answered_on: Mapped[date | None]
    answer: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    is_counted: Mapped[bool] = mapped_column(default=False)
    key: Mapped[ReportKey] = relationship()


class ReportVisit(CommunityRow, Base):
    """A visit of somebody who proved to hold a private key; its id is the test's, which so works once."""

    __tablename__ = "report_visit"

    key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report_key.id"))
    ends_at: Mapped[Instant]
