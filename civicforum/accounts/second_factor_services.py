"""Enrolling second factors, taking them away, and asking them of everybody who holds a post with powers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from civicforum.accounts.desk_services import lock_account_of, require_desk
from civicforum.accounts.errors import SecondFactorRefused
from civicforum.accounts.models import Account, SignInSession
from civicforum.accounts.opening import HAS_FACTOR
from civicforum.accounts.rules import Actor, clean_login
from civicforum.accounts.second_factor_models import AuthenticatorApp, HalfSignIn, Passkey, RecoveryCode
from civicforum.accounts.second_factor_passkeys import ask_for_new_passkey, check_new_passkey
from civicforum.accounts.second_factor_proving import identity_key, use_step
from civicforum.accounts.second_factor_rules import (
    PASSKEY_NAME_MOST,
    PASSKEYS_MOST,
    RECOVERY_CODES,
    RECOVERY_GROUP,
    Factor,
    RelyingParty,
    new_recovery_code,
    recovery_hash,
)
from civicforum.accounts.second_factor_secrets import derived_key, seal_secret
from civicforum.accounts.second_factor_signing import prove
from civicforum.accounts.second_factor_telling import tell_of_removal, tell_owner
from civicforum.accounts.services import end_sessions, lock_account_of_session
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, require_text
from civicforum.people.models import Community, Person
from civicforum.records.services import record
from civicforum.rows import get_row
from civicforum.sealed import base32


@dataclass(frozen=True)
class Enrolled:
    """The session that goes on, and the recovery codes if they were made by this; they are shown once."""

    session_id: uuid.UUID
    codes: list[str]


def begin_app(*, session_id: uuid.UUID, now: datetime) -> None:
    """Make the secret of a new app, which counts once its first code was typed.

    Raises AlreadyDone (an app is enrolled), NotFound.
    """
    with transaction() as session:
        account, _row = lock_account_of_session(session, session_id)
        app = _app_of(session, account)
        if app is not None and app.confirmed_at is not None:
            raise AlreadyDone(account.id)
        if app is not None:
            session.delete(app)
            session.flush()
        secret = pyotp.random_base32()
        sealed = seal_secret(secret, account_id=account.id, identity_key=identity_key())
        session.add(AuthenticatorApp(account_id=account.id, sealed_secret=sealed, made_at=now))


def confirm_app(*, session_id: uuid.UUID, typed: str, now: datetime) -> Enrolled:
    """Enrol the app whose first code this is, and sign out the account's other devices.

    Raises SecondFactorRefused, AlreadyDone, NotFound (none was begun).
    """
    with transaction() as session:
        account, row = lock_account_of_session(session, session_id)
        app = _app_of(session, account)
        if app is None:
            raise NotFound(account.id)
        if app.confirmed_at is not None:
            raise AlreadyDone(account.id)
        if not use_step(app, typed=typed, now=now):
            raise SecondFactorRefused
        app.confirmed_at = now
        return _enrol(session, account, row, factor=Factor.APP, now=now)


def ask_new_passkey(*, session_id: uuid.UUID, party: RelyingParty, site: str) -> dict[str, Any]:
    """Return what the browser asks for when somebody makes a passkey. Raises NotFound, Invalid (too many)."""
    with transaction() as session:
        account, row = lock_account_of_session(session, session_id)
        _check_room(session, account)
        options, row.challenge = ask_for_new_passkey(
            session, account, party=party, site=site, person=account.person.name
        )
        return options


def add_passkey(
    *, session_id: uuid.UUID, name: str, answer: str, party: RelyingParty, now: datetime
) -> Enrolled:
    """Enrol a passkey under a name, and sign out the account's other devices.

    Raises Invalid (name missing or long, too many), SecondFactorRefused, NotFound.
    """
    name = require_text(name, most=PASSKEY_NAME_MOST, field="name")
    with transaction() as session:
        account, row = lock_account_of_session(session, session_id)
        _check_room(session, account)
        made = check_new_passkey(answer, challenge=row.challenge, party=party)
        if session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)):
            raise SecondFactorRefused
        session.add(
            Passkey(
                account_id=account.id,
                credential_id=made.credential_id,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                name=name,
                made_at=now,
            )
        )
        return _enrol(session, account, row, factor=Factor.PASSKEY, now=now)


def renew_codes(*, session_id: uuid.UUID, now: datetime) -> list[str]:
    """Make ten new recovery codes; earlier ones stop working. Raises NotEligible (no factor), NotFound."""
    with transaction() as session:
        account, _row = lock_account_of_session(session, session_id)
        if not has_factor(session, account_id=account.id):
            raise NotEligible(account.id)
        codes = _write_codes(session, account, now=now)
        _record(session, account, "account.renew_recovery_codes", now=now)
        return codes


def remove_app(*, session_id: uuid.UUID, now: datetime) -> None:
    """Take the own app away. Raises NotFound."""
    with transaction() as session:
        account, _row = lock_account_of_session(session, session_id)
        app = _app_of(session, account)
        if app is None:
            raise NotFound(account.id)
        was_enrolled = app.confirmed_at is not None
        session.delete(app)
        if was_enrolled:
            _drop(session, account, Factor.APP, now=now)


def remove_passkey(*, session_id: uuid.UUID, passkey_id: uuid.UUID, now: datetime) -> None:
    """Take one of the own passkeys away. Raises NotFound."""
    with transaction() as session:
        account, _row = lock_account_of_session(session, session_id)
        key = session.get(Passkey, passkey_id)
        if key is None or key.account_id != account.id:
            raise NotFound(passkey_id)
        session.delete(key)
        _drop(session, account, Factor.PASSKEY, now=now)


def take_away(*, person_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Take every second factor of somebody else away who has lost it, and sign them out everywhere.

    Raises NotEligible (no administrator, or for oneself), NotFound (person, account or factor), Invalid.
    """
    reason = require_text(reason, most=300, field="reason")
    with transaction() as session:
        require_desk(actor, Role.ADMIN)
        if person_id == actor.person_id:
            raise NotEligible("nobody takes the own factor away here")
        person = get_row(session, Person, person_id, community_id=actor.community_id)
        account = lock_account_of(session, person_id=person_id)
        if not has_factor(session, account_id=account.id):
            raise NotFound(person_id)
        _forget_all(session, account)
        end_sessions(session, account, now=now)
        tell_of_removal(session, account=account, person=person, actor=actor, reason=reason, now=now)
        _record(
            session,
            account,
            "account.take_second_factor",
            now=now,
            actor=actor,
            title=person.number,
            reason=reason,
        )


def take_away_as_operator(*, login: str, now: datetime) -> None:
    """Take every second factor of an account away on the operator's word. Raises NotFound."""
    with transaction() as session:
        account = session.scalar(select(Account).where(Account.login == clean_login(login)).with_for_update())
        if account is None or not has_factor(session, account_id=account.id):
            raise NotFound(login)
        _forget_all(session, account)
        end_sessions(session, account, now=now)
        tell_owner(session, account, "您的第二重验证已由系统维护人员解除", now=now)
        _record(session, account, "account.take_second_factor", now=now, by_operator=True)


def require(*, is_needed: bool, session_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Ask second factors of everybody in a post with powers from now on, or ask no more.

    Who asks has proven one: else nobody might be left who can take the demand back.
    Raises NotEligible (no administrator), AlreadyDone, Invalid "own_first".
    """
    with transaction() as session:
        require_desk(actor, Role.ADMIN)
        community = session.get_one(Community, actor.community_id, with_for_update=True)
        if community.needs_second_factor == is_needed:
            raise AlreadyDone(community.id)
        row = session.get_one(SignInSession, session_id)
        if is_needed and row.factor_at is None:
            raise Invalid("own_first")
        community.needs_second_factor = is_needed
        record(
            session,
            community_id=community.id,
            actor=actor,
            action="community.need_second_factor" if is_needed else "community.waive_second_factor",
            subject_kind="community",
            subject_id=community.id,
            subject_title=community.name,
            now=now,
            is_public=False,
        )


def has_factor(session: Session, *, account_id: uuid.UUID) -> bool:
    """Tell whether an account has a second factor."""
    return bool(session.scalar(select(HAS_FACTOR).select_from(Account).where(Account.id == account_id)))


def _app_of(session: Session, account: Account) -> AuthenticatorApp | None:
    return session.scalar(
        select(AuthenticatorApp).where(AuthenticatorApp.account_id == account.id).with_for_update()
    )


def _check_room(session: Session, account: Account) -> None:
    held = session.scalar(select(func.count()).where(Passkey.account_id == account.id)) or 0
    if held >= PASSKEYS_MOST:
        raise Invalid("many", "name")


def _enrol(
    session: Session, account: Account, row: SignInSession, *, factor: Factor, now: datetime
) -> Enrolled:
    end_sessions(session, account, now=now)
    session_id = prove(session, row, factor=factor, now=now)
    unused = (RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    has_codes = session.scalar(select(RecoveryCode.id).where(*unused).limit(1)) is not None
    codes = [] if has_codes else _write_codes(session, account, now=now)
    tell_owner(session, account, "您的账号添加了第二重验证", now=now)
    _record(session, account, "account.add_second_factor", now=now, payload={"factor": factor})
    return Enrolled(session_id, codes)


def _drop(session: Session, account: Account, factor: Factor, *, now: datetime) -> None:
    """Write that one of the account's factors is gone; with the last one go the codes and what was proven."""
    session.flush()
    if not has_factor(session, account_id=account.id):
        _forget_all(session, account)
    tell_owner(session, account, "您的账号移除了一种第二重验证", now=now)
    _record(session, account, "account.remove_second_factor", now=now, payload={"factor": factor})


def _forget_all(session: Session, account: Account) -> None:
    for table in (AuthenticatorApp, Passkey, RecoveryCode, HalfSignIn):
        session.execute(delete(table).where(table.account_id == account.id))
    for row in session.scalars(
        select(SignInSession).where(SignInSession.account_id == account.id, SignInSession.ended_at.is_(None))
    ):
        row.factor, row.factor_at = "", None


def _write_codes(session: Session, account: Account, *, now: datetime) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    key = derived_key(identity_key(), "recovery")
    codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(
            account_id=account.id, code_hash=recovery_hash(code, account_id=account.id, key=key), made_at=now
        )
        for code in codes
    )
    return [base32.grouped(code, RECOVERY_GROUP) for code in codes]


def _record(
    session: Session,
    account: Account,
    action: str,
    *,
    now: datetime,
    actor: Actor | None = None,
    by_operator: bool = False,
    title: str = "",
    reason: str = "",
    payload: dict[str, Any] | None = None,
) -> None:
    own = Actor(person_id=account.person_id, community_id=account.community_id)
    record(
        session,
        community_id=account.community_id,
        actor=None if by_operator else actor or own,
        action=action,
        subject_kind="account",
        subject_id=account.id,
        subject_title=title,
        reason=reason,
        payload=payload,
        now=now,
        is_public=False,
    )
