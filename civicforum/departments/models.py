"""Departments and providers with work in the community, and what residents say about them."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.departments.rules import DepartmentKind
from civicforum.people.models import Person


class Department(CommunityRow, Base):
    """An organ or a firm outside the community. Only one with work here (`duty`) is appraised."""

    __tablename__ = "department"
    __table_args__ = (
        UniqueConstraint("community_id", "name"),
        CheckConstraint("until IS NULL OR until >= since", name="dates"),
    )

    kind: Mapped[DepartmentKind] = mapped_column(enum_text(DepartmentKind))
    name: Mapped[str] = mapped_column(String(120))
    # What it does here, in a sentence; and the number that residents may call.
    duty: Mapped[str] = mapped_column(String(300))
    phone: Mapped[str] = mapped_column(String(60), default="")
    since: Mapped[date]
    until: Mapped[date | None]


class DepartmentOpinion(CommunityRow, Base):
    """An opinion in the box of a department, with its reply. Pages never show who wrote it."""

    __tablename__ = "department_opinion"
    __table_args__ = (
        UniqueConstraint("department_id", "number"),
        CheckConstraint("(replied_at IS NULL) = (reply = '')", name="replied"),
        CheckConstraint("(hidden_at IS NULL) = (hidden_because = '')", name="hidden"),
        Index(
            "ix_department_opinion_waiting",
            "community_id",
            "due_at",
            postgresql_where=text("replied_at IS NULL"),
        ),
    )

    department_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("department.id"))
    # Within the box of its department.
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[Instant]
    due_at: Mapped[Instant]
    # When a sweep found the reply late, which is once.
    overdue_at: Mapped[Instant | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    # Who of the department gave it, as a letter or a call names them, and who wrote it down here.
    replied_by: Mapped[str] = mapped_column(String(120), default="")
    replied_at: Mapped[Instant | None]
    reply_entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    hidden_at: Mapped[Instant | None]
    hidden_because: Mapped[str] = mapped_column(String(300), default="")
    department: Mapped[Department] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
