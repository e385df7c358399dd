"""Deputies who keep in touch with the community, their liaison days, and opinions handed on to them."""

from __future__ import annotations

import uuid
from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.people.models import Person
from civicforum.registers.rules_deputies import DeputyKind, DeputyLevel


class Deputy(CommunityRow, Base):
    """A deputy or a consultative member who receives residents here (DOMAIN.md row 3-16)."""

    __tablename__ = "deputy"
    __table_args__ = (
        UniqueConstraint("community_id", "kind", "level", "name"),
        CheckConstraint("until IS NULL OR until >= since", name="dates"),
    )

    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[DeputyKind] = mapped_column(enum_text(DeputyKind))
    level: Mapped[DeputyLevel] = mapped_column(enum_text(DeputyLevel))
    # The liaison point: a place, never a private telephone.
    place: Mapped[str] = mapped_column(String(200))
    since: Mapped[date]
    until: Mapped[date | None]


class LiaisonDay(CommunityRow, Base):
    """When a deputy receives residents, and where; hours are the community's."""

    __tablename__ = "liaison_day"
    __table_args__ = (
        UniqueConstraint("deputy_id", "day", "begins"),
        CheckConstraint("ends > begins", name="hours"),
    )

    deputy_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deputy.id"))
    day: Mapped[date]
    begins: Mapped[time]
    ends: Mapped[time]
    place: Mapped[str] = mapped_column(String(200))
    deputy: Mapped[Deputy] = relationship()


class DeputyOpinion(CommunityRow, Base):
    """An opinion for a deputy. Its text is public once it is forwarded; who wrote it, never."""

    __tablename__ = "deputy_opinion"
    __table_args__ = (
        UniqueConstraint("deputy_id", "number"),
        CheckConstraint("(forwarded_on IS NULL) = (forwarded_at IS NULL)", name="forwarded"),
        CheckConstraint("(forwarded_at IS NULL) = (forwarded_by_id IS NULL)", name="forwarded_by"),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered"),
        CheckConstraint("(answered_at IS NULL) = (answer_entered_by_id IS NULL)", name="answer_entered"),
        CheckConstraint("answered_at IS NULL OR forwarded_at IS NOT NULL", name="order"),
        CheckConstraint("author_id IS NOT NULL OR entered_by_id IS NOT NULL", name="origin"),
        Index(
            "ix_deputy_opinion_waiting",
            "community_id",
            "due_at",
            postgresql_where=text("forwarded_at IS NULL"),
        ),
    )

    deputy_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deputy.id"))
    # Within the opinions for this deputy.
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    # None for one that came on paper; `entered_by_id` is then the clerk.
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[Instant]
    due_at: Mapped[Instant]
    # The day on which the deputy had it, and the instant at which that was entered here.
    forwarded_on: Mapped[date | None]
    forwarded_at: Mapped[Instant | None]
    forwarded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    # As the letter names them.
    answered_by: Mapped[str] = mapped_column(String(120), default="")
    answered_at: Mapped[Instant | None]
    answer_entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    deputy: Mapped[Deputy] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
