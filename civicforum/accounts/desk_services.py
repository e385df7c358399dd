"""What clerks and administrators do at the help desk: accounts, one-time codes, and acting for somebody."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.errors import GuardedAccount
from civicforum.accounts.models import Account, Assistance, OneTimeCode, SignInSession
from civicforum.accounts.rules import (
    ASSISTANCE_LASTS,
    CODE_DIGITS,
    CODE_LASTS,
    GUARDED_ROLES,
    Actor,
    code_hash,
)
from civicforum.accounts.services import create_account, end_assistances, end_sessions, withdraw_codes
from civicforum.bodies.queries import roles_held
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.people.models import Person
from civicforum.records.services import record
from civicforum.rows import get_row
from civicforum.rulebook.days import day_of


def begin_assistance(
    *, person_id: uuid.UUID, reason: str, session_id: uuid.UUID, actor: Actor, now: datetime
) -> uuid.UUID:
    """Let a clerk act for somebody for half an hour, in one sign-in session, and return the assistance's id.

    Whom the clerk was helping until now is left first.
    Raises NotEligible (not a clerk, or for oneself), NotFound, Invalid (no reason).
    """
    if not reason.strip():
        raise Invalid("missing", "reason")
    with transaction() as session:
        require_desk(actor, Role.CLERK)
        if person_id == actor.person_id:
            raise NotEligible("nobody is his own helper")
        person = get_neighbour(session, person_id=person_id, actor=actor)
        # One after the other: a clerk's two windows would otherwise both find nobody being helped.
        lock_account_of(session, person_id=actor.person_id)
        running = session.get(SignInSession, session_id)
        if running is None or running.ended_at is not None or running.account.person_id != actor.person_id:
            raise NotEligible(session_id)
        end_assistances(session, Assistance.clerk_id == actor.person_id, now=now)
        row = Assistance(
            community_id=actor.community_id,
            clerk_id=actor.person_id,
            person_id=person.id,
            sign_in_session_id=session_id,
            reason=reason.strip()[:300],
            started_at=now,
            expires_at=now + ASSISTANCE_LASTS,
        )
        session.add(row)
        session.flush()
        record(
            session,
            community_id=actor.community_id,
            actor=actor,
            action="assistance.begin",
            subject_kind="assistance",
            subject_id=row.id,
            subject_title=person.number,
            reason=row.reason,
            payload={"person": str(person.id), "until": row.expires_at.isoformat()},
            now=now,
            is_public=False,
        )
        return row.id


def stop_assistance(*, assistance_id: uuid.UUID, clerk_id: uuid.UUID, now: datetime) -> None:
    """End an act of help; ending it twice changes nothing. Raises NotFound (not this clerk's)."""
    with transaction() as session:
        row = session.get(Assistance, assistance_id)
        if row is None or row.clerk_id != clerk_id:
            raise NotFound(assistance_id)
        end_assistances(session, Assistance.id == assistance_id, now=now)


def issue_code(*, person_id: uuid.UUID, actor: Actor, now: datetime) -> str:
    """Return a new one-time code for a person's account; earlier ones stop working.

    Raises NotEligible (not at the desk), GuardedAccount, NotFound (person or account).
    """
    with transaction() as session:
        require_desk(actor)
        person = get_neighbour(session, person_id=person_id, actor=actor)
        account = lock_account_of(session, person_id=person_id)
        if account.disabled_at is not None:
            raise NotFound(person_id)
        held = roles_held(session, person_id=person_id, day=day_of(now))
        if held & GUARDED_ROLES and not actor.has(Role.ADMIN):
            raise GuardedAccount(person_id)
        _row, code = write_code(
            session, account=account, lasts=CODE_LASTS, issued_by_id=actor.person_id, now=now
        )
        record(
            session,
            community_id=actor.community_id,
            actor=actor,
            action="account.issue_code",
            subject_kind="account",
            subject_id=account.id,
            subject_title=person.number,
            now=now,
            is_public=False,
        )
    return code


def write_code(
    session: Session, *, account: Account, lasts: timedelta, issued_by_id: uuid.UUID, now: datetime
) -> tuple[OneTimeCode, str]:
    """Give a locked account a new one-time code in the caller's transaction; earlier ones stop working.

    Returns the row, which keeps only a hash, and the code itself.
    """
    withdraw_codes(session, account_id=account.id, now=now)
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    row = OneTimeCode(
        account_id=account.id,
        code_hash=code_hash(code, account_id=account.id, key=current_app.config["SECRET_KEY"]),
        issued_at=now,
        expires_at=now + lasts,
        issued_by_id=issued_by_id,
    )
    session.add(row)
    session.flush()
    return row, code


def open_account(*, person_id: uuid.UUID, login: str, actor: Actor, now: datetime) -> None:
    """Make an account at the desk for somebody who has none; it opens with a one-time code.

    Raises NotEligible, NotFound, AlreadyDone, Invalid.
    """
    with transaction() as session:
        require_desk(actor)
        person = get_neighbour(session, person_id=person_id, actor=actor)
        account = create_account(session, person=person, login=login, password=None, now=now)
        record(
            session,
            community_id=actor.community_id,
            actor=actor,
            action="account.create",
            subject_kind="account",
            subject_id=account.id,
            subject_title=person.number,
            now=now,
            is_public=False,
        )


def disable_account(*, person_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Close an account and all its sessions. Raises NotEligible, NotFound, AlreadyDone, Invalid."""
    _switch_account(person_id=person_id, reason=reason, actor=actor, now=now, is_open=False)


def enable_account(*, person_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Open a closed account again. Raises as disable_account."""
    _switch_account(person_id=person_id, reason=reason, actor=actor, now=now, is_open=True)


def require_desk(actor: Actor, *allowed: Role) -> None:
    """Raise NotEligible unless the actor works at the desk in his own name."""
    if not actor.holds(*(allowed or (Role.CLERK, Role.ADMIN))):
        raise NotEligible(actor.person_id)


def get_neighbour(session: Session, *, person_id: uuid.UUID, actor: Actor) -> Person:
    """Return somebody who lives in the actor's community now. Raises NotFound."""
    person = session.get(Person, person_id)
    if person is None or person.community_id != actor.community_id or person.left_on is not None:
        raise NotFound(person_id)
    return person


def lock_account_of(session: Session, *, person_id: uuid.UUID) -> Account:
    account = session.scalar(select(Account).where(Account.person_id == person_id).with_for_update())
    if account is None:
        raise NotFound(person_id)
    return account


def _switch_account(*, person_id: uuid.UUID, reason: str, actor: Actor, now: datetime, is_open: bool) -> None:
    if not reason.strip():
        raise Invalid("missing", "reason")
    with transaction() as session:
        require_desk(actor, Role.ADMIN)
        person = get_row(session, Person, person_id, community_id=actor.community_id)
        account = lock_account_of(session, person_id=person_id)
        if (account.disabled_at is None) == is_open:
            raise AlreadyDone(person_id)
        if not is_open and account.person_id == actor.person_id:
            raise NotEligible("nobody closes the own account")
        account.disabled_at = None if is_open else now
        withdraw_codes(session, account_id=account.id, now=now)
        end_sessions(session, account, now=now)
        record(
            session,
            community_id=actor.community_id,
            actor=actor,
            action="account.enable" if is_open else "account.disable",
            subject_kind="account",
            subject_id=account.id,
            subject_title=person.number,
            reason=reason.strip(),
            now=now,
            is_public=False,
        )
