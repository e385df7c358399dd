"""What proves, beside the password, who signs in: an authenticator app, passkeys, recovery codes."""

from __future__ import annotations

import uuid

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.accounts.models import Account
from civicforum.database import Base, Instant, Row


class AuthenticatorApp(Row, Base):
    """The secret that an account shares with an app; counts from `confirmed_at`, the first right code."""

    __tablename__ = "authenticator_app"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    # Sealed by second_factor_secrets.py.
    sealed_secret: Mapped[bytes]
    made_at: Mapped[Instant]
    confirmed_at: Mapped[Instant | None]
    # The step of 30 seconds whose code was used last: neither it nor an earlier one counts again.
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class Passkey(Row, Base):
    """A key in somebody's phone, computer or security key, of which only the public half is here."""

    __tablename__ = "passkey"
    __table_args__ = (CheckConstraint("sign_count >= 0", name="sign_count"),)

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    # At most 1023 bytes (Web Authentication Level 3, 4 Terminology, Credential ID).
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class RecoveryCode(Row, Base):
    """One of ten codes for when phone and keys are lost; stored as a keyed hash."""

    __tablename__ = "recovery_code"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class HalfSignIn(Row, Base):
    """A sign-in whose first factor was right: it holds no rights, and waits for the second."""

    __tablename__ = "half_sign_in"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(default=0)
    # What a passkey has to sign; used up by the first answer.
    challenge: Mapped[bytes | None]
    # As the first form asked for, for the session that comes of it.
    kept: Mapped[bool]
    with_code: Mapped[bool]
    device: Mapped[str] = mapped_column(String(200), default="")
    account: Mapped[Account] = relationship()
