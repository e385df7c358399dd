"""What residents do about notices: query them, demand further items, complain to the subdistrict office."""

from __future__ import annotations

import uuid

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.matters.rules import Channel
from civicforum.notices.models.notices import DisclosureDue, DisclosureItem, Notice
from civicforum.notices.rules import (
    ComplaintGround,
    ComplaintOutcome,
    NoticeCategory,
    QueryEntryKind,
    Rhythm,
)
from civicforum.people.models import Person


class NoticeQuery(CommunityRow, Base):
    """A resident's query about a notice (art 34). `due_at` is the clock of a question that waits."""

    __tablename__ = "notice_query"
    __table_args__ = (
        Index("ix_notice_query_list", "notice_id", "at", "id"),
        Index("ix_notice_query_waiting", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    notice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice.id"))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[Channel] = mapped_column(enum_text(Channel), default=Channel.SCREEN)
    at: Mapped[Instant]
    due_at: Mapped[Instant | None]
    overdue_at: Mapped[Instant | None]
    # Hidden with a reason from a list; the reason stands where the words were.
    hidden_at: Mapped[Instant | None]
    hidden_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    hidden_reason: Mapped[str] = mapped_column(String(60), default="")
    notice: Mapped[Notice] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=author_id)
    entries: Mapped[list[NoticeQueryEntry]] = relationship(
        back_populates="query", order_by="NoticeQueryEntry.position"
    )


class NoticeQueryEntry(CommunityRow, Base):
    """A question or an answer in the thread of a query."""

    __tablename__ = "notice_query_entry"
    __table_args__ = (UniqueConstraint("query_id", "position"),)

    query_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice_query.id"))
    position: Mapped[int]
    kind: Mapped[QueryEntryKind] = mapped_column(enum_text(QueryEntryKind))
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    # The post in which it was answered: people and their posts change.
    post: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[Instant]
    is_late: Mapped[bool] = mapped_column(default=False)
    query: Mapped[NoticeQuery] = relationship(back_populates="entries")
    person: Mapped[Person] = relationship()


class ItemDemand(CommunityRow, Base):
    """Residents or representatives demand that a further item be posted; reached, it joins the catalogue."""

    __tablename__ = "item_demand"
    __table_args__ = (CheckConstraint("(reached_at IS NULL) = (item_id IS NULL)", name="reached"),)

    title: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    category: Mapped[NoticeCategory] = mapped_column(enum_text(NoticeCategory))
    # How often it is to be posted from then on.
    rhythm: Mapped[Rhythm] = mapped_column(
        enum_text(Rhythm), default=Rhythm.AD_HOC, server_default=Rhythm.AD_HOC.value
    )
    profile: Mapped[str] = mapped_column(String(80))
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
    withdrawn_at: Mapped[Instant | None]
    reached_at: Mapped[Instant | None]
    item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("disclosure_item.id"))
    made_by: Mapped[Person] = relationship()
    item: Mapped[DisclosureItem | None] = relationship()
    signatures: Mapped[list[ItemDemandSignature]] = relationship(back_populates="demand")


class ItemDemandSignature(CommunityRow, Base):
    __tablename__ = "item_demand_signature"
    __table_args__ = (UniqueConstraint("demand_id", "person_id"),)

    demand_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("item_demand.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    as_representative: Mapped[bool]
    channel: Mapped[Channel] = mapped_column(enum_text(Channel))
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Instant]
    demand: Mapped[ItemDemand] = relationship(back_populates="signatures")
    person: Mapped[Person] = relationship(foreign_keys=person_id)


class Complaint(CommunityRow, Base):
    """A complaint to the subdistrict office about disclosure that is late or false (art 35).

    `package` is the zip that was attached when it was filed; the office has no account here, so its answer
    is entered from its letter.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        CheckConstraint("notice_id IS NOT NULL OR due_id IS NOT NULL", name="about"),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(remedied_at IS NULL) = (remedy = '')", name="remedied"),
        CheckConstraint("query_id IS NULL OR ground = 'unanswered'", name="query"),
        Index("ix_complaint_list", "community_id", "filed_at"),
    )

    number: Mapped[str] = mapped_column(String(20))
    ground: Mapped[ComplaintGround] = mapped_column(enum_text(ComplaintGround))
    notice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice.id"), index=True)
    due_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("disclosure_due.id"), index=True)
    query_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice_query.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[Channel] = mapped_column(enum_text(Channel), default=Channel.SCREEN)
    # The office's name on that day: subdistricts are merged and renamed.
    office: Mapped[str] = mapped_column(String(120))
    filed_at: Mapped[Instant]
    package: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    package_sha256: Mapped[str] = mapped_column(String(64))
    handed_over_at: Mapped[Instant | None]
    handed_over_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[ComplaintOutcome | None] = mapped_column(enum_text(ComplaintOutcome))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[Instant | None]
    answer_entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    # What the committee did where the office ordered it to correct or to post.
    remedy: Mapped[str] = mapped_column(Text, default="", server_default="")
    remedied_at: Mapped[Instant | None]
    remedied_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    notice: Mapped[Notice | None] = relationship()
    due: Mapped[DisclosureDue | None] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=author_id)
    handed_over_by: Mapped[Person | None] = relationship(foreign_keys=handed_over_by_id)
    answer_entered_by: Mapped[Person | None] = relationship(foreign_keys=answer_entered_by_id)
    remedied_by: Mapped[Person | None] = relationship(foreign_keys=remedied_by_id)
    query: Mapped[NoticeQuery | None] = relationship()
