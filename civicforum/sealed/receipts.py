"""Receipts: the platform's signature on where a ballot stands; it convicts if the board says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .checks import Check, Refused
from .fields import data, exactly, text, whole
from .group import GENERATOR, Point, encode, times_base
from .lines import FIRST_HEAD, Record, extend, read_line, write_line
from .proofs import PROOF_BYTES, check_proof, prove


class Receipt(NamedTuple):
    """Line `line` (the ceremony is 1) is the ballot with this tracker, and `head` is the head after it."""

    uuid: str
    line: int
    tracker: bytes
    head: bytes
    proof: bytes

    @property
    def raw(self) -> bytes:
        """Return the receipt as the voter keeps it."""
        return write_line({"type": "receipt", **self._asdict()})


def issue_receipt(secret: int, uuid: str, line: int, tracker: bytes, head: bytes) -> Receipt:
    """Return a receipt signed with the key whose public half the manifest names."""
    _, proof = prove("receipt", secret, [GENERATOR], *_statement(uuid, line, tracker, head))
    return Receipt(uuid, line, tracker, head, proof)


def receipt_key(secret: int) -> Point:
    """Return the public half of a receipt key."""
    return times_base(secret)


def read_receipt(raw: bytes, key: Point) -> Receipt:
    """Return a receipt; raise Refused unless the key signed it."""
    record: Record = exactly(read_line(raw), ("type", "uuid", "line", "tracker", "head", "proof"))
    if record["type"] != "receipt":
        raise Refused(Check.LINE_FIELDS, "not a receipt")
    receipt = Receipt(
        uuid=text(record["uuid"]),
        line=whole(record["line"], 1),
        tracker=data(record["tracker"], 32),
        head=data(record["head"], 32),
        proof=data(record["proof"], PROOF_BYTES),
    )
    context = _statement(*receipt[:-1])
    check_proof(Check.RECEIPT, "receipt", [key], [GENERATOR], receipt.proof, *context)
    return receipt


def is_on_chain(receipt: Receipt, digests: Sequence[bytes]) -> bool:
    """Tell whether the published digests of lines lead to the receipt's head at its line."""
    head = FIRST_HEAD
    for digest in digests[: receipt.line]:
        head = extend(head, digest)
    return len(digests) >= receipt.line and head == receipt.head


def _statement(uuid: str, line: int, tracker: bytes, head: bytes) -> tuple[bytes, ...]:
    return uuid.encode(), encode(line), tracker, head
