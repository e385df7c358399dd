"""The second factor: which kinds there are, how long each step may take, and which codes count."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp

from civicforum.accounts.rules import GUARDED_ROLES, clean_code
from civicforum.bodies.rules import Role
from civicforum.sealed import base32

HALF_LASTS = timedelta(minutes=5)
HALF_ATTEMPTS = 5
# For so long after it was proven the gravest acts ask for no second factor again.
PROOF_LASTS = timedelta(minutes=10)
# RFC 6238: 5.2 recommends steps of 30 seconds and at most one of delay; clocks of phones err both ways.
STEP_SECONDS, STEPS_AROUND, APP_DIGITS = 30, 1, 6
RECOVERY_CODES = 10
# 50 bits each, behind the limit on failures.
RECOVERY_CHARACTERS, RECOVERY_BYTES, RECOVERY_GROUP = 10, 7, 5
PASSKEYS_MOST = 10
PASSKEY_NAME_MOST = 60


class Factor(StrEnum):
    """With what the second factor was proven."""

    APP = "app"
    PASSKEY = "passkey"
    RECOVERY = "recovery"


@dataclass(frozen=True)
class RelyingParty:
    """For whom passkeys sign: the host's name, and the address as browsers state it."""

    id: str
    origin: str


def step_of(now: datetime) -> int:
    """Return the number of the step of 30 seconds that an instant lies in (T of RFC 6238, 4.2)."""
    return int(now.timestamp()) // STEP_SECONDS


def find_step(secret: str, typed: str, *, now: datetime, after: int) -> int | None:
    """Return the step whose code was typed, or None: one of three around now, and later than `after`.

    `secret` is in base 32, as apps take it. Every step is compared, whichever is right.
    """
    code, app, here = (
        clean_code(typed),
        pyotp.TOTP(secret, digits=APP_DIGITS, interval=STEP_SECONDS),
        step_of(now),
    )
    found = None
    for step in range(here - STEPS_AROUND, here + STEPS_AROUND + 1):
        is_right = hmac.compare_digest(app.generate_otp(step), code)
        if is_right and step > after:
            found = step
    return found


def enrolment_address(secret: str, *, login: str, issuer: str) -> str:
    """Return what the QR code for an app says."""
    return pyotp.TOTP(secret, digits=APP_DIGITS, interval=STEP_SECONDS).provisioning_uri(
        name=login, issuer_name=issuer
    )


def new_recovery_code() -> str:
    return base32.spell(secrets.token_bytes(RECOVERY_BYTES), RECOVERY_CHARACTERS)


def is_app_code(typed: str) -> bool:
    """Tell what was typed into the one field: the six digits of an app, or else a recovery code."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign.isalnum())
    return len(plain) == APP_DIGITS and plain.isdigit()


def recovery_hash(typed: str, *, account_id: uuid.UUID, key: bytes) -> str:
    """Return the keyed hash (hex) of a recovery code, however it is typed."""
    code = base32.canonical(unicodedata.normalize("NFKC", typed).strip())
    return hmac.new(key, account_id.bytes + code.encode(), hashlib.sha256).hexdigest()


def withheld_roles(roles: frozenset[Role], *, is_needed: bool, is_proven: bool) -> frozenset[Role]:
    """Return the roles that do not count now: those with powers, where a second factor is needed first."""
    return roles & GUARDED_ROLES if is_needed and not is_proven else frozenset()


def is_fresh(proven_at: datetime | None, now: datetime) -> bool:
    """Tell whether the second factor was proven within the last ten minutes."""
    return proven_at is not None and proven_at > now - PROOF_LASTS
