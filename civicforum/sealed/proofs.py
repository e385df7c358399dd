"""Proofs that published elements have one and the same logarithm (Chaum and Pedersen, CRYPTO 1992).

With one base it is Schnorr's proof of knowledge, and over a message his signature. The nonce is derived from
the secret and the statement, so that no random number generator can fail.
"""

from __future__ import annotations

from collections.abc import Sequence

from .checks import Check, require
from .group import Point, encode, parse_scalar, subtract, times
from .hashing import hash_to_scalar

PROOF_BYTES = 64


def prove(tag: str, secret: int, bases: Sequence[Point], *context: bytes) -> tuple[list[Point], bytes]:
    """Return secret·B for each base, and the proof: challenge and response."""
    images = [times(secret, base) for base in bases]
    nonce = hash_to_scalar("share-nonce", tag.encode(), encode(secret), *context, *bases)
    commitments = [times(nonce, base) for base in bases]
    challenge = hash_to_scalar(tag, *context, *bases, *images, *commitments)
    return images, encode(challenge) + encode(nonce + challenge * secret)


def check_proof(
    check: Check, tag: str, images: Sequence[Point], bases: Sequence[Point], proof: bytes, *context: bytes
) -> None:
    """Raise Refused, naming `check`, unless the images are one multiple of the bases."""
    require(len(images) == len(bases), check, "wrong length")
    challenge, response = parse_scalar(proof[:32]), parse_scalar(proof[32:])
    commitments = [
        subtract(times(response, base), times(challenge, image))
        for image, base in zip(images, bases, strict=True)
    ]
    require(challenge == hash_to_scalar(tag, *context, *bases, *images, *commitments), check)
