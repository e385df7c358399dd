"""Paper: stations and boxes, papers handed out, proxies, and counts entered by two people apart."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.people.models import Person
from civicforum.polls.rules import MandateAnswer, StationKind, VoteChannel

from .polls import Poll
from .rolls import RollEntry


class Station(CommunityRow, Base):
    """A place with a door desk and a box, or a box that is carried from door to door."""

    __tablename__ = "station"
    __table_args__ = (
        UniqueConstraint("poll_id", "name"),
        CheckConstraint("(signed_at IS NULL) = (first_signer_id IS NULL)", name="first_signer"),
        CheckConstraint("(signed_at IS NULL) = (second_signer_id IS NULL)", name="second_signer"),
        CheckConstraint("first_signer_id <> second_signer_id", name="two_signers"),
    )

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[StationKind] = mapped_column(enum_text(StationKind))
    place: Mapped[str] = mapped_column(String(120), default="")
    # Names of those who watch the box.
    supervisors: Mapped[list[str]] = mapped_column(JSONB, default=list)
    # A public scribe (代写人), who writes for voters who ask; "" for none. For whom is never written down.
    scribe: Mapped[str] = mapped_column(String(80), default="")
    # Works on a printed list: what it handed out is entered between the stop and the close.
    is_offline: Mapped[bool] = mapped_column(default=False)
    # When its list was entered in full.
    list_entered_at: Mapped[Instant | None]
    # Papers exchanged because the voter spoiled one; the spoiled one stays at the desk.
    exchanged: Mapped[int] = mapped_column(default=0)
    first_signer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    second_signer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[Instant | None]
    poll: Mapped[Poll] = relationship()
    counts: Mapped[list[BoxCount]] = relationship(back_populates="station", order_by="BoxCount.hand")


class PaperIssue(CommunityRow, Base):
    """A paper handed to somebody on the roll: one each, and the credential is void from that moment."""

    __tablename__ = "paper_issue"
    __table_args__ = (UniqueConstraint("roll_entry_id"),)

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    roll_entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roll_entry.id"))
    station_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("station.id"), index=True)
    channel: Mapped[VoteChannel] = mapped_column(enum_text(VoteChannel))
    # The proxy who took it, where it was not the voter.
    mandate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("mandate.id"))
    issued_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    # Forgotten with the links, for it tells the order of lines on the board.
    issued_at: Mapped[Instant | None]
    entry: Mapped[RollEntry] = relationship(back_populates="paper", foreign_keys=roll_entry_id)
    station: Mapped[Station] = relationship()


class Mandate(CommunityRow, Base):
    """A written proxy (委托): the holder votes for the principal, by paper or with the principal's card."""

    __tablename__ = "mandate"
    __table_args__ = (
        Index(
            "uq_mandate_principal",
            "principal_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("principal_id <> holder_id", name="two_people"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawal = '')", name="withdrawn"),
    )

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    principal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roll_entry.id"), index=True)
    holder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roll_entry.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    written_on: Mapped[date]
    entered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[Instant]
    withdrawn_at: Mapped[Instant | None]
    withdrawal: Mapped[str] = mapped_column(String(200), default="")
    principal: Mapped[RollEntry] = relationship(foreign_keys=principal_id)
    holder: Mapped[RollEntry] = relationship(foreign_keys=holder_id)


class MandateRequest(CommunityRow, Base):
    """A voter who will be away asks another to be their proxy; accepted, it is a mandate."""

    __tablename__ = "mandate_request"
    __table_args__ = (
        Index(
            "uq_mandate_request_open",
            "principal_id",
            unique=True,
            postgresql_where=text("answer IS NULL"),
        ),
        CheckConstraint("principal_id <> holder_id", name="two_people"),
        CheckConstraint("away_until >= away_from", name="away"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("mandate_id IS NULL OR answer = 'accepted'", name="accepted"),
    )

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    principal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roll_entry.id"))
    holder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roll_entry.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    away_from: Mapped[date]
    away_until: Mapped[date]
    asked_at: Mapped[Instant]
    answer: Mapped[MandateAnswer | None] = mapped_column(enum_text(MandateAnswer))
    answered_at: Mapped[Instant | None]
    mandate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("mandate.id"))
    principal: Mapped[RollEntry] = relationship(foreign_keys=principal_id)
    holder: Mapped[RollEntry] = relationship(foreign_keys=holder_id)
    mandate: Mapped[Mandate | None] = relationship()


class BoxCount(CommunityRow, Base):
    """What one person counted in one box; `hand` 1 and 2 are two people who do not see each other's numbers.

    `counts` and `texts` are by slot and by pool, as the line `paper` of the board has them.
    """

    __tablename__ = "box_count"
    __table_args__ = (
        UniqueConstraint("station_id", "hand"),
        UniqueConstraint("station_id", "entered_by_id"),
        CheckConstraint("hand IN (1, 2)", name="hand"),
        CheckConstraint("0 <= invalid AND invalid <= found", name="found"),
    )

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    station_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("station.id"))
    hand: Mapped[int]
    found: Mapped[int]
    invalid: Mapped[int]
    counts: Mapped[list[int]] = mapped_column(JSONB)
    texts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    # How many of the invalid papers for each ground, by polls.rules_paper.Ground.
    grounds: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    entered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[Instant]
    # Taken back by each correction, of either count.
    signed_at: Mapped[Instant | None]
    station: Mapped[Station] = relationship(back_populates="counts")
    entered_by: Mapped[Person] = relationship()
