"""Drafts put out to every household, what people say of them, and the answer that each comment gets."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.drafts.rules import CommentChannel, DraftState, Handling
from civicforum.matters.models import Matter
from civicforum.meetings.models import AgendaItem
from civicforum.people.models import Household, Person


class Draft(CommunityRow, Base):
    """A text put out for comment until a day. `final_text` is what it became."""

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("until > put_out_at", name="order"),
        CheckConstraint("(state = 'closed') = (final_text <> '')", name="closed"),
        CheckConstraint("(state = 'out') = (ended_at IS NULL)", name="ended"),
        Index("ix_draft_list", "community_id", "put_out_at"),
    )

    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    # Why it is put out and what is open to change, for those who read it.
    reason: Mapped[str] = mapped_column(Text, default="")
    item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    matter_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("matter.id"), index=True)
    state: Mapped[DraftState] = mapped_column(enum_text(DraftState), default=DraftState.OUT)
    put_out_at: Mapped[Instant]
    put_out_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    until: Mapped[Instant]
    # When a sweep found comments without an answer after their time, which is once.
    overdue_at: Mapped[Instant | None]
    final_text: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[Instant | None]
    profile: Mapped[str] = mapped_column(String(80))
    item: Mapped[AgendaItem | None] = relationship()
    matter: Mapped[Matter | None] = relationship()


class DraftAnswer(CommunityRow, Base):
    """An answer, to one comment or to several that ask for the same."""

    __tablename__ = "draft_answer"

    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("draft.id"), index=True)
    handling: Mapped[Handling] = mapped_column(enum_text(Handling))
    text: Mapped[str] = mapped_column(Text)
    answered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[Instant]


class DraftComment(CommunityRow, Base):
    """What somebody says of a draft. `passage` counts the paragraphs of its text from 1; None: the whole.

    The author is a person known here, or only a name on paper, or nobody that is named.
    """

    __tablename__ = "draft_comment"
    __table_args__ = (
        UniqueConstraint("draft_id", "number"),
        CheckConstraint("channel <> 'self' OR author_id IS NOT NULL", name="author"),
        CheckConstraint("(channel = 'self') = (entered_by_id IS NULL)", name="entered"),
        CheckConstraint("author_id IS NULL OR author_name = ''", name="one_author"),
        Index("ix_draft_comment_waiting", "draft_id", "answer_id", "number"),
    )

    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("draft.id"))
    number: Mapped[int]
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    author_name: Mapped[str] = mapped_column(String(80), default="")
    shows_name: Mapped[bool] = mapped_column(default=False)
    passage: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    channel: Mapped[CommentChannel] = mapped_column(enum_text(CommentChannel), default=CommentChannel.SELF)
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
    answer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("draft_answer.id"), index=True)
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    answer: Mapped[DraftAnswer | None] = relationship()


class Opinion(CommunityRow, Base):
    """What an expert wrote about a draft (DOMAIN.md row 4-24); shown beside the final text."""

    __tablename__ = "draft_opinion"

    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("draft.id"), index=True)
    author: Mapped[str] = mapped_column(String(80))
    # The unit or profession that makes the author an expert.
    unit: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[Instant]


class Delivery(CommunityRow, Base):
    """A household that got the draft on paper, from whom and when."""

    __tablename__ = "draft_delivery"
    __table_args__ = (UniqueConstraint("draft_id", "household_id"),)

    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("draft.id"))
    household_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("household.id"), index=True)
    delivered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    delivered_on: Mapped[date]
    entered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[Instant]
    household: Mapped[Household] = relationship()
    delivered_by: Mapped[Person] = relationship(foreign_keys=[delivered_by_id])
