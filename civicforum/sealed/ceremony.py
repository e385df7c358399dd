"""The key ceremony: n trustees make one key that any t of them can use, and nobody ever holds.

Pedersen's distributed key generation (EUROCRYPT 1991) with a committed first move, as in the Belenios
specification, so that the last to speak cannot choose the key. All messages are public; the shares in a deal
are padded for their receiver (docs/sealed-protocol.md section 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .base32 import spell
from .checks import Check, require
from .fields import array, data, exactly, point, whole
from .group import GENERATOR, IDENTITY, Point, add, encode, parse_scalar, times, total
from .hashing import h32
from .lines import Record
from .proofs import PROOF_BYTES, check_proof

MOST_TRUSTEES = 20


@dataclass(frozen=True)
class Ceremony:
    """`threshold` of `size` trustees, numbered from 1, suffice to open; `id` is 16 random bytes."""

    id: bytes
    threshold: int
    size: int

    def context(self, trustee: int) -> tuple[bytes, ...]:
        """Return what every hash and proof of this trustee names."""
        return self.id, encode(trustee), encode(self.threshold), encode(self.size)


class Hello(NamedTuple):
    """Round 1: a key for receiving shares, and a commitment to the polynomial."""

    i: int
    channel_key: Point
    commitment: bytes


class Deal(NamedTuple):
    """Round 2: the polynomial in the exponent, proof of its constant term, one padded share for each."""

    i: int
    publics: tuple[Point, ...]
    possession: bytes
    shares: tuple[bytes, ...]


class Confirm(NamedTuple):
    """Round 3: the public half of the share that this trustee received, and proof of knowing it."""

    i: int
    public_share: Point
    proof: bytes


class JointKey(NamedTuple):
    """What a sound ceremony yields; `public_shares` in the order of the trustees."""

    key: Point
    public_shares: tuple[Point, ...]
    threshold: int

    def of(self, trustee: int, check: Check) -> Point:
        """Return the public share of a trustee; raise Refused, naming `check`, when there is none."""
        require(1 <= trustee <= len(self.public_shares), check, "no such trustee")
        return self.public_shares[trustee - 1]


def commitment_to(ceremony: Ceremony, trustee: int, publics: Sequence[Point]) -> bytes:
    """Return the commitment of a hello."""
    return h32("dkg-commit", *ceremony.context(trustee), *publics)


def digest_of(hellos: Sequence[Hello]) -> bytes:
    """Return what binds round 2 to round 1."""
    return h32("dkg-hellos", *(encode(hello.i) + hello.channel_key + hello.commitment for hello in hellos))


def spoken(hellos: Sequence[Hello]) -> str:
    """Return the 8 characters that are read aloud: all trustees see the same hellos."""
    return spell(digest_of(hellos), 8)


def public_share_at(publics: Sequence[Point], trustee: int) -> Point:
    """Return the value at a trustee's number of a polynomial that is known in the exponent."""
    value = IDENTITY
    for coefficient in reversed(publics):
        value = add(times(trustee, value), coefficient)
    return value


def check_deals(ceremony: Ceremony, hellos: Sequence[Hello], deals: Sequence[Deal]) -> None:
    """Raise Refused unless every deal keeps to its hello and is proved."""
    everybody = list(range(1, ceremony.size + 1))
    for round_ in (hellos, deals):
        require(
            [message.i for message in round_] == everybody, Check.CEREMONY_TRUSTEES, "missing or out of order"
        )
    digest = digest_of(hellos)
    for hello, deal in zip(hellos, deals, strict=True):
        check_deal(ceremony, digest, hello, deal)


def check_deal(ceremony: Ceremony, digest: bytes, hello: Hello, deal: Deal) -> None:
    """Raise Refused unless the deal keeps to its trustee's hello, under the digest of all hellos."""
    who = f"trustee {deal.i}"
    require(len(deal.publics) == ceremony.threshold, Check.CEREMONY_COMMITMENT, who)
    require(len(deal.shares) == ceremony.size, Check.CEREMONY_TRUSTEES, who)
    require(hello.commitment == commitment_to(ceremony, deal.i, deal.publics), Check.CEREMONY_COMMITMENT, who)
    context = (digest, *ceremony.context(deal.i))
    check_proof(
        Check.CEREMONY_POSSESSION, "dkg-pok", deal.publics[:1], [GENERATOR], deal.possession, *context
    )


def check_confirm(digest: bytes, deals: Sequence[Deal], confirm: Confirm) -> Point:
    """Return the public share that all deals give this trustee; raise Refused where it confirms another."""
    i = confirm.i
    share = total(public_share_at(deal.publics, i) for deal in deals)
    require(confirm.public_share == share, Check.CEREMONY_CONFIRMED, f"trustee {i}, another share")
    context = (digest, encode(i))
    check_proof(Check.CEREMONY_CONFIRMED, "dkg-confirm", [share], [GENERATOR], confirm.proof, *context)
    return share


def joint_key(
    ceremony: Ceremony, hellos: Sequence[Hello], deals: Sequence[Deal], confirms: Sequence[Confirm]
) -> JointKey:
    """Return the key that a whole ceremony made; raise Refused when anything in it does not hold."""
    check_deals(ceremony, hellos, deals)
    everybody = list(range(1, ceremony.size + 1))
    require(
        [confirm.i for confirm in confirms] == everybody, Check.CEREMONY_TRUSTEES, "a confirmation is missing"
    )
    digest = digest_of(hellos)
    public_shares = tuple(check_confirm(digest, deals, confirm) for confirm in confirms)
    key = total(deal.publics[0] for deal in deals)
    require(key != IDENTITY, Check.POINT, "the parts of the key cancel out")
    return JointKey(key, public_shares, ceremony.threshold)


def parse_hello(value: Any) -> Hello:
    """Return the message of a record."""
    record = exactly(value, ("i", "ek", "commit"))
    return Hello(_number(record), point(record["ek"]), data(record["commit"], 32))


def parse_deal(value: Any) -> Deal:
    """Return the message of a record."""
    record = exactly(value, ("i", "publics", "pok", "shares"))
    shares = array(record["shares"], _scalar_bytes)
    possession = data(record["pok"], PROOF_BYTES)
    return Deal(_number(record), tuple(array(record["publics"], point)), possession, tuple(shares))


def parse_confirm(value: Any) -> Confirm:
    """Return the message of a record."""
    record = exactly(value, ("i", "x", "proof"))
    return Confirm(_number(record), point(record["x"]), data(record["proof"], PROOF_BYTES))


def parse_ceremony(record: Record) -> JointKey:
    """Return the key of a ceremony line that was read."""
    exactly(record, ("type", "id", "t", "hellos", "deals", "confirms"))
    hellos = array(record["hellos"], parse_hello)
    size = whole(len(hellos), 1, MOST_TRUSTEES)
    ceremony = Ceremony(data(record["id"], 16), whole(record["t"], 1, size), size)
    deals, confirms = array(record["deals"], parse_deal), array(record["confirms"], parse_confirm)
    return joint_key(ceremony, hellos, deals, confirms)


def record_of(message: Hello | Deal | Confirm) -> Record:
    """Return the record that a message is written as."""
    match message:
        case Hello(i, channel_key, commitment):
            return {"i": i, "ek": channel_key, "commit": commitment}
        case Deal(i, publics, possession, shares):
            return {"i": i, "publics": publics, "pok": possession, "shares": shares}
        case Confirm(i, public_share, proof):
            return {"i": i, "x": public_share, "proof": proof}


def _number(record: Record) -> int:
    return whole(record["i"], 1, MOST_TRUSTEES)


def _scalar_bytes(value: Any) -> bytes:
    return encode(parse_scalar(data(value, 32)))
