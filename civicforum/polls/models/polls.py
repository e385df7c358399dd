"""A question put to a roll, its ballot paper, and named votes."""

from __future__ import annotations

import uuid
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    or_,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.accounts.rules import Actor
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec, contest_of
from civicforum.polls.rules import (
    ALONE,
    APPRAISALS,
    ELECTION,
    RECALL,
    SET_ELSEWHERE,
    PollState,
    Preset,
    VoteChannel,
    may_keep_the_door,
    may_run,
)
from civicforum.sealed import Contest

if TYPE_CHECKING:
    from .boards import Board
    from .results import ResultSheet
    from .rolls import RollEntry


class Poll(CommunityRow, Base):
    """Questions put to a roll, under the rule profile frozen when the poll was made."""

    __tablename__ = "poll"
    __table_args__ = (
        CheckConstraint("(state = 'void') = (void_ground <> '')", name="void"),
        CheckConstraint(
            "state IN ('draft', 'roll_posted', 'ready', 'void') OR opened_at IS NOT NULL", name="opened"
        ),
        CheckConstraint("(subject_kind = '') = (subject_id IS NULL)", name="subject"),
        CheckConstraint("closes_at > opens_at", name="times"),
        CheckConstraint("by_screen OR by_paper", name="channels"),
        CheckConstraint("preset <> 'open' OR NOT (by_paper OR by_proxy)", name="named"),
        CheckConstraint("threshold BETWEEN 1 AND trustees AND trustees <= 20", name="trustees"),
        CheckConstraint("least >= 1 AND objection_days >= 0 AND keep_days >= 0", name="terms"),
        CheckConstraint("least_together >= 1", name="least_together"),
        Index("ix_poll_subject", "subject_kind", "subject_id"),
        Index("ix_poll_community_state", "community_id", "state"),
    )

    title: Mapped[str] = mapped_column(String(200))
    # Of a vote in a meeting the text voted on, of any other poll what voters should know first.
    question: Mapped[str] = mapped_column(Text)
    # What put the question, such as an item of an agenda, which may ask again when a poll is void; or "".
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[uuid.UUID | None]
    preset: Mapped[Preset] = mapped_column(enum_text(Preset))
    state: Mapped[PollState] = mapped_column(enum_text(PollState), default=PollState.DRAFT)
    # An election or recall, bound to the clocks and switches of the law on the roll, proxies and screens.
    is_statutory: Mapped[bool] = mapped_column(default=False)
    profile: Mapped[str] = mapped_column(String(80))
    profile_version: Mapped[str] = mapped_column(String(64))
    # Ids of thresholds of the rulebook, "" where nothing is decided by them.
    quorum_rule: Mapped[str] = mapped_column(String(80), default="")
    majority_rule: Mapped[str] = mapped_column(String(80), default="")
    # How many belong to the body that votes, or stand on the roll: what the quorum is a share of.
    members: Mapped[int] = mapped_column(default=0)
    # Who goes on the roll (polls.electorates.Draw as JSON); empty where the caller writes the roll itself.
    draw: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    by_screen: Mapped[bool] = mapped_column(default=True)
    by_paper: Mapped[bool] = mapped_column(default=False)
    by_proxy: Mapped[bool] = mapped_column(default=False)
    revote: Mapped[bool] = mapped_column(default=True)
    # Fewer counted ballots on the board than this are never opened.
    least: Mapped[int] = mapped_column(default=1)
    # Fewer ballots than this, on screen and on paper together, are neither opened nor counted.
    least_together: Mapped[int] = mapped_column(default=1)
    # Ids of people who have no hand in it and no paper, because it grades them.
    barred: Mapped[list[str]] = mapped_column(JSONB, default=list)
    threshold: Mapped[int] = mapped_column(default=1)
    trustees: Mapped[int] = mapped_column(default=1)
    # Days from the posting of the roll in which objections may be made, and from the planned close to the
    # destruction of keys and links: the manifest states that day.
    objection_days: Mapped[int] = mapped_column(default=0)
    keep_days: Mapped[int] = mapped_column(default=30)
    opens_at: Mapped[Instant | None]
    closes_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    roll_posted_at: Mapped[Instant | None]
    roll_frozen_at: Mapped[Instant | None]
    opened_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    # When no list of an offline station is awaited any more, and the board got its line `close`.
    sealed_at: Mapped[Instant | None]
    counted_at: Mapped[Instant | None]
    certified_at: Mapped[Instant | None]
    # When opening keys and the links from people to credentials were destroyed.
    destroyed_at: Mapped[Instant | None]
    void_ground: Mapped[str] = mapped_column(String(300), default="")
    questions: Mapped[list[Question]] = relationship(back_populates="poll", order_by="Question.position")
    roll: Mapped[list[RollEntry]] = relationship(back_populates="poll", order_by="RollEntry.position")
    result: Mapped[ResultSheet | None] = relationship(back_populates="poll")
    board: Mapped[Board | None] = relationship(back_populates="poll")

    @hybrid_property
    def stands_alone(self) -> bool:
        """Tell whether the pages of polls run it: nobody put the question, or an election or recall did."""
        return self.subject_kind in ALONE

    @stands_alone.inplace.expression
    @classmethod
    def _stands_alone(cls) -> ColumnElement[bool]:
        return cls.subject_kind.in_(ALONE)

    @hybrid_property
    def has_pages(self) -> bool:
        """Tell whether the pages of polls show it: one that stands alone, or a secret vote of a meeting.

        A meeting runs its votes itself, but a sealed ballot box looks alike everywhere.
        """
        return self.stands_alone or self.preset is not Preset.OPEN

    @has_pages.inplace.expression
    @classmethod
    def _has_pages(cls) -> ColumnElement[bool]:
        return or_(cls.subject_kind.in_(ALONE), cls.preset != Preset.OPEN)

    @property
    def election_id(self) -> uuid.UUID | None:
        """Return the election that the poll belongs to."""
        return self.subject_id if self.subject_kind == ELECTION else None

    @property
    def recall_id(self) -> uuid.UUID | None:
        """Return the recall that the poll decides."""
        return self.subject_id if self.subject_kind == RECALL else None

    @property
    def cycle_id(self) -> uuid.UUID | None:
        """Return the cycle of appraisal that the poll grades for."""
        return self.subject_id if self.is_appraisal else None

    @property
    def is_appraisal(self) -> bool:
        """Tell whether people or bodies are graded: then no few of one way are ever shown apart."""
        return self.subject_kind in APPRAISALS

    @property
    def is_set_elsewhere(self) -> bool:
        """Tell whether what puts the question sets subject, terms, paper and roll."""
        return self.subject_kind in SET_ELSEWHERE

    @property
    def barred_ids(self) -> frozenset[uuid.UUID]:
        """Return who has no hand in it and no paper."""
        return frozenset(map(uuid.UUID, self.barred or ()))

    def is_run_by(self, actor: Actor) -> bool:
        """Tell whether the actor runs it."""
        return may_run(actor, is_statutory=self.is_statutory, kind=self.subject_kind, barred=self.barred_ids)

    def has_at_the_door(self, actor: Actor) -> bool:
        """Tell whether the actor issues its papers and enters its counts."""
        return may_keep_the_door(actor, kind=self.subject_kind, barred=self.barred_ids)

    @property
    def specs(self) -> list[QuestionSpec]:
        """Return the questions as the rules take them, in the order of the paper."""
        return [question.spec for question in self.questions]

    @property
    def contests(self) -> list[Contest]:
        """Return the questions as the slots of a ballot, on screen and on paper."""
        return [contest_of(spec) for spec in self.specs]

    @property
    def names_on_paper(self) -> frozenset[str]:
        """Return what stands on the paper to be chosen, of all questions."""
        return frozenset(name for question in self.questions for name in question.options)

    @property
    def has_board(self) -> bool:
        """Tell whether ballots are sealed: a secret poll that can be voted in on screen."""
        return self.preset is not Preset.OPEN and self.by_screen

    @property
    def planned_destruction(self) -> datetime:
        """Return when keys and links are to be destroyed, as the manifest will say. Needs `closes_at`."""
        assert self.closes_at is not None  # noqa: S101
        return self.closes_at + timedelta(days=self.keep_days)


class Question(CommunityRow, Base):
    """One question of a ballot paper; which limits mean something, its kind says (polls.questions)."""

    __tablename__ = "poll_question"
    __table_args__ = (UniqueConstraint("poll_id", "position"),)

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    position: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(enum_text(QuestionKind))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    # Candidates, answers or items in the order of the paper; none for a motion.
    options: Mapped[list[str]] = mapped_column(JSONB, default=list)
    marking: Mapped[Marking] = mapped_column(enum_text(Marking), default=Marking.TICKS)
    least: Mapped[int] = mapped_column(default=0)
    most: Mapped[int] = mapped_column(default=1)
    seats: Mapped[int] = mapped_column(default=1)
    write_ins: Mapped[int] = mapped_column(default=0)
    levels: Mapped[list[str]] = mapped_column(JSONB, default=list)
    # How many places a ranking may name.
    depth: Mapped[int] = mapped_column(default=0)
    # The counting rule of a ranking, by its name in counting.Rule.
    method: Mapped[str] = mapped_column(String(40), default="")
    # A threshold of the rulebook that a motion, or each of those elected, has to reach; "" for none.
    majority_rule: Mapped[str] = mapped_column(String(80), default="")
    poll: Mapped[Poll] = relationship(back_populates="questions")

    @property
    def spec(self) -> QuestionSpec:
        """Return the question as the rules take it."""
        values = {field.name: getattr(self, field.name) for field in fields(QuestionSpec)}
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return QuestionSpec(**values | lists)

    @spec.setter
    def spec(self, spec: QuestionSpec) -> None:
        for name, value in asdict(spec).items():
            setattr(self, name, list(value) if isinstance(value, tuple) else value)


class OpenBallot(CommunityRow, Base):
    """A named vote: the preset `open` shows who voted how."""

    __tablename__ = "open_ballot"
    __table_args__ = (UniqueConstraint("roll_entry_id"),)

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    roll_entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roll_entry.id"))
    # One answer for each question, as polls.questions.answer_as_json writes it.
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    channel: Mapped[VoteChannel] = mapped_column(enum_text(VoteChannel))
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    cast_at: Mapped[Instant]
    entry: Mapped[RollEntry] = relationship(back_populates="ballot")
