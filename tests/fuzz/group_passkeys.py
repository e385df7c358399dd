"""What a browser answers with a passkey: made a new one, or signed with one."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from civicforum.accounts.errors import SecondFactorRefused
from civicforum.accounts.models import Account
from civicforum.accounts.second_factor_models import Passkey
from civicforum.accounts.second_factor_passkeys import check_new_passkey, check_passkey
from civicforum.accounts.second_factor_rules import RelyingParty
from tests.fuzz.target import CONTENT, PART, Target, as_text
from tests.support.authenticator import Authenticator

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PARTY = RelyingParty(id="forum.example", origin="https://forum.example")
CHALLENGE = hashlib.sha256(b"civicforum fuzz").digest()
OPTIONS = {"challenge": bytes_to_base64url(CHALLENGE), "rpId": PARTY.id, "rp": {"id": PARTY.id}}


class _OneKey:
    """Stands for the session of a database with one passkey."""

    def __init__(self, key: Passkey) -> None:
        self.key = key

    def scalar(self, _statement: object) -> Passkey:
        return self.key


@cache
def _authenticator() -> Authenticator:
    return Authenticator(origin=PARTY.origin)


@cache
def _made() -> str:
    return _authenticator().create(OPTIONS)


@cache
def _signed() -> str:
    _made()  # counts before this does
    return _authenticator().get(OPTIONS)


def _taken_apart(answer: str) -> bytes:
    """Return an answer with its parts as bytes: in Base64, whoever changes them only breaks the letters."""
    parts = json.loads(answer)["response"]
    return PART.join(name.encode() + CONTENT + base64url_to_bytes(text) for name, text in parts.items())


def _answer(data: bytes) -> str:
    if data.startswith(b"{"):
        return as_text(data)
    response = {}
    for part in data.split(PART):
        name, _, content = part.partition(CONTENT)
        response[as_text(name)] = bytes_to_base64url(content)
    name = bytes_to_base64url(_authenticator().id)
    return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def _create(data: bytes) -> None:
    answer = _answer(data)
    made = check_new_passkey(answer, challenge=CHALLENGE, party=PARTY)
    said = _said(answer)
    assert base64url_to_bytes(said["challenge"]) == CHALLENGE
    assert said["origin"] == PARTY.origin
    assert made.credential_public_key


def _prove(data: bytes) -> None:
    answer = _answer(data)
    made = check_new_passkey(_made(), challenge=CHALLENGE, party=PARTY)
    key = Passkey(public_key=made.credential_public_key, sign_count=made.sign_count)
    session = cast("Session", _OneKey(key))
    account = Account(id=uuid.UUID("00000000-0000-4000-8000-00000000000b"))
    factor = check_passkey(session, account, answer=answer, challenge=CHALLENGE, party=PARTY, now=NOW)
    if factor is None:
        raise SecondFactorRefused
    given, signed = (json.loads(one)["response"] for one in (answer, _signed()))
    for name in ("clientDataJSON", "authenticatorData"):
        assert base64url_to_bytes(given[name]) == base64url_to_bytes(signed[name]), (
            "the key never signed this"
        )
    assert key.sign_count > made.sign_count


def _said(answer: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64url_to_bytes(json.loads(answer)["response"]["clientDataJSON"]))
    return found


TARGETS = (
    Target(
        "passkeys.made",
        "a browser's answer with a new passkey",
        "it answers what was asked, from our own page",
        _create,
        lambda: [_made().encode(), _taken_apart(_made())],
        (SecondFactorRefused,),
    ),
    Target(
        "passkeys.signed",
        "a browser's answer signed with a passkey",
        "nothing is accepted that the key has not signed",
        _prove,
        lambda: [_signed().encode(), _taken_apart(_signed())],
        (SecondFactorRefused,),
    ),
)
