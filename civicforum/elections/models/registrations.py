"""Who stated that they take part in an election, and on what ground."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.elections.rules import RegistrationState
from civicforum.people.models import Person
from civicforum.people.rules import CapacityKind

from .elections import Election


class Registration(CommunityRow, Base):
    """A resident's statement of taking part (art 16); one for each person in each election."""

    __tablename__ = "election_registration"
    __table_args__ = (
        UniqueConstraint("election_id", "person_id"),
        CheckConstraint("(ground = 'community_worker') = (employed_since IS NOT NULL)", name="employed"),
        CheckConstraint("state NOT IN ('refused', 'withdrawn') OR decision <> ''", name="reasoned"),
    )

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    ground: Mapped[CapacityKind] = mapped_column(enum_text(CapacityKind))
    # Where the hukou is, if not here: that place is asked whether it has registered the person too.
    hukou_place: Mapped[str] = mapped_column(String(120), default="")
    # The person has declared not to be registered in another community's election of this term.
    declared: Mapped[bool] = mapped_column(default=False)
    employed_since: Mapped[date | None]
    # Stands for the household, where one of each votes.
    for_household: Mapped[bool] = mapped_column(default=False)
    state: Mapped[RegistrationState] = mapped_column(enum_text(RegistrationState))
    decision: Mapped[str] = mapped_column(String(300), default="")
    filed_at: Mapped[Instant]
    # The clerk or officer at the desk; None for somebody who filed it themselves.
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[Instant | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    election: Mapped[Election] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
