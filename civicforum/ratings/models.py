"""Service items, slips that open one rating each, ratings, and what was done about bad ones.

No row tells who rated: a slip is handed to whoever was served and names nobody, a rating knows its month and
no day, and carries a name only where somebody who was not satisfied left one to be called back.
"""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.bodies.models import Term
from civicforum.database import Base, CommunityRow, Instant, enum_text
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
    """One slip: the keyed hash of its code, and whether it was used, not when: nobody is found by it."""

    __tablename__ = "service_slip"
    __table_args__ = (UniqueConstraint("code_hash"), CheckConstraint("length(code_hash) = 32", name="hash"))

    sheet_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("slip_sheet.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    is_used: Mapped[bool] = mapped_column(default=False)
    sheet: Mapped[SlipSheet] = relationship()


class ServiceRating(CommunityRow, Base):
    """One rating. It knows who served at which counter, and neither its slip nor its sheet.

    `number` is random, for the rater to ask after it. `month` is the first day of the month in which it came.
    `name` and `phone` are there for bad grades alone, until the call afterwards.
    """

    __tablename__ = "service_rating"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        CheckConstraint("(contact_due_at IS NOT NULL) = is_named_bad", name="contact"),
        CheckConstraint("is_named_bad OR (name = '' AND phone = '')", name="named"),
        CheckConstraint("answered_at IS NULL OR answer <> ''", name="answered"),
        CheckConstraint("(ruling IS NULL) = (ruled_at IS NULL)", name="ruled"),
        CheckConstraint("removed_in IS NULL OR ruling = 'set_aside'", name="removed"),
        Index("ix_service_rating_list", "community_id", "month"),
    )

    number: Mapped[str] = mapped_column(String(12))
    term_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("term.id"), index=True)
    counter: Mapped[str] = mapped_column(String(80))
    item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service_item.id"), index=True)
    level: Mapped[RatingLevel] = mapped_column(enum_text(RatingLevel))
    comment: Mapped[str] = mapped_column(String(1000), default="")
    name: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    month: Mapped[date]
    # Whether an entry of the journal has counted it.
    is_counted: Mapped[bool] = mapped_column(default=False)
    # The publication whose totals it joined, and the one whose totals it left after a ruling.
    published_in: Mapped[date | None]
    removed_in: Mapped[date | None]
    # A bad grade with a name or number: whoever left it is called within one working day.
    is_named_bad: Mapped[bool] = mapped_column(default=False)
    # The day from which the clocks of a bad grade run: on which it came with a name, or else was published
    # with what it says. Until then, and without name and words for good, nobody sees it apart from totals.
    clock_from: Mapped[date | None]
    contact_due_at: Mapped[Instant | None]
    contacted_at: Mapped[Instant | None]
    contacted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    contact_note: Mapped[str] = mapped_column(Text, default="")
    # By when it is put right; what it was about and what was answered are public, the contact is not.
    answer_due_at: Mapped[Instant | None]
    about: Mapped[str] = mapped_column(String(300), default="")
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
    term: Mapped[Term] = relationship()
    item: Mapped[ServiceItem | None] = relationship()


class RatingPublication(CommunityRow, Base):
    """The totals as they were published on one day, which never change.

    Attributes:
        figures: by dimension ("total", "served", "item") and name, the five counts from best to worst; the
            name "" stands for the whole, or for all names whose counts are only shown added up.
        hidden: by dimension, the names whose new ratings of this publication were added to "".
        stands, set_aside: rulings until then.
    """

    __tablename__ = "rating_publication"
    __table_args__ = (UniqueConstraint("community_id", "published_on"),)

    published_on: Mapped[date]
    figures: Mapped[dict[str, dict[str, list[int]]]] = mapped_column(JSONB)
    hidden: Mapped[dict[str, list[str]]] = mapped_column(JSONB)
    stands: Mapped[int]
    set_aside: Mapped[int]


class StationCard(CommunityRow, Base):
    """Where the service station is, when it is open, and whom to call."""

    __tablename__ = "station_card"
    __table_args__ = (UniqueConstraint("community_id"),)

    address: Mapped[str] = mapped_column(String(200))
    hours: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(60))
    # Where to turn about the station itself.
    complaints_phone: Mapped[str] = mapped_column(String(60), default="")
