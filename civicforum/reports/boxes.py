"""Boxes that one key opens: libsodium's sealed box, and its box with a sender (X25519, XSalsa20, Poly1305).

Keys are 32 bytes. frontend/src/reports/boxes.js does the same in browsers; tests hold both to one another.
"""

from __future__ import annotations

import ctypes
import hashlib
import secrets

from argon2.low_level import Type, hash_secret_raw

from civicforum.sealed import base32, sodium

KEY_BYTES = 32
NONCE_BYTES = 24
MAC_BYTES = 16
SEAL_BYTES = KEY_BYTES + MAC_BYTES
BOX_BYTES = NONCE_BYTES + MAC_BYTES
SALT_BYTES = 16
CODE_CHARACTERS, CODE_BYTES = 16, 10
FINGERPRINT_CHARACTERS = 24

_library = sodium.load()


class NotOpened(ValueError):
    """The box is for another key, was changed, or is none at all."""


class UnusableKey(ValueError):
    """These bytes are no public key that anything can be sealed for."""


def new_secret() -> bytes:
    """Return a private key."""
    return secrets.token_bytes(KEY_BYTES)


def public_of(secret: bytes) -> bytes:
    """Return the public key of a private one."""
    return _call("crypto_scalarmult_base", KEY_BYTES, _exactly(secret, KEY_BYTES))


def fingerprint(public: bytes) -> str:
    """Return 120 bits of the key's digest for people to compare, as in ABCD-EFGH-…: six groups of four."""
    digest = hashlib.sha256(b"civicforum report key v1" + public).digest()
    return base32.grouped(base32.spell(digest, FINGERPRINT_CHARACTERS), 4)


def seal(message: bytes, public: bytes) -> bytes:
    """Return the message in a box that the owner of `public` alone opens; it names no sender."""
    length = ctypes.c_ulonglong(len(message))
    sealed = ctypes.create_string_buffer(len(message) + SEAL_BYTES)
    if _library.crypto_box_seal(sealed, message, length, _exactly(public, KEY_BYTES)):
        raise UnusableKey
    return sealed.raw


def open_sealed(sealed: bytes, secret: bytes) -> bytes:
    """Return what is in a sealed box. Raises NotOpened."""
    if len(sealed) < SEAL_BYTES:
        raise NotOpened
    message = ctypes.create_string_buffer(len(sealed) - SEAL_BYTES)
    length = ctypes.c_ulonglong(len(sealed))
    if _library.crypto_box_seal_open(message, sealed, length, public_of(secret), secret):
        raise NotOpened
    return message.raw


def box(message: bytes, *, to: bytes, secret: bytes) -> bytes:
    """Return nonce and box, which the owner of `to` opens and knows to come from the owner of `secret`."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    length = ctypes.c_ulonglong(len(message))
    boxed = ctypes.create_string_buffer(len(message) + MAC_BYTES)
    keys = (_exactly(to, KEY_BYTES), _exactly(secret, KEY_BYTES))
    if _library.crypto_box_easy(boxed, message, length, nonce, *keys):
        raise UnusableKey
    return nonce + boxed.raw


def open_box(boxed: bytes, *, sender: bytes, secret: bytes) -> bytes:
    """Return what the owner of `sender` boxed for the owner of `secret`. Raises NotOpened."""
    if len(boxed) < BOX_BYTES:
        raise NotOpened
    nonce, cipher = boxed[:NONCE_BYTES], boxed[NONCE_BYTES:]
    message = ctypes.create_string_buffer(len(cipher) - MAC_BYTES)
    length = ctypes.c_ulonglong(len(cipher))
    keys = (_exactly(sender, KEY_BYTES), _exactly(secret, KEY_BYTES))
    if _library.crypto_box_open_easy(message, cipher, length, nonce, *keys):
        raise NotOpened
    return message.raw


def new_code() -> str:
    """Return a reading code of 80 random bits."""
    return base32.spell(secrets.token_bytes(CODE_BYTES), CODE_CHARACTERS)


def read_code(typed: str) -> str:
    """Return a typed reading code as it was printed, without its grouping. Raises base32.Mistyped."""
    base32.read_digits(typed, CODE_CHARACTERS)
    return base32.canonical(typed)


def reader_secret(code: str, *, salt: bytes, authority: bytes) -> bytes:
    """Return the private key that follows from a reading code, for answers of one authority.

    The authority's public key goes into the salt: who puts another key into the database makes the code fail,
    and cannot have an answer of their own taken for the authority's.
    """
    mixed = hashlib.sha256(b"civicforum report reader v1" + authority + salt).digest()[:SALT_BYTES]
    # 19 MiB, two passes: what a cheap phone does in a second or two; the code has 80 bits by itself.
    return hash_secret_raw(code.encode(), mixed, 2, 19 * 1024, 1, KEY_BYTES, Type.ID)


def _call(name: str, length: int, *arguments: bytes) -> bytes:
    result = ctypes.create_string_buffer(length)
    if getattr(_library, name)(result, *arguments):
        raise UnusableKey
    return result.raw


def _exactly(value: bytes, length: int) -> bytes:
    # libsodium reads so many bytes whatever it is given.
    if len(value) != length:
        raise UnusableKey
    return value
