"""Hashing passwords with Argon2id."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from civicforum.accounts.rules import clean_password

# 32 MiB and three passes: some 50 ms on an office PC, whose memory holds a dozen people signing in at once.
# Above the least that the OWASP Password Storage Cheat Sheet names (19 MiB, two passes, one lane).
HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    return HASHER.hash(clean_password(password))


def is_password(stored: str | None, password: str) -> bool:
    """Tell whether `password` is the one stored. Takes as long when nothing is stored."""
    # Made at the first question, whoever is asked about: later it would tell a login that does not exist.
    nobodys = nobodys_hash()
    try:
        is_right = HASHER.verify(stored or nobodys, clean_password(password))
    except (VerificationError, InvalidHashError):
        return False
    return is_right and stored is not None


def is_outdated(stored: str) -> bool:
    """Tell whether a hash was made with other parameters than those in use now."""
    return HASHER.check_needs_rehash(stored)


@cache
def nobodys_hash() -> str:
    """Return the hash that a password is compared with where none is stored."""
    return HASHER.hash(secrets.token_hex())
