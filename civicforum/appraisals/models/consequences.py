"""What follows from grades: effects on a post, corrective actions with residents' recheck, support plans."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.appraisals.models.cycles import AppraisalSubject, Cycle
from civicforum.appraisals.rules import ActionSource, ActionState, ConsequenceKind, PlanOutcome, Recheck
from civicforum.bodies.models import Body
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.people.models import Person
from civicforum.records.models import Photo


class Consequence(CommunityRow, Base):
    """What a certified grade leads to: proposed by the rule with its sum, carried out by a person.

    `grounds` are the results it rests on, as they were certified, the earliest first: `cycle` (id), `title`,
    `held_on` and `grade`.
    """

    __tablename__ = "appraisal_consequence"
    __table_args__ = (
        UniqueConstraint("subject_id", "kind"),
        CheckConstraint(
            "(settled_at IS NULL) = (settlement = '') AND (settled_at IS NULL) = (settled_on IS NULL)",
            name="settled",
        ),
    )

    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal_subject.id"))
    kind: Mapped[ConsequenceKind] = mapped_column(enum_text(ConsequenceKind))
    rule: Mapped[str] = mapped_column(String(80))
    arithmetic: Mapped[str] = mapped_column(String(300))
    grounds: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    proposed_at: Mapped[Instant]
    # What was done, such as that the post has ended or what was agreed in the talk; and on which day.
    settlement: Mapped[str] = mapped_column(Text, default="")
    settled_on: Mapped[date | None]
    # Who held the talk.
    talked_by: Mapped[str] = mapped_column(String(80), default="")
    settled_at: Mapped[Instant | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    subject: Mapped[AppraisalSubject] = relationship()


class CorrectiveAction(CommunityRow, Base):
    """A problem that was named, who mends it how until when, the proof, and the residents' recheck.

    `source_id` is the subject's, the criticism's or the service rating's, by `source`.
    """

    __tablename__ = "corrective_action"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("state = 'open' OR measure <> ''", name="planned"),
        CheckConstraint(
            "state <> 'reported' OR (proof <> '' AND recheck_until IS NOT NULL)", name="reported"
        ),
        CheckConstraint("(state = 'closed') = (closing_note <> '')", name="closing"),
        Index("ix_corrective_action_source", "source", "source_id"),
        Index(
            "ix_corrective_action_live",
            "community_id",
            "due_on",
            postgresql_where=text("state <> 'closed'"),
        ),
    )

    number: Mapped[int]
    cycle_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("appraisal_cycle.id"), index=True)
    subject_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("appraisal_subject.id"), index=True)
    source: Mapped[ActionSource] = mapped_column(enum_text(ActionSource))
    source_id: Mapped[uuid.UUID]
    title: Mapped[str] = mapped_column(String(200))
    problem: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("body.id"))
    owner_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    measure: Mapped[str] = mapped_column(Text, default="")
    # The day promised; while it is open, the day by which the owner has to promise one.
    due_on: Mapped[date]
    state: Mapped[ActionState] = mapped_column(enum_text(ActionState), default=ActionState.OPEN)
    opened_at: Mapped[Instant]
    planned_at: Mapped[Instant | None]
    proof: Mapped[str] = mapped_column(Text, default="")
    photo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("photo.id"))
    reported_at: Mapped[Instant | None]
    # How often it was reported done; residents recheck each time anew, until `recheck_until`.
    round: Mapped[int] = mapped_column(default=0)
    recheck_until: Mapped[Instant | None]
    # The last round whose answers were counted, and how many rounds ended with the action open again.
    counted_round: Mapped[int] = mapped_column(default=0)
    times_reopened: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[Instant | None]
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    closing_note: Mapped[str] = mapped_column(Text, default="")
    # No resident had answered, so the supervision committee looked for itself.
    is_seen_on_spot: Mapped[bool] = mapped_column(default=False)
    # When a sweep found it late, which is once for each due date.
    overdue_at: Mapped[Instant | None]
    owner: Mapped[Body] = relationship()
    owner_person: Mapped[Person | None] = relationship(foreign_keys=[owner_person_id])
    photo: Mapped[Photo | None] = relationship()
    cycle: Mapped[Cycle | None] = relationship()
    subject: Mapped[AppraisalSubject | None] = relationship()
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])


class ActionRecheck(CommunityRow, Base):
    """What one resident says about whether it is mended, in one round. It has no hour.

    Who said it stands here only while the round runs, so that nobody answers twice: then it is taken out of
    every row of the round at once.
    """

    __tablename__ = "action_recheck"
    __table_args__ = (UniqueConstraint("action_id", "round", "person_id"),)

    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("corrective_action.id"))
    round: Mapped[int]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    verdict: Mapped[Recheck] = mapped_column(enum_text(Recheck))
    comment: Mapped[str] = mapped_column(String(500), default="")


class SupportPlan(CommunityRow, Base):
    """Help for somebody with a poor grade (DOMAIN.md row 4-19): a helper, measures, and a re-appraisal."""

    __tablename__ = "support_plan"
    __table_args__ = (
        UniqueConstraint("subject_id"),
        CheckConstraint("helper_id <> person_id", name="two_people"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed"),
    )

    # The result that it answers.
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal_subject.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    helper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    trigger: Mapped[str] = mapped_column(String(300))
    measures: Mapped[str] = mapped_column(Text)
    until_on: Mapped[date]
    opened_at: Mapped[Instant]
    opened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    # The subject in the re-appraisal whose result ends it.
    again_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("appraisal_subject.id"))
    outcome: Mapped[PlanOutcome | None] = mapped_column(enum_text(PlanOutcome))
    closed_at: Mapped[Instant | None]
    subject: Mapped[AppraisalSubject] = relationship(foreign_keys=[subject_id])
    again: Mapped[AppraisalSubject | None] = relationship(foreign_keys=[again_id])
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    helper: Mapped[Person] = relationship(foreign_keys=[helper_id])
