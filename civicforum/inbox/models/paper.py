"""Letters on paper: a run, whom it addresses, and its file for a day."""

from __future__ import annotations

import uuid

from sqlalchemy import (
    BigInteger,
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

from civicforum.accounts.models import OneTimeCode
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.inbox.rules_paper import CALL_MOST, TITLE_MOST, RunState
from civicforum.people.models import Household, Person


class LetterRun(CommunityRow, Base):
    """One text to every household that no channel reaches. `done` counts the letters printed so far."""

    __tablename__ = "letter_run"
    __table_args__ = (
        CheckConstraint("(state IN ('ready', 'deleted')) = (ready_at IS NOT NULL)", name="ready_date"),
        CheckConstraint("(state = 'deleted') = (deleted_at IS NOT NULL)", name="deleted_date"),
        CheckConstraint("done BETWEEN 0 AND total", name="done"),
        # One at a time: each makes the codes of the one before worthless.
        Index(
            "uq_letter_run_running",
            "community_id",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'printing')"),
        ),
    )

    title: Mapped[str] = mapped_column(String(TITLE_MOST))
    text: Mapped[str] = mapped_column(Text)
    # Whom to call with a question, as it is printed.
    call: Mapped[str] = mapped_column(String(CALL_MOST))
    sign_in_url: Mapped[str] = mapped_column(String(200))
    state: Mapped[RunState] = mapped_column(enum_text(RunState), default=RunState.WAITING)
    asked_at: Mapped[Instant]
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    # False where no Chromium was found: then the file is the page that a browser prints.
    is_pdf: Mapped[bool] = mapped_column(default=True)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    ready_at: Mapped[Instant | None]
    deleted_at: Mapped[Instant | None]
    asked_by: Mapped[Person] = relationship()


class Letter(CommunityRow, Base):
    """One household's letter. Its code is the row of the account, which knows its hash, end and use."""

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("run_id", "household_id"), UniqueConstraint("run_id", "number"))

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("letter_run.id", ondelete="CASCADE"))
    number: Mapped[int]
    household_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    code_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("one_time_code.id", ondelete="SET NULL"), unique=True
    )
    household: Mapped[Household] = relationship()
    person: Mapped[Person] = relationship()
    code: Mapped[OneTimeCode | None] = relationship()


class LetterPart(Base):
    """A few megabytes of a run's file."""

    __tablename__ = "letter_part"

    run_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("letter_run.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
