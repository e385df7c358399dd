"""Files a community leaves with, and requests to delete personal data."""

from __future__ import annotations

import uuid

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.people.models import Person
from civicforum.transfer.rules import ExportState, RequestState


class CommunityExport(CommunityRow, Base):
    """The whole community in one file, made by a job, kept for a day in `ExportPart`."""

    __tablename__ = "community_export"
    __table_args__ = (
        CheckConstraint("(state IN ('ready', 'gone')) = (ready_at IS NOT NULL)", name="ready_date"),
        # One at a time: each reads everything.
        Index(
            "uq_community_export_running",
            "community_id",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )

    state: Mapped[ExportState] = mapped_column(enum_text(ExportState), default=ExportState.WAITING)
    asked_at: Mapped[Instant]
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    tables_done: Mapped[int] = mapped_column(default=0)
    tables_whole: Mapped[int] = mapped_column(default=0)
    row_count: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    manifest_hash: Mapped[str] = mapped_column(String(64), default="")
    # Votes whose keys this server still holds: what the export was refused for.
    blocked_by: Mapped[list[str]] = mapped_column(JSONB, default=list)
    ready_at: Mapped[Instant | None]
    asked_by: Mapped[Person] = relationship()


class ExportPart(Base):
    """A few megabytes of an export's file."""

    __tablename__ = "export_part"

    export_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("community_export.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DeletionRequest(CommunityRow, Base):
    """Somebody wants their personal data deleted (PIPL article 47); kept as the record that it was done."""

    __tablename__ = "deletion_request"
    __table_args__ = (
        CheckConstraint("(state = 'asked') = (ended_at IS NULL)", name="ended_date"),
        CheckConstraint("state <> 'refused' OR ground <> ''", name="refused_with_ground"),
        Index(
            "uq_deletion_request_waiting",
            "person_id",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[RequestState] = mapped_column(enum_text(RequestState), default=RequestState.ASKED)
    asked_at: Mapped[Instant]
    due_at: Mapped[Instant]
    # The author's choice: what they wrote for all stays without their name, or goes with it.
    keeps_texts: Mapped[bool]
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[Instant | None]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    ground: Mapped[str] = mapped_column(Text, default="")
    # How many rows of which table were removed or made nameless.
    outcome: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    ended_by: Mapped[Person | None] = relationship(foreign_keys=ended_by_id)
