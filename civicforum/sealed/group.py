"""The group ristretto255 (RFC 9496): points are their 32-byte encodings, scalars are ints modulo ORDER.

The identity is 32 zero bytes. It is legal as a computed value and never as a published one: `parse_point`
refuses it. The functions that compute take points that were parsed or computed before.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

from . import sodium
from .checks import Check, Refused
from .hashing import h64

Point: TypeAlias = bytes

ORDER = 2**252 + 27742317777372353535851937790883648493
IDENTITY: Point = bytes(32)

_Word = ctypes.c_char * 32
_library = sodium.load()
_is_valid = _library.crypto_core_ristretto255_is_valid_point
_from_hash = _library.crypto_core_ristretto255_from_hash
_times_base = _library.crypto_scalarmult_ristretto255_base
_times = _library.crypto_scalarmult_ristretto255
_add = _library.crypto_core_ristretto255_add
_subtract = _library.crypto_core_ristretto255_sub


class Ciphertext(NamedTuple):
    """ElGamal: `a` is r·G, `b` is r·Y + M."""

    a: Point
    b: Point


def encode(scalar: int) -> bytes:
    """Return 32 bytes, little-endian, of the scalar modulo ORDER."""
    return (scalar % ORDER).to_bytes(32, "little")


def parse_scalar(data: bytes) -> int:
    """Return the scalar; raise Refused when it has another length or is not below ORDER."""
    scalar = int.from_bytes(data, "little")
    if scalar >= ORDER or len(data) != 32:
        raise Refused(Check.SCALAR)
    return scalar


def is_encoding(data: bytes) -> bool:
    """Tell whether these 32 bytes are the canonical encoding of an element other than the identity."""
    # libsodium before 1.0.19 ignores the top bit, so that 00..80 would be a second spelling of the identity.
    return len(data) == 32 and not data[31] & 0x80 and data != IDENTITY and bool(_is_valid(data))


def parse_point(data: bytes) -> Point:
    """Return the point; raise Refused unless it is canonical and not the identity."""
    if not is_encoding(data):
        raise Refused(Check.POINT)
    return data


def _call(function: Any, *arguments: bytes) -> Point:
    out = _Word()
    if function(out, *arguments):
        raise Refused(Check.POINT, "not a group element")
    return out.raw


def times_base(scalar: int) -> Point:
    """Return scalar·G."""
    scalar %= ORDER
    # libsodium reports a product that is the identity as an error.
    return _call(_times_base, scalar.to_bytes(32, "little")) if scalar else IDENTITY


def times(scalar: int, point: Point) -> Point:
    """Return scalar·point."""
    scalar %= ORDER
    if not scalar or point == IDENTITY:
        return IDENTITY
    return _call(_times, scalar.to_bytes(32, "little"), point)


def add(left: Point, right: Point) -> Point:
    """Return left + right."""
    return _call(_add, left, right)


def subtract(left: Point, right: Point) -> Point:
    """Return left - right."""
    return _call(_subtract, left, right)


def total(points: Iterable[Point]) -> Point:
    """Return the sum, the identity for none."""
    out, word = IDENTITY, _Word()
    for point in points:
        if _add(word, out, point):
            raise Refused(Check.POINT, "not a group element")
        out = word.raw
    return out


def weighted_total(scalars: Sequence[int], points: Sequence[Point]) -> Point:
    """Return the sum of scalar·point, pair by pair."""
    return total(times(scalar, point) for scalar, point in zip(scalars, points, strict=True))


def from_hash(digest: bytes) -> Point:
    """Return the element that 64 uniform bytes map to (RFC 9496 section 4.3.4)."""
    return _call(_from_hash, digest)


def generator(purpose: str, index: int) -> Point:
    """Return an element whose logarithm nobody knows, the same for everybody."""
    return from_hash(h64("generator", purpose.encode(), index.to_bytes(4, "big")))


GENERATOR: Point = times_base(1)
