"""Meetings (the sessions of DESIGN.md): agenda, attendance, and what came of each item."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.bodies.models import Body
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.matters.models import Matter
from civicforum.meetings.models.before import Paper, Procedure, TextVersion
from civicforum.meetings.models.floor import Motion, Presence
from civicforum.meetings.rules import (
    Held,
    MeetingForm,
    MeetingState,
    Outcome,
    ParticipantClass,
    Seat,
)
from civicforum.meetings.rules_after import is_named
from civicforum.people.models import Person
from civicforum.polls.models import Poll


class Meeting(CommunityRow, Base):
    """`members_due` is how many belong to the body on the day, fixed when the meeting opens."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'cancelled') OR opened_at IS NOT NULL", name="opened"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        Index("ix_meeting_list", "community_id", "starts_at"),
    )

    form: Mapped[MeetingForm] = mapped_column(enum_text(MeetingForm))
    body_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("body.id"))
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200))
    held: Mapped[Held] = mapped_column(enum_text(Held), default=Held.ROOM)
    starts_at: Mapped[Instant]
    noticed_at: Mapped[Instant]
    # An urgent meeting needs no notice in time (art 26), but a reason.
    urgent_reason: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[MeetingState] = mapped_column(enum_text(MeetingState), default=MeetingState.PLANNED)
    chair_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    # Who leads while the chair speaks for a side (DOMAIN.md C9: a neutral chair leaves the chair to speak).
    acting_chair_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    clerk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    members_due: Mapped[int | None]
    opened_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    # Shown in the room only, so that who types it is there.
    check_in_code: Mapped[str] = mapped_column(String(8), default="")
    # The rules of procedure of its day, and their numbers as floor.FloorRules, both fixed at the opening.
    procedure_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("procedure.id"))
    floor_rules: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    # Corrected by hand until both have signed; `minutes_draft` is what the records said at the closing.
    minutes: Mapped[str] = mapped_column(Text, default="")
    minutes_draft: Mapped[str] = mapped_column(Text, default="")
    minutes_overdue_at: Mapped[Instant | None]
    minutes_posted_at: Mapped[Instant | None]
    profile: Mapped[str] = mapped_column(String(80))
    profile_version: Mapped[str] = mapped_column(String(64))
    body: Mapped[Body | None] = relationship()
    chair: Mapped[Person | None] = relationship(foreign_keys=[chair_id])
    acting_chair: Mapped[Person | None] = relationship(foreign_keys=[acting_chair_id])
    clerk: Mapped[Person | None] = relationship(foreign_keys=[clerk_id])
    procedure: Mapped[Procedure | None] = relationship(foreign_keys=[procedure_id])
    agenda: Mapped[list[AgendaItem]] = relationship(back_populates="meeting", order_by="AgendaItem.position")
    attendance: Mapped[list[Attendance]] = relationship(
        back_populates="meeting", order_by="(Attendance.arrived_at, Attendance.id)"
    )

    @property
    def presiding_id(self) -> uuid.UUID | None:
        """Return who leads now: whoever stands in while the chair speaks for a side, else the chair."""
        return self.acting_chair_id or self.chair_id

    @property
    def answering_id(self) -> uuid.UUID | None:
        """Return who answers for the meeting: whoever leads it while it is open, else the chair."""
        return self.presiding_id if self.state is MeetingState.OPEN else self.chair_id


class AgendaItem(CommunityRow, Base):
    """`text` is what is talked about or voted on, word for word: its last version.

    The item in hand is the one called last that is not concluded.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        CheckConstraint("(outcome IS NULL) = (concluded_at IS NULL)", name="concluded"),
        CheckConstraint("(studied_on IS NULL) = (study_text = '')", name="studied"),
    )

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int] = mapped_column(default=20)
    matter_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("matter.id"), index=True)
    poll_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("poll.id"), unique=True)
    # When the party organisation studied an item that is no matter, and what it came to (art 30).
    studied_on: Mapped[date | None]
    study_text: Mapped[str] = mapped_column(Text, default="")
    called_at: Mapped[Instant | None]
    outcome: Mapped[Outcome | None] = mapped_column(enum_text(Outcome))
    outcome_text: Mapped[str] = mapped_column(Text, default="")
    dissent: Mapped[str] = mapped_column(Text, default="")
    concluded_at: Mapped[Instant | None]
    # Why an agreed item asks for nothing more.
    nothing_because: Mapped[str] = mapped_column(String(300), default="")
    meeting: Mapped[Meeting] = relationship(back_populates="agenda")
    matter: Mapped[Matter | None] = relationship()
    poll: Mapped[Poll | None] = relationship()
    papers: Mapped[list[Paper]] = relationship(order_by="(Paper.added_at, Paper.id)")
    versions: Mapped[list[TextVersion]] = relationship(order_by="TextVersion.number")
    motions: Mapped[list[Motion]] = relationship(order_by="Motion.number")


class Attendance(CommunityRow, Base):
    """Somebody's part in a meeting, from first coming to last going; each stay is a Presence."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id"),
        CheckConstraint("person_id IS NOT NULL OR guest_name <> ''", name="who"),
        CheckConstraint("seat <> 'member' OR person_id IS NOT NULL", name="member_is_known"),
    )

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    # A guest from outside, such as a property firm's manager, has a name and no person.
    guest_name: Mapped[str] = mapped_column(String(80), default="")
    seat: Mapped[Seat] = mapped_column(enum_text(Seat))
    participant_class: Mapped[ParticipantClass] = mapped_column(enum_text(ParticipantClass))
    arrived_at: Mapped[Instant]
    left_at: Mapped[Instant | None]
    meeting: Mapped[Meeting] = relationship(back_populates="attendance")
    person: Mapped[Person | None] = relationship()
    stays: Mapped[list[Presence]] = relationship(order_by="Presence.came_at")

    @property
    def is_named(self) -> bool:
        """Tell whether pages that everybody reads give the name; whoever is in the room hears it anyway."""
        return bool(self.guest_name) or is_named(self.meeting.form, self.seat, self.participant_class)
