"""How somebody wants to be told: addresses, topics by channel, how often, and the hours of quiet."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.inbox.rules_told import QUIET_FROM, QUIET_UNTIL, Channel, Digest, Topic
from civicforum.people.models import Person


class Contact(CommunityRow, Base):
    """An address of somebody. Until `verified_at` nothing goes there but the code that confirms it."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("person_id", "channel"),
        CheckConstraint("channel <> 'app'", name="outside"),
        CheckConstraint("(code_hash IS NULL) = (code_expires_at IS NULL)", name="code"),
        CheckConstraint("attempts >= 0", name="attempts"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[Channel] = mapped_column(enum_text(Channel))
    address: Mapped[str] = mapped_column(String(254))
    added_at: Mapped[Instant]
    verified_at: Mapped[Instant | None]
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_expires_at: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(default=0)
    person: Mapped[Person] = relationship()


class Preference(CommunityRow, Base):
    """How often somebody is told what is not urgent, and the hours (0 to 23, local) of quiet."""

    __tablename__ = "preference"
    __table_args__ = (
        UniqueConstraint("person_id"),
        CheckConstraint("quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23", name="hours"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[Digest] = mapped_column(enum_text(Digest), default=Digest.AT_ONCE)
    quiet_from: Mapped[int] = mapped_column(default=QUIET_FROM)
    quiet_until: Mapped[int] = mapped_column(default=QUIET_UNTIL)


class Choice(CommunityRow, Base):
    """Whether somebody wants one topic by one channel. Without a row it is as `rules_told.is_wanted` says."""

    __tablename__ = "choice"
    __table_args__ = (UniqueConstraint("person_id", "topic", "channel"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    topic: Mapped[Topic] = mapped_column(enum_text(Topic))
    channel: Mapped[Channel] = mapped_column(enum_text(Channel))
    is_on: Mapped[bool]
