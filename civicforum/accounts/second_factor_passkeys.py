"""Passkeys: what a browser is asked, and whether its answer is right (Web Authentication Level 2, 7)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from civicforum.accounts.errors import SecondFactorRefused
from civicforum.accounts.models import Account
from civicforum.accounts.second_factor_models import Passkey
from civicforum.accounts.second_factor_rules import Factor, RelyingParty

# What an answer that is none at all makes the library or us stumble over.
UNREADABLE = (WebAuthnException, ValueError, LookupError, TypeError, AttributeError, RecursionError)


def ask_for_passkey(
    session: Session, account: Account, *, party: RelyingParty
) -> tuple[dict[str, Any], bytes]:
    """Return what the browser asks for one of the account's passkeys, and the challenge to keep."""
    options = generate_authentication_options(
        rp_id=party.id,
        allow_credentials=_known(session, account),
        # The password was the first factor: a key without a fingerprint reader is good enough for the second.
        user_verification=UserVerificationRequirement.DISCOURAGED,
    )
    return json.loads(options_to_json(options)), options.challenge


def ask_for_new_passkey(
    session: Session, account: Account, *, party: RelyingParty, site: str, person: str
) -> tuple[dict[str, Any], bytes]:
    """Return what the browser asks for when a passkey is made, and the challenge to keep."""
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=site,
        user_id=account.id.bytes,
        user_name=account.login,
        user_display_name=person,
        exclude_credentials=_known(session, account),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.DISCOURAGED,
        ),
    )
    return json.loads(options_to_json(options)), options.challenge


def check_passkey(
    session: Session,
    account: Account,
    *,
    answer: str,
    challenge: bytes | None,
    party: RelyingParty,
    now: datetime,
) -> Factor | None:
    """Return Factor.PASSKEY if a passkey of the account signed the challenge; None if nothing is proven.

    A count of signatures that has not grown tells of a copied key, and is refused; keys that do not count
    say 0 each time.
    """
    if challenge is None:
        return None
    try:
        given = json.loads(answer)
        key = session.scalar(
            select(Passkey)
            .where(
                Passkey.account_id == account.id, Passkey.credential_id == base64url_to_bytes(given["rawId"])
            )
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if key is None:
            return None
        verified = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except UNREADABLE:
        return None
    key.sign_count, key.used_at = verified.new_sign_count, now
    return Factor.PASSKEY


def check_new_passkey(answer: str, *, challenge: bytes | None, party: RelyingParty) -> VerifiedRegistration:
    """Return the passkey that was made. Raises SecondFactorRefused."""
    if challenge is None:
        raise SecondFactorRefused
    try:
        return verify_registration_response(
            credential=json.loads(answer),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
        )
    except UNREADABLE as error:
        raise SecondFactorRefused from error


def _known(session: Session, account: Account) -> list[PublicKeyCredentialDescriptor]:
    ids = session.scalars(
        select(Passkey.credential_id).where(Passkey.account_id == account.id).order_by(Passkey.made_at)
    )
    return [PublicKeyCredentialDescriptor(id=each) for each in ids]
