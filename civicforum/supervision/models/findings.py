"""What the supervision committee found, and the sessions its members sit in on.

Triggers of the database refuse to change or remove findings, their photos and remarks (migration 0020).
"""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.matters.rules import FindingKind
from civicforum.meetings.models import Meeting
from civicforum.people.models import Person
from civicforum.records.models import Photo
from civicforum.supervision.rules import SubjectKind


class SupervisionFinding(CommunityRow, Base):
    """A finding about anything but a matter. A mistake is corrected by another one that names it."""

    __tablename__ = "supervision_finding"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        CheckConstraint("corrects_id IS NULL OR corrects_id <> id", name="corrects"),
        Index("ix_supervision_finding_subject", "subject_kind", "subject_id"),
        Index("ix_supervision_finding_list", "community_id", "at"),
    )

    number: Mapped[str] = mapped_column(String(20))
    subject_kind: Mapped[SubjectKind] = mapped_column(enum_text(SubjectKind))
    subject_id: Mapped[uuid.UUID]
    # As it was called when it was looked at.
    subject_title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[FindingKind] = mapped_column(enum_text(FindingKind))
    text: Mapped[str] = mapped_column(Text)
    text_sha256: Mapped[str] = mapped_column(String(64))
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("supervision_finding.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    post: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[Instant]
    person: Mapped[Person] = relationship()
    corrects: Mapped[SupervisionFinding | None] = relationship(
        remote_side="SupervisionFinding.id", back_populates="corrections"
    )
    corrections: Mapped[list[SupervisionFinding]] = relationship(
        back_populates="corrects", order_by="(SupervisionFinding.at, SupervisionFinding.id)"
    )
    photos: Mapped[list[FindingPhoto]] = relationship(order_by="FindingPhoto.position")


class FindingPhoto(CommunityRow, Base):
    """A picture of what was found; its SHA-256 stands in the journal beside that of the text."""

    __tablename__ = "supervision_finding_photo"
    __table_args__ = (UniqueConstraint("finding_id", "position"),)

    finding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supervision_finding.id"))
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"), unique=True)
    position: Mapped[int]
    photo: Mapped[Photo] = relationship()


class Sitting(CommunityRow, Base):
    """A member of the supervision committee says that they sit in on a session (art 36)."""

    __tablename__ = "supervision_sitting"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    post: Mapped[str] = mapped_column(String(200), default="")
    announced_at: Mapped[Instant]
    withdrawn_at: Mapped[Instant | None]
    meeting: Mapped[Meeting] = relationship()
    person: Mapped[Person] = relationship()
    remarks: Mapped[list[SittingRemark]] = relationship(
        back_populates="sitting", order_by="SittingRemark.position"
    )


class SittingRemark(CommunityRow, Base):
    """What a member who sat in has to say about the session. Something to add is a further remark."""

    __tablename__ = "supervision_sitting_remark"
    __table_args__ = (UniqueConstraint("sitting_id", "position"),)

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supervision_sitting.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[Instant]
    sitting: Mapped[Sitting] = relationship(back_populates="remarks")
