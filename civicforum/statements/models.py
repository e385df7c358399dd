"""Conversations, their statements, every vote on them, and the groupings computed from the votes."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.bodies.models import Body
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.matters.models import Matter
from civicforum.meetings.models import Meeting
from civicforum.people.models import Person
from civicforum.statements.rules import Audience, ConversationState, RejectReason, StatementState


class Conversation(CommunityRow, Base):
    """Belongs to a meeting, to a matter, or to the community alone."""

    __tablename__ = "conversation"
    __table_args__ = (
        CheckConstraint("meeting_id IS NULL OR matter_id IS NULL", name="one_subject"),
        CheckConstraint("closes_at > opens_at", name="times"),
        CheckConstraint("(audience = 'body') = (body_id IS NOT NULL)", name="audience_body"),
        CheckConstraint("audience <> 'meeting' OR meeting_id IS NOT NULL", name="audience_meeting"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        Index("ix_conversation_list", "community_id", "closes_at"),
        Index("ix_conversation_due", "state", "opens_at", "closes_at"),
    )

    topic: Mapped[str] = mapped_column(String(200))
    background: Mapped[str] = mapped_column(Text, default="")
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    matter_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("matter.id"), index=True)
    audience: Mapped[Audience] = mapped_column(enum_text(Audience), default=Audience.EVERYBODY)
    body_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("body.id"))
    is_moderated: Mapped[bool] = mapped_column(default=True)
    opens_at: Mapped[Instant]
    closes_at: Mapped[Instant]
    state: Mapped[ConversationState] = mapped_column(
        enum_text(ConversationState), default=ConversationState.PLANNED
    )
    closed_at: Mapped[Instant | None]
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Instant]
    meeting: Mapped[Meeting | None] = relationship()
    matter: Mapped[Matter | None] = relationship()
    body: Mapped[Body | None] = relationship()


class Statement(CommunityRow, Base):
    """One idea in a sentence. The author's name is shown to nobody but the author and those who moderate.

    `entered_by_id`: who entered it for the author at the help desk.
    """

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("conversation_id", "number"),
        UniqueConstraint("conversation_id", "text"),
        CheckConstraint("(state = 'rejected') = (reason IS NOT NULL)", name="reason"),
        Index("ix_statement_author", "author_id", "conversation_id"),
    )

    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversation.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(140))
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    is_seed: Mapped[bool] = mapped_column(default=False)
    state: Mapped[StatementState] = mapped_column(enum_text(StatementState))
    reason: Mapped[RejectReason | None] = mapped_column(enum_text(RejectReason))
    judged_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    conversation: Mapped[Conversation] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=author_id)


class StatementVote(CommunityRow, Base):
    """One act of voting: 1 agrees, -1 disagrees, 0 passes. Changing one's mind writes another row.

    The row without `superseded_at` is the one that counts; the others stay, so that a tally can be followed.
    """

    __tablename__ = "statement_vote"
    __table_args__ = (
        CheckConstraint("value IN (-1, 0, 1)", name="value"),
        Index(
            "uq_statement_vote_current",
            "statement_id",
            "person_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index("ix_statement_vote_person", "conversation_id", "person_id"),
        Index("ix_statement_vote_cast", "conversation_id", "cast_at"),
    )

    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversation.id"))
    statement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("statement.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    value: Mapped[int] = mapped_column(SmallInteger)
    cast_at: Mapped[Instant]
    superseded_at: Mapped[Instant | None]


class StatementGrouping(CommunityRow, Base):
    """What one computation found: counts and places of several people together, never of one.

    `shown` is what pages say (statements.publishing); `memory` is what the next computation starts from,
    never shown, for it has means of fewer than five people too.
    """

    __tablename__ = "statement_grouping"
    __table_args__ = (UniqueConstraint("conversation_id", "version"),)

    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversation.id"))
    version: Mapped[int]
    computed_at: Mapped[Instant]
    is_final: Mapped[bool] = mapped_column(default=False)
    people: Mapped[int]
    placed: Mapped[int]
    votes: Mapped[int]
    groups: Mapped[int]
    silhouette: Mapped[float | None]
    shown: Mapped[dict[str, Any]] = mapped_column(JSONB)
    memory: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
