"""The journal: who did what, when and why, each entry hashed with the one before."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant
from civicforum.people.models import Person


class JournalHead(Base):
    """The last entry of a community's journal. Locked while an entry is written, so numbers have no gap."""

    __tablename__ = "journal_head"

    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default="")


class JournalEntry(CommunityRow, Base):
    """One act. `payload` holds ids, states and figures, never personal data beyond names the law posts."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("community_id", "sequence"),
        Index("ix_journal_entry_subject", "subject_kind", "subject_id", "sequence"),
        Index("ix_journal_entry_public", "community_id", "sequence", postgresql_where=text("is_public")),
        Index("ix_journal_entry_private", "community_id", postgresql_where=text("NOT is_public")),
    )

    sequence: Mapped[int]
    at: Mapped[Instant]
    actor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    post: Mapped[str] = mapped_column(String(200), default="")
    assisted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    action: Mapped[str] = mapped_column(String(80))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[uuid.UUID]
    subject_title: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(default="")
    payload: Mapped[dict[str, object]] = mapped_column(JSONB)
    is_public: Mapped[bool] = mapped_column(default=True)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    actor: Mapped[Person | None] = relationship(foreign_keys=actor_id)
    assisted_by: Mapped[Person | None] = relationship(foreign_keys=assisted_by_id)


class Photo(CommunityRow, Base):
    """A picture, checked, reduced, freed of metadata, and kept here so that one backup holds all."""

    __tablename__ = "photo"

    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    thumbnail: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    media_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int]
    height: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    description: Mapped[str] = mapped_column(String(200), default="")
    uploaded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[Instant]
