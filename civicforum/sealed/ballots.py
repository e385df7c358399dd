"""Sealed ballots: one byte string of fixed length, whose proofs show that it obeys the rules of its race.

Exponential ElGamal with disjunctive Chaum-Pedersen proofs (Cramer, Damgård and Schoenmakers, CRYPTO 1994) as
in the Belenios specification, under one strong Fiat-Shamir challenge that also binds the race, the credential
and the signature (docs/sealed-protocol.md section 6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .checks import Check, require
from .group import (
    ORDER,
    Ciphertext,
    Point,
    add,
    parse_point,
    parse_scalar,
    subtract,
    times,
    times_base,
)  # fmt: skip
from .hashing import h32, hash_to_scalar
from .races import SEQUENCE_BYTES, WORD, Claim, Race, Rule


class Ballot(NamedTuple):
    """Who cast it, as which of their ballots (from 0), and what is sealed in it."""

    credential: Point
    sequence: int
    ciphertexts: tuple[Ciphertext, ...]


def tracker_of(ballot: bytes) -> bytes:
    """Return the 32 bytes by which a voter finds the ballot on the board."""
    return h32("tracker", ballot)


def challenge(
    race: Race, credential: Point, sequence: bytes, body: bytes, commitments: Sequence[Point]
) -> int:
    """Return the one challenge of a ballot; `body` is all ciphertexts, joined."""
    return hash_to_scalar("ballot", race.id, credential, sequence, body, b"".join(commitments))


def parse_ballot(race: Race, data: bytes) -> Ballot:
    """Cut a ballot into its parts without a look at points and proofs: for one that was verified before."""
    require(len(data) == race.ballot_bytes, Check.BALLOT_LENGTH)
    words = [
        data[at : at + WORD]
        for at in range(SEQUENCE_BYTES, SEQUENCE_BYTES + WORD * (1 + 2 * race.slots), WORD)
    ]
    pairs = zip(words[1::2], words[2::2], strict=True)
    return Ballot(
        words[0], int.from_bytes(data[:SEQUENCE_BYTES], "big"), tuple(Ciphertext(a, b) for a, b in pairs)
    )


def verify_ballot(race: Race, data: bytes) -> Ballot:
    """Return the ballot; raise Refused unless it obeys every rule of the race and is signed."""
    ballot = parse_ballot(race, data)
    parse_point(ballot.credential)
    for pair in ballot.ciphertexts:
        parse_point(pair.a)
        parse_point(pair.b)
    at_proofs = SEQUENCE_BYTES + WORD * (1 + 2 * race.slots)
    scalars = iter([parse_scalar(data[at : at + WORD]) for at in range(at_proofs, len(data), WORD)])
    claimed = next(scalars)
    commitments = [_commitment(next(scalars), claimed, ballot.credential)]
    sums = _Sums(ballot.ciphertexts)
    for rule in race.rules:
        commitments += _rule_commitments(race, rule, sums, claimed, scalars)
    body = data[SEQUENCE_BYTES + WORD : at_proofs]
    expected = challenge(race, ballot.credential, data[:SEQUENCE_BYTES], body, commitments)
    require(claimed == expected, Check.BALLOT_PROOF)
    return ballot


def _commitment(response: int, challenge: int, image: Point) -> Point:
    """Return what the prover committed to on the generator."""
    return subtract(times_base(response), times(challenge, image))


class _Sums:
    """Sums of ciphertexts by the slots of a claim; the cases of a rule mostly speak of the same slots."""

    def __init__(self, ciphertexts: Sequence[Ciphertext]) -> None:
        self.ciphertexts = ciphertexts
        self.known: dict[tuple[int, ...], Ciphertext] = {}

    def of(self, claim: Claim) -> Ciphertext:
        """Return the sum over the slots of a claim."""
        if claim.slots not in self.known:
            a, b = self.ciphertexts[claim.slots[0]]
            for slot in claim.slots[1:]:
                a, b = add(a, self.ciphertexts[slot].a), add(b, self.ciphertexts[slot].b)
            self.known[claim.slots] = Ciphertext(a, b)
        return self.known[claim.slots]


def _rule_commitments(
    race: Race, rule: Rule, sums: _Sums, whole: int, scalars: Iterator[int]
) -> Iterator[Point]:
    """Yield the commitments of one rule; its challenges add up to the challenge of the whole ballot."""
    challenges = [next(scalars) for _ in rule[1:]]
    challenges.append((whole - sum(challenges)) % ORDER)
    for case, share in zip(rule, challenges, strict=True):
        for claim in case:
            yield from _claim_commitments(race, claim, sums.of(claim), share, next(scalars))


def _claim_commitments(
    race: Race, claim: Claim, summed: Ciphertext, share: int, response: int
) -> Iterator[Point]:
    """Yield one commitment on the generator and, where a value is claimed, one on the key."""
    a, b = summed
    yield _commitment(response, share, a)
    if claim.value is not None:
        rest = subtract(b, times_base(claim.value)) if claim.value else b
        yield subtract(times(response, race.key), times(share, rest))
