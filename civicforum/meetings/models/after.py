"""What follows a session: the signed minutes, and work that cannot be forgotten."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.bodies.models import Body
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.meetings.rules import FollowUpKind, Signer
from civicforum.people.models import Person


class MinutesSignature(CommunityRow, Base):
    """Chair and clerk sign the minutes; `text_hash` is the SHA-256 of the text that was signed, in hex."""

    __tablename__ = "minutes_signature"
    __table_args__ = (UniqueConstraint("meeting_id", "signer"),)

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    signer: Mapped[Signer] = mapped_column(enum_text(Signer))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    text_hash: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[Instant]
    person: Mapped[Person] = relationship()


class FollowUp(CommunityRow, Base):
    """What an item asks for next: a task with an owner, or a place on the next assembly's agenda."""

    __tablename__ = "follow_up"
    __table_args__ = (
        CheckConstraint("kind <> 'task' OR (owner_id IS NOT NULL AND due_on IS NOT NULL)", name="task"),
        CheckConstraint("done_at IS NULL OR kind <> 'agenda' OR done_item_id IS NOT NULL", name="taken_up"),
        Index("ix_follow_up_open", "community_id", "due_on", postgresql_where=text("done_at IS NULL")),
    )

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    kind: Mapped[FollowUpKind] = mapped_column(enum_text(FollowUpKind))
    text: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("body.id"))
    due_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[Instant | None]
    # The item of a later agenda that took it up.
    done_item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agenda_item.id"))
    owner: Mapped[Body | None] = relationship()
