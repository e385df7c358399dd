"""Nominations with their signatures, candidates, and what they were asked."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.elections.rules import CandidateState, NominationRoute, NominationState
from civicforum.people.models import Person

from .elections import Election, Seat


class Nomination(CommunityRow, Base):
    """Somebody put forward for a seat, by the party organisation or by joint signatures (art 18)."""

    __tablename__ = "election_nomination"
    __table_args__ = (
        CheckConstraint("state <> 'refused' OR decision <> ''", name="reasoned"),
        CheckConstraint("(route = 'joint') = (filed_by_id IS NOT NULL)", name="filed_by"),
    )

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"), index=True)
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election_seat.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    route: Mapped[NominationRoute] = mapped_column(enum_text(NominationRoute))
    reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[NominationState] = mapped_column(enum_text(NominationState), default=NominationState.FILED)
    decision: Mapped[str] = mapped_column(String(300), default="")
    filed_at: Mapped[Instant]
    # The voter who speaks for the joint signers.
    filed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    # When the person agreed to stand for this seat, and for no other (in writing, or on screen).
    consented_at: Mapped[Instant | None]
    decided_at: Mapped[Instant | None]
    seat: Mapped[Seat] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    filed_by: Mapped[Person | None] = relationship(foreign_keys=filed_by_id)
    signers: Mapped[list[NominationSigner]] = relationship(
        back_populates="nomination", order_by="NominationSigner.signed_at"
    )


class NominationSigner(CommunityRow, Base):
    """A voter who signed a joint nomination, on screen or on the paper that was handed in."""

    __tablename__ = "election_nomination_signer"
    __table_args__ = (UniqueConstraint("nomination_id", "person_id"),)

    nomination_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election_nomination.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    signed_at: Mapped[Instant]
    # The officer or clerk who entered it; None for a voter who signed on screen.
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    nomination: Mapped[Nomination] = relationship(back_populates="signers")
    person: Mapped[Person] = relationship(foreign_keys=person_id)


class Candidate(CommunityRow, Base):
    """Somebody who stands for a seat: preliminary, then formal after the review."""

    __tablename__ = "election_candidate"
    __table_args__ = (
        Index(
            "uq_election_candidate_standing",
            "election_id",
            "person_id",
            unique=True,
            postgresql_where=text("state IN ('preliminary', 'formal')"),
        ),
        CheckConstraint("state NOT IN ('refused', 'withdrawn') OR decision <> ''", name="reasoned"),
    )

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"), index=True)
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election_seat.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[CandidateState] = mapped_column(enum_text(CandidateState))
    # The place on the ballot paper, in the order of the strokes of names; 0 before the formal list.
    position: Mapped[int] = mapped_column(default=0)
    # By ground (rules.Disqualification): {"applies": bool, "source": who was asked, and the answer}.
    checks: Mapped[dict[str, dict[str, object]]] = mapped_column(JSONB, default=dict)
    decision: Mapped[str] = mapped_column(String(300), default="")
    # What the candidate says of themselves and of the plans, and the picture.
    statement: Mapped[str] = mapped_column(Text, default="")
    photo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("photo.id"))
    accepted_at: Mapped[Instant]
    formal_at: Mapped[Instant | None]
    election: Mapped[Election] = relationship()
    seat: Mapped[Seat] = relationship()
    person: Mapped[Person] = relationship()
    questions: Mapped[list[CandidateQuestion]] = relationship(
        back_populates="candidate", order_by="CandidateQuestion.asked_at"
    )


class CandidateQuestion(CommunityRow, Base):
    """What a voter asked a candidate, and the answer (art 18: meeting the candidates)."""

    __tablename__ = "election_candidate_question"
    __table_args__ = (CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered"),)

    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election_candidate.id"), index=True)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[Instant]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[Instant | None]
    candidate: Mapped[Candidate] = relationship(back_populates="questions")
    asked_by: Mapped[Person] = relationship()
