"""Codes of slips and numbers of ratings, for people to read and type: Crockford's base 32."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from civicforum.sealed import base32

CODE_CHARACTERS, CODE_BYTES = 8, 5
NUMBER_CHARACTERS, NUMBER_BYTES = 12, 8


def new_code() -> str:
    """Return a slip's code of 40 random bits."""
    return base32.spell(secrets.token_bytes(CODE_BYTES), CODE_CHARACTERS)


def new_number() -> str:
    """Return a rating's number of 60 random bits."""
    return base32.spell(secrets.token_bytes(NUMBER_BYTES), NUMBER_CHARACTERS)


def read_code(typed: str) -> str:
    """Return a typed code as it was printed. Raises base32.Mistyped."""
    return _read(typed, CODE_CHARACTERS)


def read_number(typed: str) -> str:
    """Return a typed number as it was shown. Raises base32.Mistyped."""
    return _read(typed, NUMBER_CHARACTERS)


def hash_code(code: str, *, key: str) -> bytes:
    """Return what is stored of a slip's code. Keyed: 40 bits alone could be tried out on a copied table."""
    return hmac.new(key.encode(), f"service slip v1|{code}".encode(), hashlib.sha256).digest()


def _read(typed: str, length: int) -> str:
    base32.read_digits(typed, length)
    return base32.canonical(typed)
