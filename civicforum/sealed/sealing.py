"""Sealing a ballot. The same race, picks, secret, sequence and seed give the same bytes everywhere.

The seed makes the randomness of the ciphertexts and nothing else: an audit reveals it. The nonces of the
proofs also need the credential's secret, or an audit would give the credential away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from .ballots import challenge
from .group import IDENTITY, ORDER, Ciphertext, Point, add, encode, subtract, times, times_base, total
from .hashing import hash_to_scalar
from .races import SEQUENCE_BYTES, Case, Claim, Race, Rule

Pick: TypeAlias = int | Point  # of a mark 0 or 1; of a text 0 or the point that stands for it


class BreaksTheRules(ValueError):
    """These marks are not a valid ballot of this race."""


class Sealed(NamedTuple):
    """The ciphertexts with what they were made from."""

    plain: tuple[Point, ...]
    randomness: tuple[int, ...]
    ciphertexts: tuple[Ciphertext, ...]


def encrypt(race: Race, picks: Sequence[Pick], credential: Point, sequence: int, seed: bytes) -> Sealed:
    """Return the ciphertexts alone: what an audit recomputes from the revealed seed and picks."""
    plain = tuple(times_base(pick) if isinstance(pick, int) else pick for pick in picks)
    context = (seed, race.id, credential, sequence.to_bytes(SEQUENCE_BYTES, "big"), b"".join(plain))
    randomness = tuple(hash_to_scalar("nonce", *context, encode(slot)) for slot in range(race.slots))
    pairs = [
        Ciphertext(times_base(r), add(times(r, race.key), message))
        for r, message in zip(randomness, plain, strict=True)
    ]
    return Sealed(plain, randomness, tuple(pairs))


def seal(race: Race, picks: Sequence[Pick], secret: int, sequence: int, seed: bytes) -> bytes:
    """Return the ballot.

    Args:
        picks: one per slot, the marks of all contests first.
        secret: of the credential.
        sequence: 0 for the credential's first ballot, then 1, 2, ...
        seed: 32 fresh random bytes, to be forgotten once the ballot is cast.

    Raises BreaksTheRules.
    """
    return _Sealing(race, picks, secret, sequence, seed).ballot()


@dataclass(frozen=True)
class _OpenCase:
    """A case between commitment and response; `challenge` is None for the one that is true."""

    challenge: int | None
    claims: list[tuple[int, int]]  # nonce or simulated response, and the randomness of the claim's slots


class _Sealing:
    def __init__(self, race: Race, picks: Sequence[Pick], secret: int, sequence: int, seed: bytes) -> None:
        if len(picks) != race.slots:
            raise BreaksTheRules(f"{len(picks)} picks for {race.slots} slots")
        self.race, self.picks, self.secret = race, picks, secret
        self.credential, self.sequence = times_base(secret), sequence.to_bytes(SEQUENCE_BYTES, "big")
        self.plain, self.randomness, pairs = encrypt(race, picks, self.credential, sequence, seed)
        self.body = b"".join(a + b for a, b in pairs)
        self.nonce_context = (encode(secret), seed, race.id, self.sequence, b"".join(self.plain))
        self.draws = 0
        self.commitments: list[Point] = []

    def draw(self) -> int:
        """Return the next nonce or simulated scalar."""
        self.draws += 1
        return hash_to_scalar("proof", *self.nonce_context, encode(self.draws - 1))

    def ballot(self) -> bytes:
        signing = self.draw()
        self.commitments.append(times_base(signing))
        opened = [self.commit(rule) for rule in self.race.rules]
        whole = challenge(self.race, self.credential, self.sequence, self.body, self.commitments)
        tail = [whole, signing + whole * self.secret]
        for rule in opened:
            tail += respond(rule, whole)
        return self.sequence + self.credential + self.body + b"".join(map(encode, tail))

    def commit(self, rule: Rule) -> list[_OpenCase]:
        """Commit to the first case that is true, and simulate the others."""
        opened: list[_OpenCase] = []
        found = False
        for case in rule:
            is_real = not found and all(self.gap(claim) in (None, 0, IDENTITY) for claim in case)
            found = found or is_real
            opened.append(self.commit_case(case, None if is_real else self.draw()))
        if not found:
            raise BreaksTheRules("no case of a rule holds")
        return opened

    def commit_case(self, case: Case, share: int | None) -> _OpenCase:
        claims = []
        for claim in case:
            drawn = self.draw()
            randomness = sum(self.randomness[slot] for slot in claim.slots) % ORDER
            # The randomness is known, so a simulated case needs no multiple of a ciphertext.
            exponent = drawn if share is None else drawn - share * randomness
            self.commitments.append(times_base(exponent))
            gap = self.gap(claim)
            if gap is not None:
                on_key = times(exponent, self.race.key)
                self.commitments.append(on_key if share is None else subtract(on_key, _multiple(share, gap)))
            claims.append((drawn, randomness))
        return _OpenCase(share, claims)

    def gap(self, claim: Claim) -> int | Point | None:
        """Return how far the slots are from the claimed value: an int if all are marks, else a point."""
        if claim.value is None:
            return None
        picks = [self.picks[slot] for slot in claim.slots]
        numbers = [pick for pick in picks if isinstance(pick, int)]
        if len(numbers) == len(picks):
            return sum(numbers) - claim.value
        return subtract(total(self.plain[slot] for slot in claim.slots), times_base(claim.value))


def _multiple(scalar: int, gap: int | Point) -> Point:
    return times_base(scalar * gap) if isinstance(gap, int) else times(scalar, gap)


def respond(opened: Sequence[_OpenCase], whole: int) -> list[int]:
    """Return a rule's challenges, all but the last, and its responses."""
    rest = (whole - sum(case.challenge for case in opened if case.challenge is not None)) % ORDER
    challenges = [rest if case.challenge is None else case.challenge for case in opened]
    responses = [
        drawn + rest * randomness if case.challenge is None else drawn
        for case in opened
        for drawn, randomness in case.claims
    ]
    return challenges[:-1] + responses
