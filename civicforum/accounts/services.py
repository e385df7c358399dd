"""Accounts, passwords, signing in and sign-in sessions. What the help desk does is in desk_services.py."""

from __future__ import annotations

import logging
import secrets
import uuid
from datetime import datetime

from flask import current_app
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicforum.accounts.attempts import forgive, note_attempt
from civicforum.accounts.errors import SecondFactorAsked, SignInRefused
from civicforum.accounts.models import Account, Assistance, OneTimeCode, SignInFailure, SignInSession
from civicforum.accounts.opening import HAS_FACTOR, Entered, begin_half, open_session, renew
from civicforum.accounts.passwords import hash_password, is_outdated, is_password
from civicforum.accounts.rules import (
    CODE_ATTEMPTS,
    FAILURE_WINDOW,
    Actor,
    clean_code,
    clean_login,
    code_hash,
    password_fault,
)
from civicforum.accounts.second_factor_models import HalfSignIn
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.people.models import Person
from civicforum.records.services import record

# The trail of sign-ins that network-security law wants kept for six months; never a login that opens nothing,
# because people type passwords into that field.
logger = logging.getLogger(__name__)


def create_account(
    session: Session, *, person: Person, login: str, password: str | None, now: datetime
) -> Account:
    """Give a person an account within the caller's transaction. Without a password it opens by code only.

    Raises AlreadyDone (the person has one), Invalid (login empty or taken, password refused).
    """
    name = clean_login(login)
    if not name:
        raise Invalid("missing", "login")
    if session.scalar(select(Account.id).where(Account.person_id == person.id)) is not None:
        raise AlreadyDone(person.id)
    account = Account(
        community_id=person.community_id, person=person, login=name, password_hash=None, created_at=now
    )
    if password is not None:
        set_password(account, password=password)
    # A savepoint: the unique login is the judge between two who ask for it at once.
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise Invalid("taken", "login") from error
    return account


def set_password(account: Account, *, password: str) -> None:
    """Set an account's password within the caller's transaction. Raises Invalid with a PasswordFault."""
    fault = password_fault(password, login=account.login)
    if fault is not None:
        raise Invalid(fault, "password")
    account.password_hash = hash_password(password)


def sign_in_with_password(
    *, login: str, password: str, address: str, device: str, now: datetime, kept: bool = False
) -> uuid.UUID:
    """Open a session and return its id. Raises SignInRefused, TooManyAttempts, SecondFactorAsked."""
    name = clean_login(login)
    attempt_id = note_attempt(login=name, address=address, now=now)
    with transaction() as session:
        account = session.scalar(select(Account).where(Account.login == name))
        stored = account.password_hash if account else None
    # Outside a transaction: hashing is slow on purpose, and should keep no connection of the pool waiting.
    is_right = is_password(stored, password)
    with transaction() as session:
        account, has_second = _lock_with_factor(session, name)
        is_open = account is not None and account.disabled_at is None and account.password_hash == stored
        if account is None or not is_right or not is_open:
            logger.info("sign-in by password refused from %s, account %s", address, account and account.id)
            raise SignInRefused
        if stored is not None and is_outdated(stored):
            account.password_hash = hash_password(password)
        forgive(session, attempt_id=attempt_id, login=account.login)
        entered = Entered(account, address, device, kept, now)
        opened = _enter(session, entered, has_second=has_second)
    return _whole(opened)


def sign_in_with_code(
    *, login: str, code: str, address: str, device: str, now: datetime, kept: bool = False
) -> uuid.UUID:
    """Open a session with a one-time code, which is then used up.

    Raises SignInRefused, TooManyAttempts, SecondFactorAsked.
    """
    # Not counted by login: the code bears only five attempts, and who forgot the password needs this way.
    attempt_id = note_attempt(login="", address=address, now=now)
    with transaction() as session:
        account, has_second = _lock_with_factor(session, clean_login(login))
        opened: uuid.UUID | SecondFactorAsked | None = None
        if account is not None and _use_code(session, account, code=code, now=now):
            forgive(session, attempt_id=attempt_id, login=account.login)
            entered = Entered(account, address, device, kept, now, with_code=True)
            opened = _enter(session, entered, has_second=has_second)
        else:
            logger.info("sign-in by code refused from %s, account %s", address, account and account.id)
    # After the commit, which keeps the attempt that the code has borne.
    if opened is None:
        raise SignInRefused
    return _whole(opened)


def change_password(
    *, session_id: uuid.UUID, current: str, new: str, address: str, now: datetime
) -> uuid.UUID:
    """Change the password of the account behind a session, and end all its sessions and unused codes.

    The present password is asked for unless there is none or the session was opened with a one-time code.
    Returns the session that takes the place of this one: a copy of its cookie opens nothing any more.
    Raises SignInRefused (the present password is wrong), TooManyAttempts, Invalid with a PasswordFault.
    """
    with transaction() as session:
        account, row = lock_account_of_session(session, session_id)
        login, stored = account.login, account.password_hash
        fault = password_fault(new, login=login)
        if fault is not None:
            raise Invalid(fault, "password")
        is_known = row.with_code or stored is None
    if not is_known:
        attempt_id = note_attempt(login=login, address=address, now=now)
        if not is_password(stored, current):
            raise SignInRefused
    with transaction() as session:
        account, row = lock_account_of_session(session, session_id)
        # Somebody else may have changed it while ours was checked.
        if account.password_hash != stored:
            raise SignInRefused
        set_password(account, password=new)
        if not is_known:
            session.execute(delete(SignInFailure).where(SignInFailure.id == attempt_id))
        withdraw_codes(session, account_id=account.id, now=now)
        end_sessions(session, account, now=now)
        renewed = renew(session, row, now=now)
        record(
            session,
            community_id=account.community_id,
            actor=Actor(person_id=account.person_id, community_id=account.community_id),
            action="account.change_password",
            subject_kind="account",
            subject_id=account.id,
            now=now,
            is_public=False,
        )
        return renewed.id


def reset_password(*, login: str, password: str, now: datetime) -> None:
    """Set a password on the operator's word, and end every session of the account.

    Raises NotFound (no such account, or closed), Invalid with a PasswordFault.
    """
    with transaction() as session:
        account = session.scalar(select(Account).where(Account.login == clean_login(login)).with_for_update())
        if account is None or account.disabled_at is not None:
            raise NotFound(login)
        set_password(account, password=password)
        session.execute(delete(SignInFailure).where(SignInFailure.login == account.login))
        withdraw_codes(session, account_id=account.id, now=now)
        end_sessions(session, account, now=now)
        record(
            session,
            community_id=account.community_id,
            actor=None,
            action="account.reset_password",
            subject_kind="account",
            subject_id=account.id,
            now=now,
            is_public=False,
        )


def end_session(*, session_id: uuid.UUID, account_id: uuid.UUID, now: datetime) -> None:
    """End one session of an account; ending it twice changes nothing. Raises NotFound."""
    with transaction() as session:
        row = session.get(SignInSession, session_id, with_for_update=True)
        if row is None or row.account_id != account_id:
            raise NotFound(session_id)
        if row.ended_at is None:
            row.ended_at = now
        end_assistances(session, Assistance.sign_in_session_id == session_id, now=now)


def end_all_sessions(*, account_id: uuid.UUID, now: datetime, spare: uuid.UUID | None = None) -> None:
    """End every session of an account, everywhere, except the one to spare."""
    with transaction() as session:
        account = session.get(Account, account_id, with_for_update=True)
        if account is None:
            raise NotFound(account_id)
        end_sessions(session, account, now=now, spare=spare)


def note_seen(*, session_id: uuid.UUID, now: datetime) -> None:
    """Remember when a session was last used."""
    with transaction() as session:
        session.execute(update(SignInSession).where(SignInSession.id == session_id).values(seen_at=now))


def forget_failures(*, now: datetime) -> int:
    """Delete failed attempts that count no more and half sign-ins that are over; return how many failed."""
    with transaction() as session:
        session.execute(delete(HalfSignIn).where(HalfSignIn.expires_at <= now))
        gone = session.execute(
            delete(SignInFailure).where(SignInFailure.at < now - FAILURE_WINDOW).returning(SignInFailure.id)
        )
        return len(gone.all())


def end_assistances(session: Session, which: ColumnElement[bool], *, now: datetime) -> None:
    """End the running acts of the help desk that `which` selects, within the caller's transaction."""
    running = session.scalars(
        select(Assistance)
        .where(which, Assistance.ended_at.is_(None))
        .order_by(Assistance.started_at, Assistance.id)
        .with_for_update()
    ).all()
    for row in running:
        # What has run out ended by itself at that moment, and needs no entry.
        row.ended_at = min(now, row.expires_at)
    for row in (row for row in running if row.expires_at > now):
        record(
            session,
            community_id=row.community_id,
            actor=Actor(person_id=row.clerk_id, community_id=row.community_id),
            action="assistance.end",
            subject_kind="assistance",
            subject_id=row.id,
            subject_title=row.person.number,
            now=now,
            is_public=False,
        )


def _use_code(session: Session, account: Account, *, code: str, now: datetime) -> bool:
    """Use up the account's one code that still counts, if this is it; a wrong one costs an attempt."""
    row = session.scalar(
        select(OneTimeCode)
        .where(
            OneTimeCode.account_id == account.id,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now,
            OneTimeCode.attempts < CODE_ATTEMPTS,
        )
        .with_for_update()
    )
    if row is None or account.disabled_at is not None:
        return False
    typed = code_hash(clean_code(code), account_id=account.id, key=current_app.config["SECRET_KEY"])
    if not secrets.compare_digest(typed, row.code_hash):
        row.attempts += 1
        return False
    row.used_at = now
    return True


def _lock_with_factor(session: Session, login: str) -> tuple[Account | None, bool]:
    """Lock the account of a login, and tell whether it has a second factor: one statement."""
    found = session.execute(
        select(Account, HAS_FACTOR).where(Account.login == login).with_for_update(of=Account)
    ).one_or_none()
    return (found[0], found[1]) if found else (None, False)


def _enter(session: Session, entered: Entered, *, has_second: bool) -> uuid.UUID | SecondFactorAsked:
    """Open a session, or let the sign-in wait; what comes of it is for `_whole`, after the commit."""
    if has_second:
        return SecondFactorAsked(begin_half(session, entered).id)
    return open_session(session, entered).id


def _whole(opened: uuid.UUID | SecondFactorAsked) -> uuid.UUID:
    if isinstance(opened, SecondFactorAsked):
        raise opened
    return opened


def end_sessions(
    session: Session, account: Account, *, now: datetime, spare: uuid.UUID | None = None
) -> None:
    """End the account's open sessions but `spare`, and the help that desks were giving within them."""
    which = [SignInSession.account_id == account.id, SignInSession.ended_at.is_(None)]
    if spare is not None:
        which.append(SignInSession.id != spare)
    ended = session.scalars(
        update(SignInSession).where(*which).values(ended_at=now).returning(SignInSession.id)
    ).all()
    end_assistances(session, Assistance.sign_in_session_id.in_(ended), now=now)


def withdraw_codes(session: Session, *, account_id: uuid.UUID, now: datetime) -> None:
    """Let every code that could still be used run out now; used ones keep their dates."""
    session.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.account_id == account_id, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now
        )
        .values(expires_at=now)
    )


def lock_account_of_session(session: Session, session_id: uuid.UUID) -> tuple[Account, SignInSession]:
    """Lock the account, not the session: two sessions that end each other must take turns."""
    account = session.scalar(
        select(Account)
        .join(SignInSession, SignInSession.account_id == Account.id)
        .where(SignInSession.id == session_id)
        .with_for_update(of=Account)
    )
    row = session.get(SignInSession, session_id, populate_existing=True)
    if account is None or row is None or row.ended_at is not None:
        raise NotFound(session_id)
    return account, row
