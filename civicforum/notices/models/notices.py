"""What must be posted and when, drafts on their way to the board, and what is posted."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.bodies.models import Body
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.meetings.models import Meeting
from civicforum.notices.rules import DraftState, ItemSource, NoticeCategory, NoticeState, Rhythm
from civicforum.people.models import Person


class Notice(CommunityRow, Base):
    """What is posted. `until` ends the posting period that article 34 asks for; the page stays readable.

    A notice removed before `until` is followed by another one (`repost_of_id`) with a period of its own.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("until > posted_at", name="period"),
        CheckConstraint("(state = 'removed') = (removed_at IS NOT NULL)", name="removed"),
        CheckConstraint("(removed_at IS NULL) = (removed_because = '')", name="removed_because"),
        CheckConstraint("off_board_at IS NULL OR on_board_at IS NOT NULL", name="board"),
        Index("ix_notice_list", "community_id", "posted_at"),
        Index("ix_notice_category", "community_id", "category"),
        Index("ix_notice_state", "community_id", "state"),
        Index("ix_notice_kind", "community_id", "subject_kind", "posted_at"),
        Index("ix_notice_subject", "subject_kind", "subject_id"),
        Index("ix_notice_running", "until", postgresql_where=text("state = 'posted'")),
        Index("ix_notice_tokens", "tokens", postgresql_using="gin"),
    )

    category: Mapped[NoticeCategory] = mapped_column(enum_text(NoticeCategory))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[uuid.UUID | None]
    posted_at: Mapped[Instant]
    until: Mapped[Instant]
    posted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[NoticeState] = mapped_column(
        enum_text(NoticeState), default=NoticeState.POSTED, server_default=NoticeState.POSTED.value
    )
    removed_at: Mapped[Instant | None]
    removed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    removed_because: Mapped[str] = mapped_column(String(300), default="", server_default="")
    repost_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice.id"), unique=True)
    # The sheet on the board in the street (art 34): when it was hung up and taken down, and by whom.
    on_board_at: Mapped[Instant | None]
    on_board_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    off_board_at: Mapped[Instant | None]
    off_board_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    # The words of title and text, for searching (civicforum.matters.text.tokens).
    tokens: Mapped[list[str]] = mapped_column(ARRAY(String(40)), default=list, server_default="{}")
    posted_by: Mapped[Person | None] = relationship(foreign_keys=posted_by_id)
    removed_by: Mapped[Person | None] = relationship(foreign_keys=removed_by_id)
    on_board_by: Mapped[Person | None] = relationship(foreign_keys=on_board_by_id)
    off_board_by: Mapped[Person | None] = relationship(foreign_keys=off_board_by_id)
    repost_of: Mapped[Notice | None] = relationship(remote_side="Notice.id")


class DisclosureItem(CommunityRow, Base):
    """Something of the catalogue of article 34 that has to be posted, by its rhythm, by a body."""

    __tablename__ = "disclosure_item"
    __table_args__ = (
        UniqueConstraint("community_id", "code"),
        CheckConstraint("ended_on IS NULL OR ended_on >= since", name="dates"),
    )

    # Of a standard item the words come with its code (notices.texts); of others the community names it.
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200), default="")
    category: Mapped[NoticeCategory] = mapped_column(enum_text(NoticeCategory))
    rhythm: Mapped[Rhythm] = mapped_column(enum_text(Rhythm))
    source: Mapped[ItemSource] = mapped_column(enum_text(ItemSource))
    body_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("body.id"))
    since: Mapped[date]
    ended_on: Mapped[date | None]
    body: Mapped[Body | None] = relationship()


class DisclosureDue(CommunityRow, Base):
    """One time that an item is due: the period it reports on, until when, and the notice that met it.

    `notice_id` None after `due_at` is a missing notice, which is shown in red to everybody.
    """

    __tablename__ = "disclosure_due"
    __table_args__ = (
        UniqueConstraint("item_id", "period_from"),
        CheckConstraint("period_until >= period_from", name="period"),
        Index("ix_disclosure_due_open", "due_at", postgresql_where=text("notice_id IS NULL")),
        Index("ix_disclosure_due_list", "community_id", "due_at"),
    )

    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("disclosure_item.id"))
    period_from: Mapped[date]
    period_until: Mapped[date]
    due_at: Mapped[Instant]
    # When a sweep found it missing, which is once.
    overdue_at: Mapped[Instant | None]
    notice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice.id"), index=True)
    item: Mapped[DisclosureItem] = relationship()
    notice: Mapped[Notice | None] = relationship()


class NoticeDraft(CommunityRow, Base):
    """A notice on its way: drafted, reviewed by the supervision committee, met about, posted."""

    __tablename__ = "notice_draft"
    __table_args__ = (
        CheckConstraint("(state = 'posted') = (notice_id IS NOT NULL)", name="posted"),
        CheckConstraint("(state IN ('draft', 'dropped')) OR (handed_in_at IS NOT NULL)", name="handed_in"),
        Index("ix_notice_draft_list", "community_id", "state", "changed_at"),
    )

    state: Mapped[DraftState] = mapped_column(enum_text(DraftState), default=DraftState.DRAFT)
    category: Mapped[NoticeCategory] = mapped_column(enum_text(NoticeCategory))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    # What of the catalogue it answers; formed_on is when what it reports came about (ad hoc items).
    due_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("disclosure_due.id"), index=True)
    item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("disclosure_item.id"))
    formed_on: Mapped[date | None]
    due_at: Mapped[Instant | None]
    # A removed notice that this one posts again.
    repost_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice.id"))
    drafted_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    drafted_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    handed_in_at: Mapped[Instant | None]
    # Until when the supervision committee objects; silence until then clears the draft.
    review_due_at: Mapped[Instant | None]
    reviewed_at: Mapped[Instant | None]
    reviewed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    # The joint meeting of party organisation and committee: one held here, or a day and what it said.
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("meeting.id"))
    met_on: Mapped[date | None]
    met_note: Mapped[str] = mapped_column(String(500), default="")
    met_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    notice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice.id"), unique=True)
    dropped_because: Mapped[str] = mapped_column(String(300), default="")
    drafted_by: Mapped[Person] = relationship(foreign_keys=drafted_by_id)
    reviewed_by: Mapped[Person | None] = relationship(foreign_keys=reviewed_by_id)
    met_by: Mapped[Person | None] = relationship(foreign_keys=met_by_id)
    due: Mapped[DisclosureDue | None] = relationship()
    item: Mapped[DisclosureItem | None] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    notice: Mapped[Notice | None] = relationship(foreign_keys=notice_id)
    repost_of: Mapped[Notice | None] = relationship(foreign_keys=repost_of_id)
    objections: Mapped[list[DraftObjection]] = relationship(
        back_populates="draft", order_by="(DraftObjection.at, DraftObjection.id)"
    )


class DraftObjection(CommunityRow, Base):
    """What the supervision committee has against a draft, and the committee's answer."""

    __tablename__ = "draft_objection"
    __table_args__ = (CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered"),)

    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice_draft.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Instant]
    due_at: Mapped[Instant]
    overdue_at: Mapped[Instant | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[Instant | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    # The committee changed the draft as the objection asks.
    is_taken: Mapped[bool | None]
    draft: Mapped[NoticeDraft] = relationship(back_populates="objections")
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    answered_by: Mapped[Person | None] = relationship(foreign_keys=answered_by_id)
