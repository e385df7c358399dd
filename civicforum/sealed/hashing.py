"""Hashing with domain separation: SHA-512 over length-prefixed parts, the first naming what is hashed.

Every use has its own tag (docs/sealed-protocol.md section 3), so no digest can be passed off as another.
"""

from __future__ import annotations

import hashlib

_ORDER = 2**252 + 27742317777372353535851937790883648493  # of ristretto255, RFC 9496 section 4.4


def h64(tag: str, *parts: bytes) -> bytes:
    """Return 64 bytes."""
    digest = hashlib.sha512()
    for part in (b"sealed-v1/" + tag.encode(), *parts):
        digest.update(len(part).to_bytes(4, "big"))
        digest.update(part)
    return digest.digest()


def h32(tag: str, *parts: bytes) -> bytes:
    """Return the first 32 bytes."""
    return h64(tag, *parts)[:32]


def hash_to_scalar(tag: str, *parts: bytes) -> int:
    """Return a scalar; 512 bits reduced modulo a 253-bit order have no bias worth naming."""
    return int.from_bytes(h64(tag, *parts), "little") % _ORDER
