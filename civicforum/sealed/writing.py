"""Writing the lines of a board, one function for each type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import ceremony as ceremonies
from . import shuffles
from .ceremony import Ceremony, Confirm, Deal, Hello
from .electorate import Why
from .group import Ciphertext, Point
from .hashing import h32
from .lines import Record, write_line
from .manifest import VERSION
from .shuffles import ShuffleProof
from .tallies import Share


def ceremony_line(
    ceremony: Ceremony, hellos: Sequence[Hello], deals: Sequence[Deal], confirms: Sequence[Confirm]
) -> bytes:
    """Return line 1."""
    rounds: dict[str, Any] = {
        name: [ceremonies.record_of(message) for message in messages]
        for name, messages in (("hellos", hellos), ("deals", deals), ("confirms", confirms))
    }
    return write_line({"type": "ceremony", "id": ceremony.id, "t": ceremony.threshold, **rounds})


def roll_line(weights: dict[Point, int] | None = None, credentials: Sequence[Point] = ()) -> bytes:
    """Return line 2: credentials in any order, or the weight of each."""
    if weights is None:
        return write_line({"type": "roll", "creds": sorted(credentials)})
    ascending = sorted(weights)
    return write_line(
        {"type": "roll", "creds": ascending, "weights": [weights[credential] for credential in ascending]}
    )


def manifest_line(ceremony: bytes, roll: bytes, **terms: Any) -> bytes:
    """Return line 3 for two raw lines; `terms` are the other fields of a manifest under their names there."""
    named = {"ceremony": h32("ceremony", ceremony), "roll": h32("roll", roll)}
    return write_line({"type": "manifest", "v": VERSION, **named, **terms})


def ballot_line(ballot: bytes) -> bytes:
    """Return the line of a sealed ballot."""
    return write_line({"type": "ballot", "ballot": ballot})


def void_line(credential: Point, why: Why) -> bytes:
    """Return the line that puts a credential out of force."""
    return write_line({"type": "void", "cred": credential, "why": why})


def enroll_line(credential: Point, replaces: Point) -> bytes:
    """Return the line that puts a new credential in the place of a voided one."""
    return write_line({"type": "enroll", "cred": credential, "replaces": replaces})


def stop_line() -> bytes:
    """Return the line after which no ballot comes."""
    return write_line({"type": "stop"})


def close_line(counted: int) -> bytes:
    """Return the line after which nothing changes what is counted."""
    return write_line({"type": "close", "counted": counted})


def shuffle_line(
    i: int, pools: Sequence[Sequence[Ciphertext]], proofs: Sequence[ShuffleProof], vouch: bytes
) -> bytes:
    """Return the line of a trustee's shuffle of all pools."""
    records: list[Record] = [shuffles.record_of(proof) for proof in proofs]
    return write_line({"type": "shuffle", "i": i, "pools": pools, "proofs": records, "vouch": vouch})


def share_line(share: Share) -> bytes:
    """Return the line of a trustee's share."""
    return write_line({"type": "share", "i": share.i, "factors": share.factors, "proof": share.proof})


def result_line(result: Record) -> bytes:
    """Return the line of what `Opening.result` found."""
    return write_line({"type": "result", **result})


def paper_line(
    *,
    issued: int,
    found: int,
    invalid: int,
    counts: Sequence[int],
    texts: Sequence[dict[str, int]] = (),
    signed_by: Sequence[str],
) -> bytes:
    """Return the line of the paper count."""
    return write_line(
        {
            "type": "paper",
            "issued": issued,
            "found": found,
            "invalid": invalid,
            "counts": counts,
            "texts": texts,
            "signed_by": signed_by,
        }
    )


def note_line(text: str) -> bytes:
    """Return the line of a decision or complaint."""
    return write_line({"type": "note", "text": text})
