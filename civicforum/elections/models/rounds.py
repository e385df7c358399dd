"""Rounds of voting, each with a poll of its own, and who was elected."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.elections.rules import RoundKind, WinnerState
from civicforum.people.models import Person
from civicforum.polls.models import Poll

from .elections import Election, Seat


class Round(CommunityRow, Base):
    """One poll of an election. The first round's poll carries the roll; the others take it over."""

    __tablename__ = "election_round"
    __table_args__ = (UniqueConstraint("election_id", "number"), UniqueConstraint("poll_id"))

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"))
    number: Mapped[int]
    kind: Mapped[RoundKind] = mapped_column(enum_text(RoundKind))
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"))
    # In the order of the ballot paper: {"seat": id, "seats": how many to fill, "people": ids of the options};
    # once it is taken over "written" too: whom each name written in means, null for nobody on the roll.
    paper: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    created_at: Mapped[Instant]
    # When its result was read out and taken over.
    decided_at: Mapped[Instant | None]
    election: Mapped[Election] = relationship(back_populates="rounds")
    poll: Mapped[Poll] = relationship()


class Winner(CommunityRow, Base):
    """Somebody elected to a seat: with the votes, the certificate, and the term that began."""

    __tablename__ = "election_winner"
    __table_args__ = (
        UniqueConstraint("election_id", "person_id", "seat_id"),
        CheckConstraint("(state = 'elected') = (ground = '')", name="ground"),
        CheckConstraint("(certificate = '') = (certified_on IS NULL)", name="certificate"),
    )

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"), index=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election_round.id"))
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election_seat.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    votes: Mapped[int]
    state: Mapped[WinnerState] = mapped_column(enum_text(WinnerState), default=WinnerState.ELECTED)
    ground: Mapped[str] = mapped_column(String(300), default="")
    # The number on the certificate of election, which the district issues.
    certificate: Mapped[str] = mapped_column(String(80), default="")
    certified_on: Mapped[date | None]
    term_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("term.id"))
    election: Mapped[Election] = relationship()
    round: Mapped[Round] = relationship()
    seat: Mapped[Seat] = relationship()
    person: Mapped[Person] = relationship()
