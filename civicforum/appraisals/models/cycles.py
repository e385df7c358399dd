"""A cycle as it is planned and posted: scales, subjects, and groups of raters with their weights."""

from __future__ import annotations

import uuid
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.appraisals.rules import CycleKind, CycleState, RaterBasis, SubjectKind
from civicforum.bodies.models import Body, Term
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.departments.models import Department
from civicforum.meetings.models import Meeting
from civicforum.people.models import Person
from civicforum.polls.models import Poll

if TYPE_CHECKING:
    from .reports import DutyReport
    from .results import SubjectResult


class Cycle(CommunityRow, Base):
    """One appraisal, from its plan to its certified result, under the profile frozen when it was planned.

    `result` is the sheet that was certified; with its hash it is never changed (migration 0014).
    """

    __tablename__ = "appraisal_cycle"
    __table_args__ = (
        CheckConstraint("(state = 'void') = (void_ground <> '')", name="void"),
        CheckConstraint("state IN ('draft', 'void') OR posted_at IS NOT NULL", name="posted"),
        CheckConstraint("(certified_at IS NULL) = (result_hash = '')", name="certified"),
        CheckConstraint("period_until >= period_from", name="period"),
        CheckConstraint("least >= 1 AND rank_least >= 1", name="least"),
        Index("ix_appraisal_cycle_list", "community_id", "held_on"),
    )

    kind: Mapped[CycleKind] = mapped_column(enum_text(CycleKind))
    title: Mapped[str] = mapped_column(String(200))
    # What raters should know first.
    introduction: Mapped[str] = mapped_column(Text, default="")
    period_from: Mapped[date]
    period_until: Mapped[date]
    state: Mapped[CycleState] = mapped_column(enum_text(CycleState), default=CycleState.DRAFT)
    # Whether the grades count for the two that end a post (art 37).
    counts_for_37: Mapped[bool] = mapped_column(default=False)
    # Whether six months have to lie between two appraisals of one person (rules of some provinces).
    keeps_distance: Mapped[bool] = mapped_column(default=False)
    # How many raters there have to be for a result, and for a place in a ranking.
    least: Mapped[int]
    rank_least: Mapped[int]
    # Where two grades are level, the lower one counts; only where the local rule says so.
    lower_on_tie: Mapped[bool] = mapped_column(default=False)
    # Residents are asked as a sample of all, so that pages show how sure a share is.
    is_sample: Mapped[bool] = mapped_column(default=False)
    reports_due_on: Mapped[date | None]
    # The day of the assembly, or the first day of rating.
    held_on: Mapped[date]
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    profile: Mapped[str] = mapped_column(String(80))
    profile_version: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
    # When enough voters or representatives had demanded it, and what they said; else none.
    demanded_at: Mapped[Instant | None]
    demand_text: Mapped[str] = mapped_column(Text, default="")
    # How many of how many signed it: {"by", "signatures", "of", "arithmetic", "rule"}.
    demand: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    posted_at: Mapped[Instant | None]
    # Who of the supervision committee chaired it: gave out the forms, and had them counted.
    chaired_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[Instant | None]
    # How many were there of how many at the opening, with the rule and its sum.
    quorum: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    counted_at: Mapped[Instant | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    result_hash: Mapped[str] = mapped_column(String(64), default="")
    certified_at: Mapped[Instant | None]
    certified_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    result_posted_at: Mapped[Instant | None]
    # When a sweep found the result late, which is once.
    overdue_at: Mapped[Instant | None]
    void_ground: Mapped[str] = mapped_column(String(300), default="")
    meeting: Mapped[Meeting | None] = relationship()
    chaired_by: Mapped[Person | None] = relationship(foreign_keys=[chaired_by_id])
    scales: Mapped[list[Scale]] = relationship(back_populates="cycle", order_by="Scale.position")
    subjects: Mapped[list[AppraisalSubject]] = relationship(
        back_populates="cycle", order_by="AppraisalSubject.position"
    )
    groups: Mapped[list[RaterGroup]] = relationship(back_populates="cycle", order_by="RaterGroup.position")

    @property
    def people(self) -> list[uuid.UUID]:
        """Return the ids of the people who are graded."""
        return [one.person_id for one in self.subjects if one.person_id is not None]


class Scale(CommunityRow, Base):
    """The grades that some subjects of a cycle are given: one question of the form.

    `points` has a whole number or a fraction as text for each level, or "" for one that counts in no
    average, such as 不了解. From the level numbered `poor_from` (from 0) on a grade is poor. With
    `ends_with_unfit` the worst level that counts says that somebody is unfit for the post (不称职).
    """

    __tablename__ = "appraisal_scale"
    __table_args__ = (UniqueConstraint("cycle_id", "position"),)

    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal_cycle.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    levels: Mapped[list[str]] = mapped_column(JSONB)
    points: Mapped[list[str]] = mapped_column(JSONB)
    poor_from: Mapped[int]
    ends_with_unfit: Mapped[bool] = mapped_column(default=False)
    cycle: Mapped[Cycle] = relationship(back_populates="scales")


class AppraisalSubject(CommunityRow, Base):
    """Who or what is graded. `name` stands on the form; `term` is the post that a person is graded in."""

    __tablename__ = "appraisal_subject"
    __table_args__ = (
        UniqueConstraint("cycle_id", "position"),
        UniqueConstraint("cycle_id", "name"),
        CheckConstraint("(kind = 'person') = (person_id IS NOT NULL)", name="person"),
        CheckConstraint("kind <> 'body' OR body_id IS NOT NULL", name="body"),
        CheckConstraint(
            "kind NOT IN ('department', 'provider') OR department_id IS NOT NULL", name="outside"
        ),
        CheckConstraint("heard_at IS NULL OR unheard_reason = ''", name="heard"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal_cycle.id"))
    scale_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal_scale.id"))
    position: Mapped[int]
    kind: Mapped[SubjectKind] = mapped_column(enum_text(SubjectKind))
    name: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    term_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("term.id"), index=True)
    body_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("body.id"), index=True)
    department_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("department.id"), index=True)
    needs_report: Mapped[bool] = mapped_column(default=False)
    # Elected to the residents' committee when the plan was posted: only then can article 37 end the post.
    is_elected_member: Mapped[bool] = mapped_column(default=False)
    plan_told_at: Mapped[Instant | None]
    result_told_at: Mapped[Instant | None]
    # That the oral report was given, and what was said in it, as the clerk noted it down.
    heard_at: Mapped[Instant | None]
    heard_text: Mapped[str] = mapped_column(Text, default="")
    # Why somebody did not report to the assembly, where they did not.
    unheard_reason: Mapped[str] = mapped_column(String(300), default="")
    cycle: Mapped[Cycle] = relationship(back_populates="subjects")
    scale: Mapped[Scale] = relationship()
    person: Mapped[Person | None] = relationship()
    term: Mapped[Term | None] = relationship()
    body: Mapped[Body | None] = relationship()
    department: Mapped[Department | None] = relationship()
    report: Mapped[DutyReport | None] = relationship(back_populates="subject")
    result: Mapped[SubjectResult | None] = relationship(back_populates="subject")


class RaterGroup(CommunityRow, Base):
    """A group of raters and what it weighs; the weights of a cycle sum to 1.

    `draw` of a roll is polls.electorates.Draw as JSON; `document` names an outside organ's signed sheet.
    """

    __tablename__ = "rater_group"
    __table_args__ = (
        UniqueConstraint("cycle_id", "position"),
        UniqueConstraint("cycle_id", "name"),
        CheckConstraint("0 < weight_numerator AND weight_numerator <= weight_denominator", name="weight"),
        CheckConstraint("least >= 1", name="least"),
        CheckConstraint(
            "(NOT is_panel OR panel_size IS NOT NULL) AND panel_ordinary <= panel_size", name="panel"
        ),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal_cycle.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    basis: Mapped[RaterBasis] = mapped_column(enum_text(RaterBasis))
    weight_numerator: Mapped[int]
    weight_denominator: Mapped[int]
    least: Mapped[int]
    # The residents' panel of a weighted scheme, whose size and composition a rule states.
    is_panel: Mapped[bool] = mapped_column(default=False)
    # How many sit on the panel, and how many of them are residents without a post.
    panel_size: Mapped[int | None]
    panel_ordinary: Mapped[int | None]
    draw: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    # Of a roll: until when forms are taken.
    closes_at: Mapped[Instant | None]
    poll_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("poll.id"), unique=True)
    document: Mapped[str] = mapped_column(String(200), default="")
    cycle: Mapped[Cycle] = relationship(back_populates="groups")
    poll: Mapped[Poll | None] = relationship()
    outside_counts: Mapped[list[OutsideCount]] = relationship(order_by="OutsideCount.hand")

    @property
    def weight(self) -> Fraction:
        """Return the weight, exact."""
        return Fraction(self.weight_numerator, self.weight_denominator)


class OutsideCount(CommunityRow, Base):
    """What one person read off an outside organ's sheet; two people enter it apart, and both must agree.

    `counts`: by id of the subject, how often each level of its scale was given, the best first.
    """

    __tablename__ = "outside_count"
    __table_args__ = (
        UniqueConstraint("group_id", "hand"),
        UniqueConstraint("group_id", "entered_by_id"),
        CheckConstraint("hand IN (1, 2)", name="hand"),
    )

    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rater_group.id"))
    hand: Mapped[int]
    forms: Mapped[int]
    counts: Mapped[dict[str, list[int]]] = mapped_column(JSONB)
    entered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[Instant]
