"""What happens after the close: shuffles of texts, shares, and the result that they open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .ballots import parse_ballot
from .ceremony import JointKey
from .checks import Check, require
from .electorate import Electorate
from .fields import array, ciphertext, data, exactly, point, whole
from .group import GENERATOR, Ciphertext, encode
from .hashing import h32
from .lines import Record
from .manifest import Manifest
from .proofs import PROOF_BYTES, check_proof
from .shuffles import check_shuffle, parse_proof
from .tallies import (
    Agenda,
    Share,
    SmallLogarithms,
    agenda_of,
    check_share,
    combine,
    pools_digest,
    sum_slots,
)  # fmt: skip
from .texts import read_text


class Opening:
    """A closed board.

    Attributes:
        closing: digest of the race and of the head after the close line; every later proof names it.
        sums: of the marks, slot by slot.
        pools: the sealed texts, one pool for each contest that has texts, as last shuffled.
    """

    def __init__(self, trustees: JointKey, manifest: Manifest, electorate: Electorate, head: bytes) -> None:
        race = manifest.race
        kept = [
            (weight, parse_ballot(race, ballot).ciphertexts)
            for weight, ballot in electorate.weighted_ballots()
        ]
        self.trustees, self.key = trustees, race.key
        self.closing = h32("close", race.id, head)
        self.sums = sum_slots(kept, race.marks)
        self.greatest_sum = sum(weight for weight, _ in kept)
        self.pools = _pools(manifest, [ciphertexts for _, ciphertexts in kept])
        self.mixers: list[int] = []
        self.shares: dict[int, Share] = {}

    @property
    def agenda(self) -> Agenda:
        """Return what the trustees are to open now."""
        return agenda_of(self.closing, [*self.sums, *(pair for pool in self.pools for pair in pool)])

    def mix_context(self, pool: int) -> bytes:
        """Return what the proof of the next shuffle of a pool names."""
        return self.closing + bytes([len(self.mixers), pool])

    def take_shuffle(self, record: Record, *, proofs: bool) -> None:
        """Enter a trustee's shuffle of all pools."""
        exactly(record, ("type", "i", "pools", "proofs", "vouch"))
        i = whole(record["i"])
        public_share = self.trustees.of(i, Check.SHUFFLE_TURN)
        require(i not in self.mixers and not self.shares and bool(self.pools), Check.SHUFFLE_TURN)
        pools = array(record["pools"], lambda pool: array(pool, ciphertext), len(self.pools))
        found = array(record["proofs"], parse_proof, len(self.pools))
        vouch = data(record["vouch"], PROOF_BYTES)
        if proofs:
            for number, (old, new, proof) in enumerate(zip(self.pools, pools, found, strict=True)):
                check_shuffle(self.mix_context(number), self.key, old, new, proof)
        context = (self.closing, encode(i), pools_digest(pools))
        check_proof(Check.SHUFFLE_VOUCH, "mix", [public_share], [GENERATOR], vouch, *context)
        self.pools = pools
        self.mixers.append(i)

    def take_share(self, record: Record) -> None:
        """Enter a trustee's share of the whole agenda."""
        exactly(record, ("type", "i", "factors", "proof"))
        factors = tuple(array(record["factors"], point))
        share = Share(whole(record["i"]), factors, data(record["proof"], PROOF_BYTES))
        require(share.i not in self.shares, Check.SHARE_TURN, "shared before")
        is_mixed = not self.pools or len(self.mixers) >= self.trustees.threshold
        require(is_mixed, Check.SHARE_TURN, "too few have shuffled")
        check_share(self.trustees, self.agenda, share)
        self.shares[share.i] = share

    def result(self) -> Record:
        """Return counts by mark slot, and for each pool how often each text was found.

        Raises Refused while there are fewer than t shares.
        """
        points = combine(self.agenda, list(self.shares.values()), self.trustees.threshold)
        logarithms = SmallLogarithms(self.greatest_sum)
        counts = [logarithms.of(found) for found in points[: len(self.sums)]]
        texts, at = [], len(self.sums)
        for pool in self.pools:
            found = Counter(map(read_text, points[at : at + len(pool)]))
            texts.append(dict(found))
            at += len(pool)
        return {"counts": counts, "texts": texts}


def _pools(manifest: Manifest, ballots: Sequence[Sequence[Ciphertext]]) -> list[list[Ciphertext]]:
    pools: list[list[Ciphertext]] = []
    at = manifest.race.marks
    for contest in manifest.contests:
        if contest.texts:
            pools.append([pair for ballot in ballots for pair in ballot[at : at + contest.texts]])
        at += contest.texts
    return pools
