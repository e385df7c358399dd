"""What one trustee does. All secrets follow from one seed of 32 bytes: the backup is one slip of paper."""

from __future__ import annotations

from collections.abc import Sequence

from .ceremony import (
    Ceremony,
    Confirm,
    Deal,
    Hello,
    check_deals,
    commitment_to,
    digest_of,
    public_share_at,
)  # fmt: skip
from .checks import Check, require
from .group import GENERATOR, ORDER, Ciphertext, Point, encode, parse_scalar, times, times_base
from .hashing import hash_to_scalar
from .proofs import prove
from .tallies import Agenda, Share, pools_digest


class OnceOnly(ValueError):
    """A seed deals in one ceremony and opens one agenda; whoever asks for another is refused."""


class Trustee:
    """Trustee `i` of a ceremony."""

    def __init__(self, ceremony: Ceremony, i: int, seed: bytes) -> None:
        self.ceremony, self.i = ceremony, i
        context = (seed, *ceremony.context(i))
        self._coefficients = [
            hash_to_scalar("dkg-coef", *context, encode(k)) for k in range(ceremony.threshold)
        ]
        self._channel = hash_to_scalar("dkg-channel", *context)
        self._publics = tuple(times_base(coefficient) for coefficient in self._coefficients)
        self._share: int | None = None
        self._dealt_for: bytes | None = None
        self._opened: bytes | None = None

    def hello(self) -> Hello:
        """Return round 1."""
        return Hello(self.i, times_base(self._channel), commitment_to(self.ceremony, self.i, self._publics))

    def deal(self, hellos: Sequence[Hello]) -> Deal:
        """Return round 2. Raise OnceOnly for other hellos: a server may be playing the other trustees."""
        digest = digest_of(hellos)
        if self._dealt_for not in (None, digest):
            raise OnceOnly("this seed has dealt for other hellos; a new start needs new seeds")
        self._dealt_for = digest
        _, possession = prove(
            "dkg-pok", self._coefficients[0], [GENERATOR], digest, *self.ceremony.context(self.i)
        )
        shares = tuple(
            encode(self._value_at(hello.i) + self._pad(digest, self.i, hello.i, hello)) for hello in hellos
        )
        return Deal(self.i, self._publics, possession, shares)

    def confirm(self, hellos: Sequence[Hello], deals: Sequence[Deal]) -> Confirm:
        """Check every deal, keep the share, and return round 3; raise Refused naming who dealt badly.

        Hellos and deals of the archive bring the share back from the seed alone.
        """
        check_deals(self.ceremony, hellos, deals)
        digest = digest_of(hellos)
        self._share = sum(self._received(digest, *pair) for pair in zip(hellos, deals, strict=True)) % ORDER
        (public_share,), proof = prove("dkg-confirm", self._share, [GENERATOR], digest, encode(self.i))
        return Confirm(self.i, public_share, proof)

    def vouch(self, closing: bytes, pools: Sequence[Sequence[Ciphertext]]) -> bytes:
        """Return the proof that this trustee, and nobody else, made these shuffled pools."""
        context = (closing, encode(self.i), pools_digest(pools))
        return prove("mix", self._secret_share(), [GENERATOR], *context)[1]

    def open(self, agenda: Agenda) -> Share:
        """Return this trustee's factors for everything on the agenda, with one proof for them all.

        Raise OnceOnly for a second agenda: a trustee decrypts an election, not whatever it is sent.
        """
        if self._opened not in (None, agenda.digest):
            raise OnceOnly("this trustee has opened another agenda")
        self._opened = agenda.digest
        bases: list[Point] = [GENERATOR, *(pair.a for pair in agenda.ciphertexts)]
        (_, *factors), proof = prove("decrypt", self._secret_share(), bases, agenda.digest, encode(self.i))
        return Share(self.i, tuple(factors), proof)

    def _value_at(self, receiver: int) -> int:
        return sum(coefficient * receiver**k for k, coefficient in enumerate(self._coefficients))

    def _received(self, digest: bytes, hello: Hello, deal: Deal) -> int:
        value = parse_scalar(deal.shares[self.i - 1]) - self._pad(digest, deal.i, self.i, hello)
        is_right = times_base(value) == public_share_at(deal.publics, self.i)
        require(is_right, Check.CEREMONY_CONFIRMED, f"trustee {deal.i} dealt a bad share")
        return value

    def _pad(self, digest: bytes, sender: int, receiver: int, other: Hello) -> int:
        """Return what hides a share on its way, from the Diffie-Hellman point with the other trustee."""
        shared = times(self._channel, other.channel_key)
        return hash_to_scalar("dkg-pad", digest, encode(sender), encode(receiver), shared)

    def _secret_share(self) -> int:
        if self._share is None:
            raise ValueError("the share is not there yet: confirm the deals first")
        return self._share
