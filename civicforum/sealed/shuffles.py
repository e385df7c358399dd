"""Shuffling sealed texts, with a proof that none was dropped, added or changed.

The proof of Terelius and Wikström (AFRICACRYPT 2010) in the form of CHVote (Haenni, Locher, Koenig and
Dubuis, FC 2017). Generators come from hashing, so that no mixer knows a logarithm between them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from .checks import Check, require
from .fields import array, data, exactly, point
from .group import (
    IDENTITY,
    ORDER,
    Ciphertext,
    Point,
    add,
    encode,
    generator,
    parse_scalar,
    subtract,
    times,
    times_base,
    total,
    weighted_total,
)  # fmt: skip
from .hashing import hash_to_scalar
from .lines import Record
from .tallies import joined

Below: TypeAlias = Callable[[int], int]


class ShuffleProof(NamedTuple):
    """`responses`: four for the whole, one per chain element, one per text."""

    challenge: int
    responses: tuple[int, ...]
    permutation: tuple[Point, ...]
    chain: tuple[Point, ...]


@dataclass(frozen=True)
class _Statement:
    """What is proved: `new` is `old` reordered under fresh randomness, by a permutation committed to."""

    context: bytes
    key: Point
    old: Sequence[Ciphertext]
    new: Sequence[Ciphertext]
    permutation: Sequence[Point]

    @property
    def parts(self) -> tuple[bytes, ...]:
        pools = (b"".join(joined(self.old)), b"".join(joined(self.new)))
        return self.context, self.key, *pools, b"".join(self.permutation)

    def exponents(self) -> list[int]:
        """Return one unpredictable scalar for each old text."""
        batch = encode(hash_to_scalar("shuffle-batch", *self.parts))
        return [hash_to_scalar("shuffle-u", batch, encode(i)) for i in range(len(self.old))]

    def challenge(self, chain: Sequence[Point], commitments: Sequence[Point]) -> int:
        return hash_to_scalar("shuffle-c", *self.parts, b"".join(chain), b"".join(commitments))


def _generators(count: int) -> tuple[Point, list[Point]]:
    return generator("shuffle", 0), [generator("shuffle", i + 1) for i in range(count)]


def _inner(left: Sequence[int], right: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(left, right, strict=True)) % ORDER


def shuffle(
    context: bytes, key: Point, old: Sequence[Ciphertext], below: Below = secrets.randbelow
) -> tuple[list[Ciphertext], ShuffleProof]:
    """Return the ciphertexts re-encrypted in a random order, and the proof.

    `below(n)` draws evenly from 0..n-1; only vectors give another than the system's.
    """
    mixing = _Mixing(context, key, old, below)
    return mixing.new, mixing.proof()


class _Mixing:
    """One shuffle and its secrets. `order[i]` is the old position of new text i."""

    def __init__(self, context: bytes, key: Point, old: Sequence[Ciphertext], below: Below) -> None:
        self.size, self.below = len(old), below
        self.order = list(range(self.size))
        for last in range(self.size - 1, 0, -1):
            chosen = below(last + 1)
            self.order[last], self.order[chosen] = self.order[chosen], self.order[last]
        self.blinds, self.openings = self.scalars(self.size), self.scalars(self.size)
        self.new = [self.encrypt_again(old[j], self.blinds[j], key) for j in self.order]
        self.first, self.generators = _generators(self.size)
        permutation = [IDENTITY] * self.size
        for position, j in enumerate(self.order):
            permutation[j] = add(times_base(self.openings[j]), self.generators[position])
        self.statement = _Statement(context, key, old, self.new, tuple(permutation))

    def scalars(self, count: int) -> list[int]:
        return [self.below(ORDER) for _ in range(count)]

    @staticmethod
    def encrypt_again(pair: Ciphertext, blind: int, key: Point) -> Ciphertext:
        return Ciphertext(add(pair.a, times_base(blind)), add(pair.b, times(blind, key)))

    def proof(self) -> ShuffleProof:
        """Commit, be challenged by the hash of everything, and respond."""
        exponents = self.statement.exponents()
        permuted = [exponents[j] for j in self.order]
        links = self.scalars(self.size)
        chain = [self.first]
        for link, exponent in zip(links, permuted, strict=True):
            chain.append(add(times_base(link), times(exponent, chain[-1])))
        nonces = self.scalars(4 + 2 * self.size)
        challenge = self.statement.challenge(chain, self.commitments(nonces, chain))
        witnesses = [
            sum(self.openings),
            _chain_opening(links, permuted),
            _inner(self.openings, exponents),
            _inner(self.blinds, exponents),
            *links,
            *permuted,
        ]
        responses = tuple((w + challenge * x) % ORDER for w, x in zip(nonces, witnesses, strict=True))
        return ShuffleProof(challenge, responses, tuple(self.statement.permutation), tuple(chain[1:]))

    def commitments(self, nonces: Sequence[int], chain: Sequence[Point]) -> list[Point]:
        key = self.statement.key
        on_links, on_texts = nonces[4 : 4 + self.size], nonces[4 + self.size :]
        return [
            times_base(nonces[0]),
            times_base(nonces[1]),
            add(times_base(nonces[2]), weighted_total(on_texts, self.generators)),
            subtract(weighted_total(on_texts, [pair.b for pair in self.new]), times(nonces[3], key)),
            subtract(weighted_total(on_texts, [pair.a for pair in self.new]), times_base(nonces[3])),
            *(
                add(times_base(link), times(text, before))
                for link, text, before in zip(on_links, on_texts, chain[:-1], strict=True)
            ),
        ]


def _chain_opening(links: Sequence[int], permuted: Sequence[int]) -> int:
    """Return the randomness of the chain's last element over the first generator."""
    opening, product = 0, 1
    for link, exponent in zip(reversed(links), reversed(permuted), strict=True):
        opening, product = (opening + link * product) % ORDER, exponent * product % ORDER
    return opening


def check_shuffle(
    context: bytes, key: Point, old: Sequence[Ciphertext], new: Sequence[Ciphertext], proof: ShuffleProof
) -> None:
    """Raise Refused unless `new` is `old` reordered and re-encrypted. All points were parsed."""
    size, c = len(old), proof.challenge
    lengths = (len(new), len(proof.permutation), len(proof.chain), len(proof.responses) - 4 - size)
    require(size > 0 and lengths == (size,) * 4, Check.SHUFFLE_PROOF, "wrong length")
    first, generators = _generators(size)
    chain = [first, *proof.chain]
    statement = _Statement(context, key, old, new, proof.permutation)
    exponents = statement.exponents()
    s, on_links, on_texts = proof.responses[:4], proof.responses[4 : 4 + size], proof.responses[4 + size :]
    product = 1
    for exponent in exponents:
        product = product * exponent % ORDER

    def less(left: Point, right: Point) -> Point:
        return subtract(left, times(c, right))

    old_a, old_b = [pair.a for pair in old], [pair.b for pair in old]
    new_a, new_b = [pair.a for pair in new], [pair.b for pair in new]
    commitments = [
        less(times_base(s[0]), subtract(total(proof.permutation), total(generators))),
        less(times_base(s[1]), subtract(chain[-1], times(product, first))),
        less(
            add(times_base(s[2]), weighted_total(on_texts, generators)),
            weighted_total(exponents, proof.permutation),
        ),
        less(subtract(weighted_total(on_texts, new_b), times(s[3], key)), weighted_total(exponents, old_b)),
        less(subtract(weighted_total(on_texts, new_a), times_base(s[3])), weighted_total(exponents, old_a)),
    ]
    for link, text, before, after in zip(on_links, on_texts, chain[:-1], chain[1:], strict=True):
        commitments.append(less(add(times_base(link), times(text, before)), after))
    require(c == statement.challenge(chain, commitments), Check.SHUFFLE_PROOF)


def parse_proof(value: Any) -> ShuffleProof:
    """Return the proof of a record."""
    record = exactly(value, ("c", "s", "cs", "chain"))
    responses = tuple(parse_scalar(response) for response in array(record["s"], data))
    permutation, chain = array(record["cs"], point), array(record["chain"], point)
    return ShuffleProof(parse_scalar(data(record["c"])), responses, tuple(permutation), tuple(chain))


def record_of(proof: ShuffleProof) -> Record:
    """Return the record that a proof is written as."""
    responses = [encode(response) for response in proof.responses]
    return {"c": encode(proof.challenge), "s": responses, "cs": proof.permutation, "chain": proof.chain}
