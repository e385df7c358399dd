"""What a session is prepared with: rules of procedure, invitations, papers, versions of the text, demands."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.bodies.models import Body
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.matters.rules import Category, Channel
from civicforum.meetings.rules import Answer, MeetingForm, ParticipantClass, Seat
from civicforum.people.models import Person


class Procedure(CommunityRow, Base):
    """A version of the rules of procedure, of one body or of all sessions (DOMAIN.md row 0-33).

    A session follows the version in force on its day.
    """

    __tablename__ = "procedure"
    __table_args__ = (
        UniqueConstraint("community_id", "body_id", "number", postgresql_nulls_not_distinct=True),
        CheckConstraint("speech_seconds > 0 AND speeches_each > 0", name="limits"),
    )

    body_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("body.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    in_force_from: Mapped[date]
    # The assembly or session that adopted it, as its notice names it.
    adopted_by: Mapped[str] = mapped_column(String(200), default="")
    speech_seconds: Mapped[int]
    speeches_each: Mapped[int]
    first_speakers_first: Mapped[bool]
    sides_alternate: Mapped[bool]
    motion_first: Mapped[bool]
    needs_seconder: Mapped[bool]
    observers_speak: Mapped[bool]
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
    body: Mapped[Body | None] = relationship()


class Invitation(CommunityRow, Base):
    """Who is asked to come, for which side of the matter (DOMAIN.md part C, row 4)."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id"),
        CheckConstraint("person_id IS NOT NULL OR name <> ''", name="who"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
    )

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    # Somebody from outside has a name and perhaps a unit, and no person.
    name: Mapped[str] = mapped_column(String(80), default="")
    unit: Mapped[str] = mapped_column(String(120), default="")
    participant_class: Mapped[ParticipantClass] = mapped_column(enum_text(ParticipantClass))
    seat: Mapped[Seat] = mapped_column(enum_text(Seat), default=Seat.PARTICIPANT)
    # The topic that it is about; None: all of the agenda.
    item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    stake: Mapped[str] = mapped_column(String(300), default="")
    answer: Mapped[Answer | None] = mapped_column(enum_text(Answer))
    answered_at: Mapped[Instant | None]
    # The clerk who wrote down what somebody without a phone said.
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[Instant]
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])


class Paper(CommunityRow, Base):
    """A paper to an item: a text, or a file of at most 500 KB; an expert's written opinion among them."""

    __tablename__ = "paper"
    __table_args__ = (CheckConstraint("(content IS NULL) = (media_type = '')", name="file_or_text"),)

    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(120), default="")
    is_expert_opinion: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text, default="")
    media_type: Mapped[str] = mapped_column(String(80), default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[Instant]


class TextVersion(CommunityRow, Base):
    """The text of an item as it stood; `motion_id` is the amendment that made it."""

    __tablename__ = "text_version"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(300), default="")
    motion_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("motion.id"))
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]


class ChairTurn(CommunityRow, Base):
    """A turn in the chair of a joint meeting: the units take it in order (DOMAIN.md row 1-07)."""

    __tablename__ = "chair_turn"
    __table_args__ = (
        UniqueConstraint("body_id", "position"),
        CheckConstraint("until_on >= from_on", name="dates"),
    )

    body_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("body.id"), index=True)
    position: Mapped[int]
    unit: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    # Why the unit did not take its turn; the next one has it then.
    skipped_because: Mapped[str] = mapped_column(String(300), default="")
    person: Mapped[Person | None] = relationship()


class Duty(CommunityRow, Base):
    """A subject that has to be deliberated on, in which form (DOMAIN.md row 1-13, part C, row 3)."""

    __tablename__ = "deliberation_duty"
    __table_args__ = (UniqueConstraint("community_id", "title"),)

    title: Mapped[str] = mapped_column(String(200))
    form: Mapped[MeetingForm] = mapped_column(enum_text(MeetingForm))
    # Matters of this category are reminded of it.
    category: Mapped[Category | None] = mapped_column(enum_text(Category))
    ground: Mapped[str] = mapped_column(String(300), default="")
    ended_on: Mapped[date | None]


class AssemblyDemand(CommunityRow, Base):
    """Residents or representatives ask for an assembly on a subject (arts 26 and 28).

    `reached_at` is when there were enough signatures: from then on it must be called until `due_at`.
    """

    __tablename__ = "assembly_demand"
    __table_args__ = (CheckConstraint("(reached_at IS NULL) = (due_at IS NULL)", name="reached"),)

    form: Mapped[MeetingForm] = mapped_column(enum_text(MeetingForm))
    title: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    profile: Mapped[str] = mapped_column(String(80))
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
    reached_at: Mapped[Instant | None]
    due_at: Mapped[Instant | None]
    # The assembly that was called for it.
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("meeting.id"))
    signatures: Mapped[list[DemandSignature]] = relationship(order_by="DemandSignature.at")


class DemandSignature(CommunityRow, Base):
    """One signature under a demand; for a household only one of its adults signs."""

    __tablename__ = "demand_signature"
    __table_args__ = (UniqueConstraint("demand_id", "person_id"),)

    demand_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assembly_demand.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    for_household: Mapped[bool]
    channel: Mapped[Channel] = mapped_column(enum_text(Channel))
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Instant]
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
