"""Audit or cast: whoever doubts the phone seals, reveals the seed instead of casting, and seals anew (Benaloh
2006).

An audit opens the ciphertexts of one ballot and nothing else: the proofs' nonces need the credential's secret
too. A ballot that was audited must never be cast; the platform keeps its tracker before it shows the seed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .ballots import tracker_of, verify_ballot
from .checks import Check, Refused, require
from .fields import array, data, exactly, point
from .lines import read_line, write_line
from .races import Race
from .sealing import Pick, encrypt


class Audit(NamedTuple):
    """A ballot with what it was made from: 0 or 1 for a mark, 0 or a point for a text."""

    ballot: bytes
    picks: tuple[Pick, ...]
    seed: bytes

    @property
    def raw(self) -> bytes:
        """Return the audit as one device hands it to another."""
        return write_line({"type": "audit", **self._asdict()})

    @property
    def tracker(self) -> bytes:
        """Return the tracker that the first device showed before it revealed the seed."""
        return tracker_of(self.ballot)


def read_audit(raw: bytes, race: Race) -> Audit:
    """Return an audit; raise Refused unless the ballot is sound and holds exactly these picks."""
    record = exactly(read_line(raw), ("type", "ballot", "picks", "seed"))
    require(record["type"] == "audit", Check.LINE_FIELDS, "not an audit")
    picks = tuple(array(record["picks"], _pick, race.slots))
    audit = Audit(data(record["ballot"]), picks, data(record["seed"], 32))
    ballot = verify_ballot(race, audit.ballot)
    sealed = encrypt(race, picks, ballot.credential, ballot.sequence, audit.seed)
    require(sealed.ciphertexts == ballot.ciphertexts, Check.AUDIT, "something else was sealed")
    return audit


def _pick(value: Any) -> Pick:
    if type(value) is int and value in (0, 1):
        return value
    if isinstance(value, str):
        return point(value)
    raise Refused(Check.LINE_FIELDS, "not a pick")
