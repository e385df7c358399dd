"""Service items, slips that open one rating each, ratings, and what was done about bad ones.

No row tells who rated: a slip is handed to whoever was served and names nobody, a rating knows its day and
no hour, and carries a name only where the person left one to be called back.
"""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.bodies.models import Term
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.people.models import Person
from civicforum.ratings.rules import RatingLevel, ReviewRuling, ServiceClass


class ServiceItem(CommunityRow, Base):
    """Something the service station does for people, and the group of the station that does it."""

    __tablename__ = "service_item"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    service_class: Mapped[ServiceClass] = mapped_column(enum_text(ServiceClass))
    name: Mapped[str] = mapped_column(String(120))
    # 综合办公室, 管理组, 服务组 or 保障组: who answers for it.
    unit: Mapped[str] = mapped_column(String(80))
    ended_on: Mapped[date | None]


class SlipSheet(CommunityRow, Base):
    """A sheet of slips printed for one counter: whoever was served there gets one."""

    __tablename__ = "slip_sheet"
    __table_args__ = (UniqueConstraint("community_id", "number"), CheckConstraint("slips > 0", name="slips"))

    number: Mapped[int]
    counter: Mapped[str] = mapped_column(String(80))
    # Who serves at the counter: their post at the station.
    term_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("term.id"), index=True)
    slips: Mapped[int]
    printed_on: Mapped[date]
    valid_until: Mapped[date]
    printed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    withdrawn_on: Mapped[date | None]
    term: Mapped[Term] = relationship()


class ServiceSlip(CommunityRow, Base):
    """One slip: the SHA-256 of its code, and whether it was used. Not when: nobody is to be found by it."""

    __tablename__ = "service_slip"
    __table_args__ = (UniqueConstraint("code_hash"), CheckConstraint("length(code_hash) = 32", name="hash"))

    sheet_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("slip_sheet.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    is_used: Mapped[bool] = mapped_column(default=False)
    sheet: Mapped[SlipSheet] = relationship()


class ServiceRating(CommunityRow, Base):
    """One rating. `number` is random, for the rater to ask after it; `name` and `phone` are theirs to leave.

    `published_in`: the batch in which its figures became part of the published totals (ratings.publishing).
    """

    __tablename__ = "service_rating"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        CheckConstraint("(contact_due_at IS NOT NULL) = is_named_bad", name="contact"),
        CheckConstraint("answered_at IS NULL OR answer <> ''", name="answered"),
        CheckConstraint("(ruling IS NULL) = (ruled_at IS NULL)", name="ruled"),
        Index("ix_service_rating_list", "community_id", "received_on"),
    )

    number: Mapped[str] = mapped_column(String(12))
    sheet_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("slip_sheet.id"), index=True)
    item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service_item.id"), index=True)
    level: Mapped[RatingLevel] = mapped_column(enum_text(RatingLevel))
    comment: Mapped[str] = mapped_column(String(1000), default="")
    name: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    received_on: Mapped[date]
    published_in: Mapped[date | None]
    # A bad grade with a name or number: whoever left it is called within one working day.
    is_named_bad: Mapped[bool] = mapped_column(default=False)
    contact_due_at: Mapped[Instant | None]
    contacted_at: Mapped[Instant | None]
    contacted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    contact_note: Mapped[str] = mapped_column(Text, default="")
    # By when it is put right, and what was answered; the answer is public, the contact is not.
    answer_due_at: Mapped[Instant | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[Instant | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    # The call afterwards, whether it is all right now.
    called_back_at: Mapped[Instant | None]
    is_content: Mapped[bool | None]
    overdue_at: Mapped[Instant | None]
    # The station says that the grade is false or a mistake; the supervision committee rules on it.
    disputed_at: Mapped[Instant | None]
    dispute: Mapped[str] = mapped_column(String(500), default="")
    ruling: Mapped[ReviewRuling | None] = mapped_column(enum_text(ReviewRuling))
    ruling_text: Mapped[str] = mapped_column(String(500), default="")
    ruled_at: Mapped[Instant | None]
    ruled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    sheet: Mapped[SlipSheet] = relationship()
    item: Mapped[ServiceItem | None] = relationship()
    contacted_by: Mapped[Person | None] = relationship(foreign_keys=[contacted_by_id])
