"""Accounts, sign-in sessions, one-time codes, and the help desk's acts for others."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, Row
from civicforum.people.models import Person


class Account(CommunityRow, Base):
    """What somebody signs in with. A person has at most one."""

    __tablename__ = "account"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[Instant]
    disabled_at: Mapped[Instant | None]
    person: Mapped[Person] = relationship()


class SignInSession(Row, Base):
    """One device that is signed in; the cookie holds this row's id, so ending the row ends the session."""

    __tablename__ = "sign_in_session"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    # Opened with a one-time code from the desk, so a new password needs no old one.
    with_code: Mapped[bool] = mapped_column(default=False)
    device: Mapped[str] = mapped_column(String(200), default="")
    # With what, and when, the second factor was last proven in this session; "" and None: never.
    factor: Mapped[str] = mapped_column(String(20), default="", server_default="")
    factor_at: Mapped[Instant | None]
    # What a passkey has to sign next; used up by the first answer.
    challenge: Mapped[bytes | None]
    account: Mapped[Account] = relationship()


class OneTimeCode(Row, Base):
    """A code that signs its owner in once; stored as a keyed hash."""

    __tablename__ = "one_time_code"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(default=0)
    issued_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))


class SignInFailure(Row, Base):
    """A failed attempt; what counts it is the login tried and the address it came from."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_login_at", "login", "at"),
        Index("ix_sign_in_failure_address_at", "address", "at"),
    )

    login: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[Instant]


class Assistance(CommunityRow, Base):
    """A clerk acting for a person, for at most half an hour, with a stated reason."""

    __tablename__ = "assistance"
    __table_args__ = (
        CheckConstraint("clerk_id <> person_id", name="two_people"),
        # A clerk helps one person at a time.
        Index("uq_assistance_running", "clerk_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    sign_in_session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sign_in_session.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    started_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    clerk: Mapped[Person] = relationship(foreign_keys=clerk_id)
    person: Mapped[Person] = relationship(foreign_keys=person_id)
