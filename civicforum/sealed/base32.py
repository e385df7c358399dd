"""Bytes for people to read and type: Crockford's base 32, which has no I, L, O and U.

What is read back may have small letters, hyphens and spaces, i and l for 1, o for 0.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


class Mistyped(ValueError):
    """A code that cannot be what was printed; the person should look again."""


def spell(data: bytes, length: int) -> str:
    """Return the first `length` characters, five bits each, zero bits after the end."""
    bits = int.from_bytes(data, "big") << (-8 * len(data) % 5)
    digits = -(-8 * len(data) // 5)
    return "".join(ALPHABET[bits >> 5 * (digits - 1 - at) & 31] for at in range(length))


def read_digits(typed: str, length: int) -> list[int]:
    """Return the values, 0 to 31, of a typed code; raise Mistyped for other characters or another length."""
    digits = [ALPHABET.find(character) for character in canonical(typed)]
    if len(digits) != length or -1 in digits:
        raise Mistyped(f"not {length} characters of the code's alphabet")
    return digits


def canonical(typed: str) -> str:
    """Return a typed code as it was printed, without its grouping."""
    return typed.upper().translate(_LOOKALIKES)


def grouped(code: str, size: int) -> str:
    """Return the code in groups, for people: ABCD-EFGH."""
    return "-".join(code[at : at + size] for at in range(0, len(code), size))
