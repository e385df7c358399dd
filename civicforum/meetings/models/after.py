"""What follows a session: the signed minutes, and work that cannot be forgotten."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.bodies.models import Body
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.meetings.rules import FollowUpKind, Signer
from civicforum.people.models import Person
from civicforum.records.models import Photo

if TYPE_CHECKING:
    from civicforum.meetings.models.meetings import AgendaItem, Meeting


class MinutesSignature(CommunityRow, Base):
    """Chair and clerk sign the minutes; `text_hash` is the SHA-256 of the text that was signed, in hex.

    Who signed on paper has the number of the file it is kept in, and the clerk who entered it.
    """

    __tablename__ = "minutes_signature"
    __table_args__ = (
        UniqueConstraint("meeting_id", "signer"),
        CheckConstraint("(paper_file = '') = (entered_by_id IS NULL)", name="paper"),
    )

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    signer: Mapped[Signer] = mapped_column(enum_text(Signer))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    text_hash: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[Instant]
    paper_file: Mapped[str] = mapped_column(String(60), default="")
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = relationship(foreign_keys=[person_id])


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
    photo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("photo.id"))
    done_at: Mapped[Instant | None]
    # When a sweep found it late, which is once.
    overdue_at: Mapped[Instant | None]
    # The item of a later agenda that took it up.
    done_item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agenda_item.id"))
    owner: Mapped[Body | None] = relationship()
    photo: Mapped[Photo | None] = relationship()
    meeting: Mapped[Meeting] = relationship(foreign_keys=[meeting_id])
    item: Mapped[AgendaItem] = relationship(foreign_keys=[item_id])
    done_item: Mapped[AgendaItem | None] = relationship(foreign_keys=[done_item_id])
