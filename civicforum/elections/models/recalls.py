"""Demands to recall somebody from an elected post, and who signed them."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.bodies.models import Term
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.elections.recalls import RecallNoticeKind, RecallState
from civicforum.elections.rules import Way
from civicforum.people.models import Person
from civicforum.polls.models import Poll


class Recall(CommunityRow, Base):
    """A demand that the holder of an elected post be recalled, under the rules frozen when it was filed."""

    __tablename__ = "recall"
    __table_args__ = (
        Index(
            "uq_recall_live",
            "term_id",
            unique=True,
            postgresql_where=text("state IN ('demanded', 'complete', 'voting')"),
        ),
        CheckConstraint("state IN ('demanded', 'ended') OR complete_at IS NOT NULL", name="complete"),
        CheckConstraint("state NOT IN ('voting', 'carried', 'failed') OR poll_id IS NOT NULL", name="voted"),
        CheckConstraint(
            "(state IN ('carried', 'failed', 'ended')) = (decided_at IS NOT NULL)", name="decided"
        ),
        CheckConstraint("(defence = '') = (defended_at IS NULL)", name="defended"),
        CheckConstraint("signed BETWEEN 0 AND on_roll", name="counts"),
    )

    term_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("term.id"), index=True)
    # As the post was elected, so is its holder recalled (art 20).
    way: Mapped[Way] = mapped_column(enum_text(Way))
    state: Mapped[RecallState] = mapped_column(enum_text(RecallState), default=RecallState.DEMANDED)
    profile: Mapped[str] = mapped_column(String(80))
    profile_version: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    reasons: Mapped[str] = mapped_column(Text)
    # What came to light since a recall from this post failed; "" where it is about the same facts.
    new_facts: Mapped[str] = mapped_column(Text, default="")
    filed_at: Mapped[Instant]
    filed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    # How many of how many entitled people had signed when the last signature was counted.
    signed: Mapped[int] = mapped_column(default=0)
    on_roll: Mapped[int] = mapped_column(default=0)
    complete_at: Mapped[Instant | None]
    defence: Mapped[str] = mapped_column(Text, default="")
    defended_at: Mapped[Instant | None]
    # How the member could defend themselves, where they wrote nothing here.
    hearing: Mapped[str] = mapped_column(String(200), default="")
    poll_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("poll.id"))
    decided_at: Mapped[Instant | None]
    # Why it ended without a vote.
    decision: Mapped[str] = mapped_column(String(300), default="")
    term: Mapped[Term] = relationship()
    filed_by: Mapped[Person] = relationship()
    poll: Mapped[Poll | None] = relationship()


class RecallSigner(CommunityRow, Base):
    """Somebody who signed a demand, on screen or on the paper that was handed in."""

    __tablename__ = "recall_signer"
    __table_args__ = (UniqueConstraint("recall_id", "person_id"),)

    recall_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("recall.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    signed_at: Mapped[Instant]
    # The officer or clerk who entered it; None for somebody who signed on screen.
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = relationship(foreign_keys=person_id)


class RecallNotice(CommunityRow, Base):
    """A numbered official notice of a recall, as it was issued; on the board as `notice_id`."""

    __tablename__ = "recall_notice"
    __table_args__ = (UniqueConstraint("community_id", "number"),)

    recall_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("recall.id"), index=True)
    # Of one kind, each after the first corrects the one before it.
    kind: Mapped[RecallNoticeKind] = mapped_column(enum_text(RecallNoticeKind))
    # Of all notices of recalls in the community.
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str] = mapped_column(String(120))
    issued_at: Mapped[Instant]
    issued_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    notice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice.id"))
