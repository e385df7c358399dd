"""Failed attempts, counted in the database: what bounds guessing passwords and codes."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete, or_, select, text
from sqlalchemy.orm import Session

from civicforum.accounts.errors import TooManyAttempts
from civicforum.accounts.models import SignInFailure
from civicforum.accounts.rules import FAILURE_WINDOW, FAILURES_PER_ADDRESS, FAILURES_PER_LOGIN, wait_until
from civicforum.database import transaction


def note_attempt(*, login: str, address: str, now: datetime) -> uuid.UUID:
    """Count an attempt as failed until it succeeds, so that many at once cannot slip through together.

    `login` "" counts the address alone. Raises TooManyAttempts.
    """
    with transaction() as session:
        # One after the other for the same login, until the commit some lines below.
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:login))"), {"login": login})
        since = now - FAILURE_WINDOW
        limits = [(SignInFailure.address == address, FAILURES_PER_ADDRESS)]
        if login:
            limits.append((SignInFailure.login == login, FAILURES_PER_LOGIN))
        for who, allowed in limits:
            failed_at = session.scalars(
                select(SignInFailure.at)
                .where(who, SignInFailure.at > since)
                .order_by(SignInFailure.at.desc())
                .limit(allowed)
            ).all()
            until = wait_until(failed_at, allowed=allowed, now=now)
            if until is not None:
                raise TooManyAttempts(until)
        attempt = SignInFailure(login=login, address=address[:64], at=now)
        session.add(attempt)
        session.flush()
        return attempt.id


def forgive(session: Session, *, attempt_id: uuid.UUID, login: str) -> None:
    """Forget an attempt that succeeded, and the failures of this login before it."""
    session.execute(
        delete(SignInFailure).where(or_(SignInFailure.id == attempt_id, SignInFailure.login == login))
    )


def factor_login(account_id: uuid.UUID) -> str:
    """Return under what the failures of an account's second factor are counted.

    No login has a blank, so that nobody uses them up by typing it where logins are asked for.
    """
    return f"second factor {account_id}"
