"""Secrets of second factors as the database holds them: under keys that follow from the identity key.

Not from the secret key: that one is changed to sign everybody out, and every app would be lost with it.
"""

from __future__ import annotations

import secrets
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12


class NotOpened(ValueError):
    """Sealed under another identity key, for another account, or changed."""


def derived_key(identity_key: str, purpose: str) -> bytes:
    """Return a key of 32 bytes for one purpose (HKDF with SHA-256, RFC 5869)."""
    info = f"civicforum second factor v1 {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(identity_key.encode())


def seal_secret(secret: str, *, account_id: uuid.UUID, identity_key: str) -> bytes:
    """Return nonce and AES-256-GCM of an app's secret, bound to the account."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(derived_key(identity_key, "app"))
    return nonce + cipher.encrypt(nonce, secret.encode(), account_id.bytes)


def open_secret(sealed: bytes, *, account_id: uuid.UUID, identity_key: str) -> str:
    """Return an app's secret, in base 32. Raises NotOpened."""
    cipher = AESGCM(derived_key(identity_key, "app"))
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], account_id.bytes).decode()
    except InvalidTag as error:
        raise NotOpened from error
