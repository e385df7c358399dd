"""Adding marks while they are sealed, and opening only the sums: t shares, then small logarithms.

Threshold ElGamal with Lagrange's coefficients in the exponent (docs/sealed-protocol.md section 9).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isqrt
from typing import NamedTuple

from .ceremony import JointKey
from .checks import Check, Refused, require
from .group import (
    GENERATOR,
    IDENTITY,
    ORDER,
    Ciphertext,
    Point,
    add,
    encode,
    subtract,
    times,
    times_base,
    total,
)  # fmt: skip
from .hashing import h32
from .proofs import check_proof


class Agenda(NamedTuple):
    """What the trustees open: the sums of the marks, then every shuffled text; proofs name the digest."""

    digest: bytes
    ciphertexts: tuple[Ciphertext, ...]


class Share(NamedTuple):
    """One trustee's factor for each ciphertext of the agenda."""

    i: int
    factors: tuple[Point, ...]
    proof: bytes


def joined(pairs: Iterable[Ciphertext]) -> list[bytes]:
    """Return each pair as one part of a hash."""
    return [pair.a + pair.b for pair in pairs]


def pools_digest(pools: Sequence[Sequence[Ciphertext]]) -> bytes:
    """Return what a trustee vouches for."""
    return h32("pools", *(part for pool in pools for part in joined(pool)))


def agenda_of(closing: bytes, pile: Sequence[Ciphertext]) -> Agenda:
    """Return the agenda of an election that closed with this digest."""
    return Agenda(h32("open", closing, *joined(pile)), tuple(pile))


def sum_slots(ballots: Sequence[tuple[int, Sequence[Ciphertext]]], slots: int) -> list[Ciphertext]:
    """Return the sum of each of the first `slots` slots over (weight, ciphertexts)."""
    return [
        Ciphertext(
            total(_weighed(weight, pairs[slot].a) for weight, pairs in ballots),
            total(_weighed(weight, pairs[slot].b) for weight, pairs in ballots),
        )
        for slot in range(slots)
    ]


def _weighed(weight: int, point: Point) -> Point:
    return point if weight == 1 else times(weight, point)


def check_share(trustees: JointKey, agenda: Agenda, share: Share) -> None:
    """Raise Refused unless the share was made from the whole agenda with this trustee's key."""
    public_share = trustees.of(share.i, Check.SHARE_TURN)
    bases = [GENERATOR, *(pair.a for pair in agenda.ciphertexts)]
    images = [public_share, *share.factors]
    check_proof(Check.SHARE_PROOF, "decrypt", images, bases, share.proof, agenda.digest, encode(share.i))


def combine(agenda: Agenda, shares: Sequence[Share], threshold: int) -> list[Point]:
    """Return what each ciphertext holds, from any `threshold` checked shares of different trustees."""
    chosen = list({share.i: share for share in shares}.values())[:threshold]
    require(len(chosen) == threshold, Check.RESULT_SHARES, f"{len(chosen)} of {threshold}")
    opened = [pair.b for pair in agenda.ciphertexts]
    for share in chosen:
        factor = lagrange(share.i, [other.i for other in chosen])
        opened = [
            subtract(point, times(factor, part)) for point, part in zip(opened, share.factors, strict=True)
        ]
    return opened


def lagrange(i: int, all_of_them: Sequence[int]) -> int:
    """Return the coefficient at 0 of the value at i, for the polynomial through all of them."""
    coefficient = 1
    for j in all_of_them:
        if j != i:
            coefficient = coefficient * j * pow(j - i, -1, ORDER) % ORDER
    return coefficient


class SmallLogarithms:
    """The m in 0..limit of points m·G, by Shanks's baby and giant steps; the table serves many points."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.side = isqrt(limit) + 1
        self.giant = times_base(self.side)
        self.baby: dict[Point, int] = {}
        step = IDENTITY
        for m in range(self.side):
            self.baby[step] = m
            step = add(step, GENERATOR)

    def of(self, point: Point) -> int:
        """Return m; raise Refused when there is none up to the limit."""
        for giants in range(self.side + 1):
            m = giants * self.side + self.baby.get(point, self.limit + 1)
            if m <= self.limit:
                return m
            point = subtract(point, self.giant)
        raise Refused(Check.RESULT_OPENED, "a sum is larger than all ballots together")
