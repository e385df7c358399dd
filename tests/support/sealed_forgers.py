"""Forgers of ballots and ceremonies: each hashes its own lie, so that only the right check stops it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from civicforum.sealed import Ceremony, Confirm, Deal, Hello, Pick, Race, Refused, Trustee, ceremony_line
from civicforum.sealed.ballots import challenge
from civicforum.sealed.ceremony import digest_of
from civicforum.sealed.group import (
    GENERATOR,
    ORDER,
    Ciphertext,
    Point,
    add,
    encode,
    parse_scalar,
    subtract,
    times,
    times_base,
)
from civicforum.sealed.hashing import hash_to_scalar
from civicforum.sealed.proofs import prove
from civicforum.sealed.races import Rule
from civicforum.sealed.sealing import _OpenCase, _Sealing, respond
from tests.support.sealed_election import Election

Bend = Callable[[Ciphertext], Ciphertext]
SEED = bytes(range(32))


def top_bit(data: bytes) -> bytes:
    """Return the same point to an old libsodium, another string to everybody else; a scalar plus 2^255."""
    return data[:31] + bytes([data[31] | 0x80])


def word(ballot: bytes, number: int, new: bytes | None = None) -> bytes:
    """Return word `number` of a ballot, or the ballot with that word replaced; word 0 is the credential."""
    at = 4 + 32 * number
    return ballot[at : at + 32] if new is None else ballot[:at] + new + ballot[at + 32 :]


class Overvoter(_Sealing):
    """Seals what breaks the rules, simulating every case of the rules that do not hold."""

    def commit(self, rule: Rule) -> list[_OpenCase]:
        try:
            return super().commit(rule)
        except ValueError:
            return [self.commit_case(case, self.draw()) for case in rule]


class Bender(_Sealing):
    """Seals honestly, but writes and hashes another spelling of the first ciphertext."""

    def __init__(self, race: Race, picks: Sequence[Pick], secret: int, sequence: int, bend: Bend) -> None:
        super().__init__(race, picks, secret, sequence, SEED)
        self.body = b"".join(bend(Ciphertext(self.body[:32], self.body[32:64]))) + self.body[64:]


class Careless(_Sealing):
    """Uses no randomness in the first slot: the mark stands there for all to see."""

    def __init__(self, race: Race, picks: Sequence[Pick], secret: int) -> None:
        super().__init__(race, picks, secret, 0, SEED)
        self.randomness = (0, *self.randomness[1:])
        self.body = bytes(32) + self.plain[0] + self.body[64:]


class Latecomer(_Sealing):
    """Were the credential not hashed, one could be made up after the challenge that signs any ballot."""

    def ballot(self) -> bytes:
        commitment = times_base(self.draw())
        self.commitments.append(commitment)
        opened = [self.commit(rule) for rule in self.race.rules]
        parts = (self.race.id, self.sequence, self.body, b"".join(self.commitments))
        whole = hash_to_scalar("ballot", *parts)
        signature = 5
        credential = times(pow(whole, -1, ORDER), subtract(times_base(signature), commitment))
        tail = [whole, signature]
        for rule in opened:
            tail += respond(rule, whole)
        return self.sequence + credential + self.body + b"".join(map(encode, tail))


class Copycat:
    """Holds somebody else's ballot and a credential of its own."""

    def __init__(self, race: Race, ballot: bytes, secret: int) -> None:
        self.race, self.secret = race, secret
        self.swapped = word(ballot, 0, times_base(secret))

    def signed_again(self) -> bytes:
        """Sign with the own credential and keep the proofs."""
        at = 1 + 2 * self.race.slots
        signature = hash_to_scalar("w") + parse_scalar(word(self.swapped, at)) * self.secret
        return word(self.swapped, at + 1, encode(signature))

    def encrypted_again(self) -> bytes:
        """Put fresh randomness on top of the first slot, and honestly hash what comes out."""
        delta = hash_to_scalar("delta")
        bent = word(self.swapped, 1, add(word(self.swapped, 1), times_base(delta)))
        bent = word(bent, 2, add(word(bent, 2), times(delta, self.race.key)))
        at = 1 + 2 * self.race.slots
        body = bent[36 : 4 + 32 * at]
        whole = challenge(self.race, bent[4:36], bent[:4], body, [])
        return word(bent, at, encode(whole))


class WithoutKnowledge(_Sealing):
    """Takes the text of somebody else's ballot without knowing what it is."""

    def __init__(self, race: Race, picks: Sequence[Pick], secret: int, taken: Ciphertext) -> None:
        super().__init__(race, picks, secret, 0, SEED)
        self.body = self.body[:-64] + taken.a + taken.b


class Steep(Trustee):
    """Deals a polynomial of higher degree: it would take one trustee more to open."""

    def __init__(self, ceremony: Ceremony, i: int, seed: bytes) -> None:
        super().__init__(ceremony, i, seed)
        self._coefficients.append(7)
        self._publics = (*self._publics, times_base(7))


class Rogue(Trustee):
    """Makes its part of the key from those of the others, so that it alone would know the sum's logarithm."""

    def __init__(self, ceremony: Ceremony, i: int, seed: bytes, *, rogue: Point) -> None:
        super().__init__(ceremony, i, seed)
        self._publics = (rogue, *self._publics[1:])

    def _received(self, digest: bytes, hello: Hello, deal: Deal) -> int:
        return 0


class ChangesItsMind(Trustee):
    """Chooses another polynomial once it has seen what the others committed to."""

    def deal(self, hellos: Sequence[Hello]) -> Deal:
        self._coefficients = [coefficient + 1 for coefficient in self._coefficients]
        self._publics = tuple(times_base(coefficient) for coefficient in self._coefficients)
        return super().deal(hellos)


def ceremony_with(election: Election, cheat: Callable[[Ceremony, int, bytes], Trustee]) -> bytes:
    """Return a ceremony whose third trustee cheats, and whose others confirm without looking."""
    ceremony, seeds = election.ceremony, election.seeds
    trustees = [Trustee(ceremony, 1, seeds[0]), Trustee(ceremony, 2, seeds[1]), cheat(ceremony, 3, seeds[2])]
    hellos = [trustee.hello() for trustee in trustees]
    deals = [trustee.deal(hellos) for trustee in trustees]
    confirms = [confirm_blindly(trustee, hellos, deals) for trustee in trustees]
    return ceremony_line(ceremony, hellos, deals, confirms)


def confirm_blindly(trustee: Trustee, hellos: Sequence[Hello], deals: Sequence[Deal]) -> Confirm:
    """Confirm what was dealt, whatever it was."""
    digest = digest_of(hellos)
    try:
        share = sum(trustee._received(digest, hello, deal) for hello, deal in zip(hellos, deals, strict=True))
    except Refused:
        share = 0
    (public_share,), proof = prove("dkg-confirm", share or 1, [GENERATOR], digest, encode(trustee.i))
    return Confirm(trustee.i, public_share, proof)
