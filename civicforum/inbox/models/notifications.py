"""What somebody is told, and of what they were reminded on which day."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.inbox.rules_told import Topic


class Notification(CommunityRow, Base):
    """One thing that one person is told, once: `event` names what happened. Its words are Chinese.

    `is_shown` False: only sent by a channel, because this person does not want it in the list on the site.
    """

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("person_id", "event"),
        Index("ix_notification_list", "person_id", "created_at"),
        Index("ix_notification_unread", "person_id", postgresql_where=text("read_at IS NULL AND is_shown")),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    event: Mapped[str] = mapped_column(String(64))
    topic: Mapped[Topic] = mapped_column(enum_text(Topic))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[uuid.UUID | None]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    endpoint: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[dict[str, str]] = mapped_column(JSONB)
    is_statutory: Mapped[bool] = mapped_column(default=False)
    is_shown: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Instant]
    read_at: Mapped[Instant | None]


class Reminder(CommunityRow, Base):
    """That somebody was reminded of one subject on one day: the key keeps it from happening twice."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("person_id", "subject", "day"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    subject: Mapped[str] = mapped_column(String(80))
    day: Mapped[date] = mapped_column(index=True)
