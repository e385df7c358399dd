"""What happens on the floor of a session: presence, motions, speeches, points of order, hands counted."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.meetings.floor import MotionKind, MotionState, SpeechState, Stance, VoteWay
from civicforum.meetings.rules import PresenceChannel
from civicforum.polls.models import Poll

if TYPE_CHECKING:
    from civicforum.meetings.models.meetings import Attendance


class Presence(CommunityRow, Base):
    """One stay in the room or on the screen; who goes and comes back has two."""

    __tablename__ = "presence"
    __table_args__ = (
        CheckConstraint("left_at >= came_at", name="order"),
        Index(
            "uq_presence_attendance_id_open",
            "attendance_id",
            unique=True,
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    attendance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attendance.id"), index=True)
    channel: Mapped[PresenceChannel] = mapped_column(enum_text(PresenceChannel))
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    came_at: Mapped[Instant]
    left_at: Mapped[Instant | None]


class Motion(CommunityRow, Base):
    """Something moved on an item. `text` of an amendment is the item's whole text as it would read."""

    __tablename__ = "motion"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint("(settled_at IS NULL) = (state IN ('moved', 'open', 'voting'))", name="settled"),
    )

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    number: Mapped[int]
    kind: Mapped[MotionKind] = mapped_column(enum_text(MotionKind))
    state: Mapped[MotionState] = mapped_column(enum_text(MotionState), default=MotionState.MOVED)
    # The amendment that this one amends; None: the item itself.
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("motion.id"))
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(500), default="")
    mover_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attendance.id"))
    seconder_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("attendance.id"))
    # The clerk who wrote it down for somebody without a phone.
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    way: Mapped[VoteWay | None] = mapped_column(enum_text(VoteWay))
    poll_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("poll.id"), unique=True)
    ruling: Mapped[str] = mapped_column(String(500), default="")
    moved_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]
    mover: Mapped[Attendance] = relationship(foreign_keys=[mover_id])
    seconder: Mapped[Attendance | None] = relationship(foreign_keys=[seconder_id])
    poll: Mapped[Poll | None] = relationship()


class Speech(CommunityRow, Base):
    """A turn to speak: asked for, taken, over. Whose turn is next is computed from these rows."""

    __tablename__ = "speech"
    __table_args__ = (
        CheckConstraint("(started_at IS NULL) = (state IN ('waiting', 'withdrawn'))", name="started"),
        CheckConstraint("(ended_at IS NULL) = (state IN ('waiting', 'speaking'))", name="ended"),
        Index("uq_speech_speaking", "meeting_id", unique=True, postgresql_where=text("state = 'speaking'")),
    )

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    motion_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("motion.id"))
    attendance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attendance.id"), index=True)
    stance: Mapped[Stance] = mapped_column(enum_text(Stance))
    state: Mapped[SpeechState] = mapped_column(enum_text(SpeechState), default=SpeechState.WAITING)
    allowed_seconds: Mapped[int]
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    gist: Mapped[str] = mapped_column(Text, default="")
    # Why the chair gave the floor out of turn.
    given_because: Mapped[str] = mapped_column(String(300), default="")
    asked_at: Mapped[Instant]
    started_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    attendance: Mapped[Attendance] = relationship()


class PointOfOrder(CommunityRow, Base):
    __tablename__ = "point_of_order"
    __table_args__ = (CheckConstraint("(is_upheld IS NULL) = (ruled_at IS NULL)", name="ruled"),)

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agenda_item.id"))
    attendance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attendance.id"))
    text: Mapped[str] = mapped_column(String(500))
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    raised_at: Mapped[Instant]
    is_upheld: Mapped[bool | None]
    ruling: Mapped[str] = mapped_column(String(500), default="")
    ruled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    ruled_at: Mapped[Instant | None]
    attendance: Mapped[Attendance] = relationship()


class HandCount(CommunityRow, Base):
    """A show of hands that is counted, not entered name by name: two people count and agree.

    It is made when the vote is opened, with those then present; who comes or goes later changes nothing.
    """

    __tablename__ = "hand_count"
    __table_args__ = (
        CheckConstraint("in_favour >= 0 AND against >= 0 AND abstained >= 0", name="numbers"),
        CheckConstraint("in_favour + against + abstained <= present", name="no_more_than_present"),
        CheckConstraint("(counted_at IS NULL) = (checked_by = '')", name="counted"),
    )

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), unique=True)
    in_favour: Mapped[int] = mapped_column(default=0)
    against: Mapped[int] = mapped_column(default=0)
    abstained: Mapped[int] = mapped_column(default=0)
    present: Mapped[int]
    # The second counter, as the clerk typed the name.
    checked_by: Mapped[str] = mapped_column(String(80), default="")
    # Who entered the numbers.
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    counted_at: Mapped[Instant | None]
