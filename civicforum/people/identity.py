"""Identity numbers: checked, read once, and kept only as a keyed hash.

A number has eighteen places (GB 11643-1999): six of the region, eight of the birth date, three of the order,
of which the last is odd for men, and a check character.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import date

from civicforum.people.rules import Sex

LENGTH = 18
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"


class IdentityInvalid(ValueError):
    """The number is not one that could have been given out. The message never repeats it."""


@dataclass(frozen=True)
class Identity:
    """What may be known of a number after it was read: its hash, and the facts it states."""

    hash: str
    born_on: date
    sex: Sex


def read_identity(text: str, *, key: str) -> Identity:
    """Check a number and return its HMAC-SHA256 (hex) under `key`, with birth date and sex.

    Full-width characters, spaces and a small x are understood. Raises IdentityInvalid.
    """
    number = _normalised(text)
    if not is_valid(number):
        raise IdentityInvalid("not an identity number")
    return Identity(
        hash=hmac.new(key.encode(), number.encode(), hashlib.sha256).hexdigest(),
        born_on=_birth_date(number),
        sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE,
    )


def is_valid(number: str) -> bool:
    """Tell whether eighteen normalised characters hold a real day and the right check character."""
    if len(number) != LENGTH or not (number[:17].isascii() and number[:17].isdigit()):
        return False
    if check_character(number[:17]) != number[17]:
        return False
    try:
        _birth_date(number)
    except ValueError:
        return False
    return True


def check_character(digits: str) -> str:
    """Return the eighteenth place for the first seventeen (GB 11643-1999, after ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    return CHECK_CHARACTERS[total % 11]


def _normalised(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "").upper()


def _birth_date(number: str) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
