"""Voting cards: a code of 100 random bits that a voter scans or types, and the credential that follows from
it.

21 characters in three groups of seven. The last is a check over GF(32), the field of the polynomial x^5 + x^2
+ 1, at 2: it finds every single wrong character and every two that changed places.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from .base32 import ALPHABET, Mistyped, grouped, read_digits
from .group import Point, times_base
from .hashing import hash_to_scalar

CODE_LENGTH = 21
GROUP = 7
_DATA_BITS = 100
_POLYNOMIAL = 0b100101


def new_code() -> str:
    """Return a fresh code as it is printed: 7-7-7."""
    bits = secrets.randbits(_DATA_BITS)
    return code_of([bits >> 5 * at & 31 for at in reversed(range(CODE_LENGTH - 1))])


def code_of(digits: Iterable[int]) -> str:
    """Return the printed code of 20 values from 0 to 31."""
    digits = list(digits)
    code = "".join(ALPHABET[digit] for digit in (*digits, _doubled(_remainder(digits))))
    return grouped(code, GROUP)


def read_code(typed: str) -> str:
    """Return the 21 characters of a typed code; raise Mistyped when they cannot be what was printed."""
    digits = read_digits(typed, CODE_LENGTH)
    if _remainder(digits):
        raise Mistyped("the check character does not agree")
    return "".join(ALPHABET[digit] for digit in digits)


def secret_of(uuid: str, code: str) -> int:
    """Return the secret of a credential, from the election and the 21 characters that `read_code` gives."""
    return hash_to_scalar("credential", uuid.encode("ascii"), code.encode("ascii"))


def credential_of(uuid: str, code: str) -> Point:
    """Return the public credential of a code: what the roll lists."""
    return times_base(secret_of(uuid, code))


def _doubled(value: int) -> int:
    return value << 1 ^ (_POLYNOMIAL if value & 16 else 0)


def _remainder(digits: Iterable[int]) -> int:
    """Return the digits as a polynomial over GF(32), evaluated at 2; 0 for a whole code."""
    value = 0
    for digit in digits:
        value = _doubled(value) ^ digit
    return value
