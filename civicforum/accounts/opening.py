"""Opening a session once who signs in has shown what was asked for; steps of the caller's transaction."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_
from sqlalchemy.orm import Session

from civicforum.accounts.models import Account, SignInSession
from civicforum.accounts.rules import session_ends
from civicforum.accounts.second_factor_models import AuthenticatorApp, HalfSignIn, Passkey
from civicforum.accounts.second_factor_rules import HALF_LASTS, Factor

logger = logging.getLogger(__name__)

# Whether an account has a second factor, to be read along with it.
HAS_FACTOR = or_(
    exists().where(AuthenticatorApp.account_id == Account.id, AuthenticatorApp.confirmed_at.is_not(None)),
    exists().where(Passkey.account_id == Account.id),
)


@dataclass(frozen=True)
class Entered:
    """A locked account whose first factor was right, from where, and for how long it wants to stay."""

    account: Account
    address: str
    device: str
    kept: bool
    now: datetime
    with_code: bool = False


def begin_half(session: Session, entered: Entered) -> HalfSignIn:
    """Let a sign-in wait for the second factor."""
    account_id = entered.account.id
    half = HalfSignIn(
        account_id=account_id,
        expires_at=entered.now + HALF_LASTS,
        kept=entered.kept,
        with_code=entered.with_code,
        device=entered.device[:200],
    )
    session.add(half)
    session.flush()
    logger.info("account %s is asked for a second factor, from %s", account_id, entered.address)
    return half


def open_session(session: Session, entered: Entered, *, factor: Factor | None = None) -> SignInSession:
    """Open a session; `factor` is the second one, if one was proven."""
    row = SignInSession(
        account_id=entered.account.id,
        started_at=entered.now,
        seen_at=entered.now,
        expires_at=session_ends(entered.now, kept=entered.kept),
        device=entered.device[:200],
        with_code=entered.with_code,
        factor=factor or "",
        factor_at=entered.now if factor else None,
    )
    session.add(row)
    session.flush()
    second = factor or "no second factor"
    logger.info("account %s signed in from %s with %s", entered.account.id, entered.address, second)
    return row


def renew(session: Session, row: SignInSession, *, now: datetime) -> SignInSession:
    """Open the session that goes on in place of one that ended, for as long as that would have lasted.

    It was not opened with a code: from now on the password is known to its owner.
    """
    renewed = SignInSession(
        account_id=row.account_id,
        started_at=now,
        seen_at=now,
        expires_at=row.expires_at,
        device=row.device,
        factor=row.factor,
        factor_at=row.factor_at,
    )
    session.add(renewed)
    session.flush()
    return renewed
