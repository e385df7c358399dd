"""Proving the second factor: at the end of a sign-in, and again before grave acts."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from civicforum.accounts.attempts import factor_login, forgive, note_attempt
from civicforum.accounts.errors import HalfSignInOver, SecondFactorRefused
from civicforum.accounts.models import Account, Assistance, SignInSession
from civicforum.accounts.opening import Entered, logger, open_session, renew
from civicforum.accounts.second_factor_models import HalfSignIn
from civicforum.accounts.second_factor_passkeys import ask_for_passkey, check_passkey
from civicforum.accounts.second_factor_proving import check_code
from civicforum.accounts.second_factor_rules import HALF_ATTEMPTS, Factor, RelyingParty
from civicforum.accounts.services import end_assistances, lock_account_of_session
from civicforum.database import transaction

# Looks at what was typed or signed, within a transaction that has locked the account.
Check = Callable[[Session, Account], Factor | None]


@dataclass(frozen=True)
class Finished:
    """A sign-in that is whole: its session, and for how long the cookie is wanted."""

    session_id: uuid.UUID
    kept: bool
    factor: Factor


def finish_with_code(*, half_id: uuid.UUID, typed: str, address: str, now: datetime) -> Finished:
    """Finish a sign-in with the code of an app, or with a recovery code.

    Raises HalfSignInOver, SecondFactorRefused, TooManyAttempts.
    """
    with transaction() as session:
        account_id = _lock_half(session, half_id, now)[0].id
    attempt_id = note_attempt(login=factor_login(account_id), address=address, now=now)

    def check(session: Session, account: Account) -> Factor | None:
        factor = check_code(session, account, typed=typed, now=now)
        if factor is not None:
            forgive(session, attempt_id=attempt_id, login=factor_login(account_id))
        return factor

    return _finish(half_id, check, address=address, now=now)


def ask_half(*, half_id: uuid.UUID, party: RelyingParty, now: datetime) -> dict[str, Any]:
    """Return what the browser asks a passkey of a waiting sign-in for. Raises HalfSignInOver."""
    with transaction() as session:
        account, half = _lock_half(session, half_id, now)
        options, half.challenge = ask_for_passkey(session, account, party=party)
        return options


def finish_with_passkey(
    *, half_id: uuid.UUID, answer: str, party: RelyingParty, address: str, now: datetime
) -> Finished:
    """Finish a sign-in with a passkey's answer. Raises HalfSignInOver, SecondFactorRefused."""

    def check(session: Session, account: Account) -> Factor | None:
        half = session.get_one(HalfSignIn, half_id)
        challenge, half.challenge = half.challenge, None
        return check_passkey(session, account, answer=answer, challenge=challenge, party=party, now=now)

    return _finish(half_id, check, address=address, now=now)


def prove_with_code(*, session_id: uuid.UUID, typed: str, address: str, now: datetime) -> uuid.UUID:
    """Prove the second factor again in a session, and return the one that takes its place.

    Raises NotFound, SecondFactorRefused, TooManyAttempts.
    """
    with transaction() as session:
        account_id = lock_account_of_session(session, session_id)[0].id
    attempt_id = note_attempt(login=factor_login(account_id), address=address, now=now)

    def check(session: Session, account: Account) -> Factor | None:
        factor = check_code(session, account, typed=typed, now=now)
        if factor is not None:
            forgive(session, attempt_id=attempt_id, login=factor_login(account_id))
        return factor

    return _prove(session_id, check, address=address, now=now)


def ask_again(*, session_id: uuid.UUID, party: RelyingParty) -> dict[str, Any]:
    """Return what the browser asks a passkey of somebody signed in for. Raises NotFound."""
    with transaction() as session:
        account, row = lock_account_of_session(session, session_id)
        options, row.challenge = ask_for_passkey(session, account, party=party)
        return options


def prove_with_passkey(
    *, session_id: uuid.UUID, answer: str, party: RelyingParty, address: str, now: datetime
) -> uuid.UUID:
    """Prove the second factor again with a passkey. Raises NotFound, SecondFactorRefused."""

    def check(session: Session, account: Account) -> Factor | None:
        row = session.get_one(SignInSession, session_id)
        challenge, row.challenge = row.challenge, None
        return check_passkey(session, account, answer=answer, challenge=challenge, party=party, now=now)

    return _prove(session_id, check, address=address, now=now)


def give_up(*, half_id: uuid.UUID) -> None:
    """End a sign-in that waits for a second factor; ending it twice changes nothing."""
    with transaction() as session:
        half = session.get(HalfSignIn, half_id, with_for_update=True)
        if half is not None:
            session.delete(half)


def prove(session: Session, row: SignInSession, *, factor: Factor, now: datetime) -> uuid.UUID:
    """Write in the caller's transaction that the factor was proven; return the session that goes on."""
    row.factor, row.factor_at, row.challenge = factor, now, None
    row.ended_at = now
    end_assistances(session, Assistance.sign_in_session_id == row.id, now=now)
    return renew(session, row, now=now).id


def _finish(half_id: uuid.UUID, check: Check, *, address: str, now: datetime) -> Finished:
    with transaction() as session:
        account, half = _lock_half(session, half_id, now)
        factor = check(session, account)
        if factor is not None:
            entered = Entered(account, address, half.device, half.kept, now, with_code=half.with_code)
            finished = Finished(open_session(session, entered, factor=factor).id, half.kept, factor)
            session.delete(half)
            return finished
        half.attempts += 1
        is_over = half.attempts >= HALF_ATTEMPTS
        if is_over:
            session.delete(half)
        logger.info("second factor refused from %s, account %s", address, account.id)
    # After the commit, which keeps the attempt that was borne.
    raise HalfSignInOver if is_over else SecondFactorRefused


def _prove(session_id: uuid.UUID, check: Check, *, address: str, now: datetime) -> uuid.UUID:
    with transaction() as session:
        account, row = lock_account_of_session(session, session_id)
        factor = check(session, account)
        if factor is not None:
            return prove(session, row, factor=factor, now=now)
        logger.info("second factor refused from %s, account %s", address, account.id)
    raise SecondFactorRefused


def _lock_half(session: Session, half_id: uuid.UUID, now: datetime) -> tuple[Account, HalfSignIn]:
    """Lock the sign-in that waits and its account, in this order everywhere. Raises HalfSignInOver."""
    half = session.get(HalfSignIn, half_id, with_for_update=True, populate_existing=True)
    if half is None or half.expires_at <= now:
        raise HalfSignInOver
    account = session.get_one(Account, half.account_id, with_for_update=True, populate_existing=True)
    if account.disabled_at is not None:
        raise HalfSignInOver
    return account, half
