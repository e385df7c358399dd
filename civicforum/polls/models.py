"""Polls: the question, the roll it is put to, the ballots, and the result sheet."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.people.models import Person
from civicforum.polls.rules import Choice, PollState, Preset, VoteChannel


class Poll(CommunityRow, Base):
    """A question put to a roll, under the rule profile frozen when it was made."""

    __tablename__ = "poll"
    __table_args__ = (
        CheckConstraint("(state = 'void') = (void_ground <> '')", name="void"),
        CheckConstraint(
            "state IN ('draft', 'roll_posted', 'ready', 'void') OR opened_at IS NOT NULL", name="opened"
        ),
        Index("ix_poll_subject", "subject_kind", "subject_id"),
    )

    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(Text)
    # What put the question, such as an item of an agenda; it may ask again when a poll is void.
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[uuid.UUID]
    preset: Mapped[Preset] = mapped_column(enum_text(Preset))
    state: Mapped[PollState] = mapped_column(enum_text(PollState), default=PollState.DRAFT)
    profile: Mapped[str] = mapped_column(String(80))
    profile_version: Mapped[str] = mapped_column(String(64))
    quorum_rule: Mapped[str] = mapped_column(String(80))
    majority_rule: Mapped[str] = mapped_column(String(80))
    # How many belong to the body that votes: what the quorum is a share of.
    members: Mapped[int]
    created_at: Mapped[Instant]
    opened_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    counted_at: Mapped[Instant | None]
    certified_at: Mapped[Instant | None]
    void_ground: Mapped[str] = mapped_column(String(300), default="")
    roll: Mapped[list[RollEntry]] = relationship(back_populates="poll", order_by="RollEntry.position")
    result: Mapped[ResultSheet | None] = relationship(back_populates="poll")


class RollEntry(CommunityRow, Base):
    """One person entitled to vote in one poll, and on what ground."""

    __tablename__ = "roll_entry"
    __table_args__ = (UniqueConstraint("poll_id", "person_id"), UniqueConstraint("poll_id", "position"))

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    position: Mapped[int]
    ground: Mapped[str] = mapped_column(String(80))
    poll: Mapped[Poll] = relationship(back_populates="roll")
    person: Mapped[Person] = relationship()
    ballot: Mapped[OpenBallot | None] = relationship(back_populates="entry")


class OpenBallot(CommunityRow, Base):
    """A named vote: the preset `open` shows who voted how."""

    __tablename__ = "open_ballot"
    __table_args__ = (UniqueConstraint("roll_entry_id"),)

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    roll_entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roll_entry.id"))
    choice: Mapped[Choice] = mapped_column(enum_text(Choice))
    channel: Mapped[VoteChannel] = mapped_column(enum_text(VoteChannel))
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    cast_at: Mapped[Instant]
    entry: Mapped[RollEntry] = relationship(back_populates="ballot")


class ResultSheet(CommunityRow, Base):
    """What came out and why: counts, each rule with its arithmetic, and the hash of what was counted.

    `verdicts` are dicts of "kind", "rule", "article", "arithmetic", "holds" and "least".
    """

    __tablename__ = "result_sheet"
    __table_args__ = (UniqueConstraint("poll_id"),)

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"))
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    verdicts: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    is_adopted: Mapped[bool]
    counted_from_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[Instant]
    poll: Mapped[Poll] = relationship(back_populates="result")
