"""The slip on which a trustee keeps the seed: 52 characters in groups of four, and a QR code."""

from __future__ import annotations

from typing import NamedTuple

from .base32 import ALPHABET, Mistyped, grouped, read_digits
from .hashing import h32

SEED_BYTES = 32
SLIP_LENGTH = 52
GROUP = 4
_PREFIX = "SEALED-V1:SLIP"
_CHECK_BITS = 4  # 52 characters hold 260 bits; the whole check is that the archive's hello comes out


class Slip(NamedTuple):
    """Which trustee, and the seed of 32 bytes."""

    trustee: int
    seed: bytes

    @property
    def code(self) -> str:
        """Return the 52 characters to print, in groups."""
        bits = int.from_bytes(self.seed, "big") << _CHECK_BITS | _check(self.seed)
        return grouped("".join(ALPHABET[bits >> 5 * at & 31] for at in reversed(range(SLIP_LENGTH))), GROUP)

    @property
    def qr_text(self) -> str:
        """Return what the QR code holds."""
        return f"{_PREFIX}:{self.trustee}:{self.code.replace('-', '')}"


def read_seed(typed: str) -> bytes:
    """Return the seed of typed characters; raise Mistyped when they cannot be what was printed."""
    bits = 0
    for digit in read_digits(typed, SLIP_LENGTH):
        bits = bits << 5 | digit
    seed = (bits >> _CHECK_BITS).to_bytes(SEED_BYTES, "big")
    if bits & (1 << _CHECK_BITS) - 1 != _check(seed):
        raise Mistyped("the last character does not agree")
    return seed


def read_qr_text(text: str) -> Slip:
    """Return the slip of a scanned QR code; raise Mistyped when it is another code."""
    prefix, _, rest = text.rpartition(f"{_PREFIX}:")
    number, _, code = rest.partition(":")
    if prefix or not number.isascii() or not number.isdigit():
        raise Mistyped("not a slip")
    return Slip(int(number), read_seed(code))


def _check(seed: bytes) -> int:
    return h32("slip", seed)[0] >> 8 - _CHECK_BITS
