"""Passwords hashed for nearly nothing: hundreds of tests sign in, and few ask what a hash has to cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher

from civicforum.accounts import passwords

OFFICIAL = passwords.HASHER
CHEAP = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)


def cheapen() -> None:
    passwords.HASHER = CHEAP


@contextmanager
def official() -> Iterator[None]:
    """Hash as in use; accounts made before keep what they were hashed with."""
    passwords.HASHER = OFFICIAL
    passwords.nobodys_hash.cache_clear()
    try:
        yield
    finally:
        cheapen()
        passwords.nobodys_hash.cache_clear()
