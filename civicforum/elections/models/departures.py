"""How posts end before their time without a recall: resignations, and what ends a post by itself."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.bodies.models import Term
from civicforum.bodies.rules import BodyKind
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.elections.recalls import DepartureState, EndGround


class Departure(CommunityRow, Base):
    """A resignation that an assembly passes or not (art 21), or a post that ended by itself (art 23)."""

    __tablename__ = "departure"
    __table_args__ = (
        Index("uq_departure_filed", "term_id", unique=True, postgresql_where=text("state = 'filed'")),
        CheckConstraint("(state = 'filed') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(state = 'passed') = (ended_on IS NOT NULL)", name="ended"),
        CheckConstraint("state <> 'passed' OR paper <> ''", name="paper"),
        CheckConstraint("announced_at IS NULL OR state = 'passed'", name="announced"),
    )

    term_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("term.id"), index=True)
    ground: Mapped[EndGround] = mapped_column(enum_text(EndGround))
    state: Mapped[DepartureState] = mapped_column(enum_text(DepartureState), default=DepartureState.FILED)
    # Why the member resigns, in their words.
    reason: Mapped[str] = mapped_column(Text, default="")
    filed_at: Mapped[Instant]
    filed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    # Which assembly decided on a resignation, and the number of the paper that says it, or why it ended.
    assembly: Mapped[BodyKind | None] = mapped_column(enum_text(BodyKind))
    paper: Mapped[str] = mapped_column(String(120), default="")
    ended_on: Mapped[date | None]
    decided_at: Mapped[Instant | None]
    announced_at: Mapped[Instant | None]
    term: Mapped[Term] = relationship()
