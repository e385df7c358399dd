"""The roll of a poll: who may vote, on what ground, and what was said against it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.people.models import Person
from civicforum.polls.rules import CorrectionKind, ObjectionKind, Ruling, VoteChannel

from .polls import Poll

if TYPE_CHECKING:
    from .boards import CredentialLink
    from .paper import PaperIssue
    from .polls import OpenBallot


class RollEntry(CommunityRow, Base):
    """One person entitled to vote in one poll, and on what ground.

    Name and group are those of the day the roll was drawn: what was posted stays what was posted.
    """

    __tablename__ = "roll_entry"
    __table_args__ = (
        UniqueConstraint("poll_id", "person_id"),
        UniqueConstraint("poll_id", "position"),
        Index("ix_roll_entry_name", "poll_id", "name"),
    )

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    position: Mapped[int]
    # A key that pages put into words, such as "capacity.hukou" or "present.representative".
    ground: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80), default="")
    group_name: Mapped[str] = mapped_column(String(80), default="")
    struck_off_at: Mapped[Instant | None]
    # By which way the person took part: written for the whole roll at once after the close, so that no row
    # version pairs a person with a line of the board.
    took_part: Mapped[VoteChannel | None] = mapped_column(enum_text(VoteChannel))
    poll: Mapped[Poll] = relationship(back_populates="roll")
    person: Mapped[Person] = relationship()
    ballot: Mapped[OpenBallot | None] = relationship(back_populates="entry")
    link: Mapped[CredentialLink | None] = relationship(back_populates="entry")
    paper: Mapped[PaperIssue | None] = relationship(
        back_populates="entry", foreign_keys="PaperIssue.roll_entry_id"
    )


class RollObjection(CommunityRow, Base):
    """Somebody says that the posted roll is wrong, and what was ruled."""

    __tablename__ = "roll_objection"
    __table_args__ = (
        CheckConstraint("(ruling IS NULL) = (ruled_at IS NULL)", name="ruled"),
        CheckConstraint("ruling IS NULL OR ruling_text <> ''", name="reasoned"),
    )

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    filed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[ObjectionKind] = mapped_column(enum_text(ObjectionKind))
    # The entry objected to, or none where somebody is missing, who is named in `about`.
    roll_entry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("roll_entry.id"))
    about: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[Instant]
    due_at: Mapped[Instant]
    ruling: Mapped[Ruling | None] = mapped_column(enum_text(Ruling))
    ruling_text: Mapped[str] = mapped_column(Text, default="")
    ruled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    ruled_at: Mapped[Instant | None]
    filed_by: Mapped[Person] = relationship(foreign_keys=filed_by_id)
    entry: Mapped[RollEntry | None] = relationship()


class RollCorrection(CommunityRow, Base):
    """A dated change of a posted or frozen roll: never silent, never undone."""

    __tablename__ = "roll_correction"

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    roll_entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roll_entry.id"))
    kind: Mapped[CorrectionKind] = mapped_column(enum_text(CorrectionKind))
    reason: Mapped[str] = mapped_column(String(300))
    # The number of the decision, or the objection that led to it.
    decision: Mapped[str] = mapped_column(String(80), default="")
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
    entry: Mapped[RollEntry] = relationship()
