"""What the supervision committee refers to the subdistrict office or to the district."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.matters.models import Finding
from civicforum.people.models import Person
from civicforum.supervision.models.findings import SupervisionFinding
from civicforum.supervision.models.questions import BodyQuestion
from civicforum.supervision.rules import OfficeLevel, ReferralGround, ReferralOutcome


class Referral(CommunityRow, Base):
    """A referral upwards with the package that went along, frozen as it was written.

    The office has no account here: its answer is entered from its letter.
    """

    __tablename__ = "supervision_referral"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        CheckConstraint("(handed_over_at IS NULL) = (handed_over_by_id IS NULL)", name="handed_over"),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("answered_at IS NULL OR handed_over_at IS NOT NULL", name="in_order"),
        Index("ix_supervision_referral_list", "community_id", "written_at"),
        Index(
            "ix_supervision_referral_waiting",
            "due_at",
            postgresql_where=text("due_at IS NOT NULL AND answered_at IS NULL"),
        ),
    )

    number: Mapped[str] = mapped_column(String(20))
    level: Mapped[OfficeLevel] = mapped_column(enum_text(OfficeLevel))
    # Subdistricts and districts are merged and renamed.
    office: Mapped[str] = mapped_column(String(120))
    ground: Mapped[ReferralGround] = mapped_column(enum_text(ReferralGround))
    text: Mapped[str] = mapped_column(Text)
    written_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    post: Mapped[str] = mapped_column(String(200), default="")
    written_at: Mapped[Instant]
    profile: Mapped[str] = mapped_column(String(80))
    package: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    package_sha256: Mapped[str] = mapped_column(String(64))
    package_size: Mapped[int]
    handed_over_at: Mapped[Instant | None]
    handed_over_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    # Who took it in there, or the number of the registered letter.
    handed_over_to: Mapped[str] = mapped_column(String(200), default="")
    due_at: Mapped[Instant | None]
    overdue_at: Mapped[Instant | None]
    outcome: Mapped[ReferralOutcome | None] = mapped_column(enum_text(ReferralOutcome))
    answer: Mapped[str] = mapped_column(Text, default="")
    letter_on: Mapped[date | None]
    letter_number: Mapped[str] = mapped_column(String(60), default="")
    answered_at: Mapped[Instant | None]
    answer_entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    written_by: Mapped[Person] = relationship(foreign_keys=written_by_id)
    handed_over_by: Mapped[Person | None] = relationship(foreign_keys=handed_over_by_id)
    answer_entered_by: Mapped[Person | None] = relationship(foreign_keys=answer_entered_by_id)
    basis: Mapped[list[ReferralBasis]] = relationship(
        back_populates="referral", order_by="ReferralBasis.position"
    )


class ReferralBasis(CommunityRow, Base):
    """A finding or a question that a referral rests on."""

    __tablename__ = "supervision_referral_basis"
    __table_args__ = (
        UniqueConstraint("referral_id", "position"),
        CheckConstraint("num_nonnulls(finding_id, matter_finding_id, question_id) = 1", name="one"),
    )

    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supervision_referral.id"))
    position: Mapped[int]
    finding_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("supervision_finding.id"), index=True)
    matter_finding_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("finding.id"), index=True)
    question_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("supervision_question.id"), index=True)
    referral: Mapped[Referral] = relationship(back_populates="basis")
    finding: Mapped[SupervisionFinding | None] = relationship()
    matter_finding: Mapped[Finding | None] = relationship()
    question: Mapped[BodyQuestion | None] = relationship()
