"""Whether a typed code proves the second factor of a locked account; it is used up by that."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.models import Account
from civicforum.accounts.second_factor_models import AuthenticatorApp, RecoveryCode
from civicforum.accounts.second_factor_rules import Factor, find_step, is_app_code, recovery_hash
from civicforum.accounts.second_factor_secrets import NotOpened, derived_key, open_secret


def identity_key() -> str:
    """Return what the keys of second factors follow from."""
    key: str = current_app.config["CIVICFORUM"].identity_key
    return key


def check_code(session: Session, account: Account, *, typed: str, now: datetime) -> Factor | None:
    """Use up what was typed, and return what it was; None if it proves nothing."""
    if is_app_code(typed):
        return Factor.APP if _use_app(session, account, typed=typed, now=now) else None
    return Factor.RECOVERY if _use_recovery(session, account, typed=typed, now=now) else None


def use_step(app: AuthenticatorApp, *, typed: str, now: datetime) -> bool:
    """Count a code of a locked app once. False: it is wrong, used, or the secret opens no more."""
    try:
        secret = open_secret(app.sealed_secret, account_id=app.account_id, identity_key=identity_key())
    except NotOpened:
        current_app.logger.warning("the identity key does not open the second factor of %s", app.account_id)
        return False
    step = find_step(secret, typed, now=now, after=app.last_step)
    if step is not None:
        app.last_step = step
    return step is not None


def _use_app(session: Session, account: Account, *, typed: str, now: datetime) -> bool:
    app = session.scalar(
        select(AuthenticatorApp)
        .where(AuthenticatorApp.account_id == account.id, AuthenticatorApp.confirmed_at.is_not(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return app is not None and use_step(app, typed=typed, now=now)


def _use_recovery(session: Session, account: Account, *, typed: str, now: datetime) -> bool:
    unused = session.scalars(
        select(RecoveryCode)
        .where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    key = derived_key(identity_key(), "recovery")
    wanted = recovery_hash(typed, account_id=account.id, key=key)
    # All are compared, whichever it is.
    right = [row for row in unused if secrets.compare_digest(row.code_hash, wanted)]
    for row in right:
        row.used_at = now
    return bool(right)
