"""A year's selection for the reserve list: criteria, candidates, and their results stage by stage."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.appraisals.models import AppraisalSubject, Cycle
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.people.models import Person
from civicforum.reserve.rules import SelectionState, Stage, TieDecision


class Selection(CommunityRow, Base):
    """One selection a year. Weights are exact, and posted with the criteria before anybody is recommended."""

    __tablename__ = "reserve_selection"
    __table_args__ = (
        Index(
            "uq_reserve_selection_year",
            "community_id",
            "year",
            unique=True,
            postgresql_where=text("state <> 'void'"),
        ),
        CheckConstraint("places > 0", name="places"),
        CheckConstraint("(state = 'decided') = (decided_at IS NOT NULL)", name="decided"),
        CheckConstraint("(state = 'void') = (void_ground <> '')", name="void"),
        CheckConstraint("(tie_decision IS NULL) = (tie_reason = '')", name="tie"),
    )

    year: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    criteria: Mapped[str] = mapped_column(Text)
    places: Mapped[int]
    # What appraisal and exam weigh, and the least points in the exam: exact, as "n/d".
    appraisal_weight: Mapped[str] = mapped_column(String(20))
    exam_weight: Mapped[str] = mapped_column(String(20))
    exam_least: Mapped[str] = mapped_column(String(20), default="0")
    state: Mapped[SelectionState] = mapped_column(enum_text(SelectionState), default=SelectionState.DRAFT)
    stage: Mapped[Stage] = mapped_column(enum_text(Stage), default=Stage.RECOMMENDATION)
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
    posted_at: Mapped[Instant | None]
    # The appraisal ballot of the candidates.
    cycle_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("appraisal_cycle.id"), unique=True)
    decided_at: Mapped[Instant | None]
    # What the party committee made of those who shared the last place, and why.
    tie_decision: Mapped[TieDecision | None] = mapped_column(enum_text(TieDecision))
    tie_reason: Mapped[str] = mapped_column(String(500), default="")
    void_ground: Mapped[str] = mapped_column(String(300), default="")
    cycle: Mapped[Cycle | None] = relationship()
    candidates: Mapped[list[ReserveCandidate]] = relationship(
        back_populates="selection", order_by="ReserveCandidate.position"
    )


class ReserveCandidate(CommunityRow, Base):
    """Somebody recommended. A stage that was not passed ends their way; `score` is exact, "n/d"."""

    __tablename__ = "reserve_candidate"
    __table_args__ = (
        UniqueConstraint("selection_id", "person_id"),
        UniqueConstraint("selection_id", "position"),
        CheckConstraint("(ended_at_stage IS NULL) = (end_reason = '')", name="ended"),
    )

    selection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reserve_selection.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int]
    recommended_by: Mapped[str] = mapped_column(String(120))
    recommendation: Mapped[str] = mapped_column(Text, default="")
    # The subject on the appraisal ballot.
    subject_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("appraisal_subject.id"))
    appraisal_points: Mapped[str] = mapped_column(Text, default="")
    exam_points: Mapped[str] = mapped_column(String(40), default="")
    bonus: Mapped[str] = mapped_column(String(20), default="0")
    bonus_reason: Mapped[str] = mapped_column(String(300), default="")
    inspection: Mapped[str] = mapped_column(Text, default="")
    passed_inspection: Mapped[bool | None]
    score: Mapped[str] = mapped_column(Text, default="")
    rank: Mapped[int | None]
    is_chosen: Mapped[bool] = mapped_column(default=False)
    ended_at_stage: Mapped[Stage | None] = mapped_column(enum_text(Stage))
    end_reason: Mapped[str] = mapped_column(String(300), default="")
    selection: Mapped[Selection] = relationship(back_populates="candidates")
    person: Mapped[Person] = relationship()
    subject: Mapped[AppraisalSubject | None] = relationship()
