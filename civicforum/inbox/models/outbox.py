"""What goes out: written in the transaction of what happened, sent after it by a job."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.inbox.models.notifications import Notification
from civicforum.inbox.rules_told import Channel, MessageState
from civicforum.people.models import Person

WAITING_DIGEST = text("is_digest AND state = 'waiting'")


class OutboxMessage(CommunityRow, Base):
    """One message to one person. Its words are those of its items, or `subject` and `text` where it has none.

    The address is read when it is sent, so that whoever changes or removes it is obeyed at once. A digest
    takes items as long as it waits; there is one for each person, channel and hour.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint("channel <> 'app'", name="outside"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint("(state = 'sending') = (claimed_at IS NOT NULL)", name="claimed"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_outbox_message_due", "not_before", postgresql_where=text("state = 'waiting'")),
        Index("ix_outbox_message_claimed", "claimed_at", postgresql_where=text("state = 'sending'")),
        Index("ix_outbox_message_failed", "community_id", postgresql_where=text("state = 'failed'")),
        Index(
            "uq_outbox_message_digest",
            "person_id",
            "channel",
            "not_before",
            unique=True,
            postgresql_where=WAITING_DIGEST,
        ),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[Channel] = mapped_column(enum_text(Channel))
    is_digest: Mapped[bool] = mapped_column(default=False)
    # The law asks for it and the deadline is today: the hours of quiet do not hold it back.
    is_urgent: Mapped[bool] = mapped_column(default=False)
    subject: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[MessageState] = mapped_column(enum_text(MessageState), default=MessageState.WAITING)
    created_at: Mapped[Instant]
    not_before: Mapped[Instant]
    claimed_at: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(200), default="")
    sent_at: Mapped[Instant | None]
    person: Mapped[Person] = relationship()
    items: Mapped[list[OutboxItem]] = relationship(back_populates="message")


class OutboxItem(Base):
    """A notification in a message: at most once by each channel."""

    __tablename__ = "outbox_item"

    notification_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notification.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_text(Channel), primary_key=True)
    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("outbox_message.id"), index=True)
    notification: Mapped[Notification] = relationship()
    message: Mapped[OutboxMessage] = relationship(back_populates="items")
