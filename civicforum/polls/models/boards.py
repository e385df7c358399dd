"""The board of a sealed poll as rows, the credentials on it, and the trustees who open it.

No row here carries a time, and casting writes nothing about a person: who cast which ballot is known only
through `credential_link`, which is destroyed (docs/adr/0011).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.people.models import Person
from civicforum.sealed import Phase, Why

from .polls import Poll

if TYPE_CHECKING:
    from .rolls import RollEntry


class Board(Base):
    """The end of a board: locked by whoever appends a line."""

    __tablename__ = "board"

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community.id"), index=True)
    phase: Mapped[Phase] = mapped_column(enum_text(Phase))
    lines: Mapped[int]
    head: Mapped[bytes]
    poll: Mapped[Poll] = relationship(back_populates="board")


class BoardLine(Base):
    """One line as it was accepted, with the head after it; `tracker` of a ballot is what its voter keeps."""

    __tablename__ = "board_line"
    __table_args__ = (
        Index(
            "uq_board_line_tracker",
            "poll_id",
            "tracker",
            unique=True,
            postgresql_where=text("tracker IS NOT NULL"),
        ),
    )

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community.id"))
    kind: Mapped[str] = mapped_column(String(10))
    raw: Mapped[str] = mapped_column(Text)
    head: Mapped[bytes]
    tracker: Mapped[bytes | None]


class Credential(Base):
    """How things stand with one credential of a board (civicforum.sealed.Standing)."""

    __tablename__ = "credential"

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    public: Mapped[bytes] = mapped_column(primary_key=True)
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community.id"))
    # Of its last ballot, or -1.
    sequence: Mapped[int] = mapped_column(default=-1)
    void: Mapped[Why | None] = mapped_column(enum_text(Why))
    is_replaced: Mapped[bool] = mapped_column(default=False)


class CredentialLink(Base):
    """Whose credential is whose. Destroyed with the keys at the date that the manifest states."""

    __tablename__ = "credential_link"
    __table_args__ = (UniqueConstraint("poll_id", "public"),)

    roll_entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roll_entry.id"), primary_key=True)
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"))
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community.id"))
    public: Mapped[bytes]
    entry: Mapped[RollEntry] = relationship(back_populates="link")


class TestedBallot(Base):
    """A ballot that its voter opened as a test, by its tracker: it is never cast."""

    __test__ = False  # pytest takes the name for a test case
    __tablename__ = "tested_ballot"

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    tracker: Mapped[bytes] = mapped_column(primary_key=True)
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community.id"))


class KeyCeremony(CommunityRow, Base):
    """One attempt to make the key. One that ends in a complaint stays, and another starts with new slips."""

    __tablename__ = "key_ceremony"
    __table_args__ = (
        Index(
            "uq_key_ceremony_current",
            "poll_id",
            unique=True,
            postgresql_where=text("complaint = ''"),
        ),
        CheckConstraint("finished_at IS NULL OR complaint = ''", name="ended"),
    )

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    # The 16 bytes that every message names.
    sealed_id: Mapped[bytes]
    threshold: Mapped[int]
    size: Mapped[int]
    started_at: Mapped[Instant]
    finished_at: Mapped[Instant | None]
    # The dummy ballot that the trustees open together as a drill, and when they had opened it.
    drill: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    drilled_at: Mapped[Instant | None]
    complaint: Mapped[str] = mapped_column(String(300), default="")
    poll: Mapped[Poll] = relationship()
    trustees: Mapped[list[Trustee]] = relationship(back_populates="ceremony", order_by="Trustee.number")


class Trustee(CommunityRow, Base):
    """Who keeps a part of the opening key, and what its browser said in each round; the seed is on paper."""

    __tablename__ = "trustee"
    __table_args__ = (
        UniqueConstraint("ceremony_id", "number"),
        UniqueConstraint("ceremony_id", "person_id"),
    )

    ceremony_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("key_ceremony.id"), index=True)
    number: Mapped[int]
    # None is the platform, which alone keeps the key of a poll of the preset `poll`.
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    hello: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    # That the 8 characters read aloud are the same on this screen.
    has_heard: Mapped[bool] = mapped_column(default=False)
    deal: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    confirm: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    ceremony: Mapped[KeyCeremony] = relationship(back_populates="trustees")
    person: Mapped[Person | None] = relationship()
