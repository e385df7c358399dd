"""Owners' decisions notified to the residents' committee, and reports at the place of residence."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.matters.rules import Channel
from civicforum.people.models import Person


class OwnersDecision(CommunityRow, Base):
    """What owners decided, as the residents' committee was notified of it (DOMAIN.md row 0-08).

    The row is the notification. `remarked_at` with an empty remark: looked at, nothing to remark.
    """

    __tablename__ = "owners_decision"
    __table_args__ = (
        CheckConstraint("(remarked_at IS NULL) = (remarked_by_id IS NULL)", name="remarked"),
        CheckConstraint("remarked_at IS NOT NULL OR remark = ''", name="remark"),
        Index("ix_owners_decision_list", "community_id", "decided_on"),
        Index(
            "ix_owners_decision_waiting",
            "community_id",
            "notified_at",
            postgresql_where=text("remarked_at IS NULL"),
        ),
    )

    # The assembly or committee of owners, by its own name: not each has a body here.
    owners: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[date]
    notified_at: Mapped[Instant]
    notified_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    notified_post: Mapped[str] = mapped_column(String(200), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    remarked_at: Mapped[Instant | None]
    remarked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    remarked_post: Mapped[str] = mapped_column(String(200), default="")
    notified_by: Mapped[Person] = relationship(foreign_keys=notified_by_id)
    remarked_by: Mapped[Person | None] = relationship(foreign_keys=remarked_by_id)


class ResidenceReport(CommunityRow, Base):
    """A party member or cadre who lives here reports in, once a term (DOMAIN.md row 2-17).

    Membership of the party is personal data: no page shows more than counts to others than the party
    organisation and the person.
    """

    __tablename__ = "residence_report"
    __table_args__ = (
        UniqueConstraint("person_id", "term_from"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed"),
        Index("ix_residence_report_list", "community_id", "term_from"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    term_from: Mapped[date]
    # Where the person is a member or works, which takes the confirmation to its file.
    unit: Mapped[str] = mapped_column(String(120))
    channel: Mapped[Channel] = mapped_column(enum_text(Channel))
    reported_at: Mapped[Instant]
    confirmed_at: Mapped[Instant | None]
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=confirmed_by_id)
