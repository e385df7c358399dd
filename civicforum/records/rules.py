"""The hash chain of the journal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# What an entry's hash covers, in this order; previous_hash ties it to the entry before.
HASHED = (
    "community_id",
    "sequence",
    "at",
    "actor_id",
    "post",
    "assisted_by_id",
    "action",
    "subject_kind",
    "subject_id",
    "subject_title",
    "reason",
    "payload",
    "is_public",
    "previous_hash",
)


def hash_of_text(text: str) -> str:
    """Return the SHA-256 (hex) of a text as UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def entry_hash(entry: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of an entry's canonical JSON.

    Fields stand in HASHED order, instants in UTC to the microsecond.
    """
    values = [_plain(entry[name]) for name in HASHED]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hash_of_text(text)


# The act that announces which entries lost which words, and stands in the chain itself.
REDACT = "journal.redact"


@dataclass(frozen=True)
class Redaction:
    """What an entry of the journal says about an earlier one whose words were removed (docs/adr/0016).

    `hash` is the one the chain keeps for it, `stands` the hash of what is left there.
    """

    announced_at: int
    hash: str
    stands: str


def redactions(announcements: Iterable[tuple[int, Mapping[str, Any]]]) -> dict[int, Redaction]:
    """Return the last redaction of each entry, by its number, from the announcing entries in their order."""
    found = {}
    for announced_at, payload in announcements:
        for each in payload["entries"]:
            if each["sequence"] < announced_at:
                found[each["sequence"]] = Redaction(announced_at, each["hash"], each["stands"])
    return found


def is_redacted(entry: Mapping[str, Any], redaction: Redaction | None) -> bool:
    """Tell whether an entry that does not give its hash any more is exactly what a redaction left of it."""
    if redaction is None or entry["action"] == REDACT:
        return False
    return (entry["hash"], entry_hash(entry)) == (redaction.hash, redaction.stands)


@dataclass(frozen=True)
class Break:
    """The first entry at which the chain does not hold, and what is wrong with it."""

    sequence: int
    reason: str


def first_break(
    entries: Iterable[Mapping[str, Any]],
    *,
    head_sequence: int,
    head_hash: str,
    redacted: Mapping[int, Redaction] | None = None,
) -> Break | None:
    """Return where the chain breaks, or None when every entry and the head agree.

    `entries` come in order of their sequence numbers, which start at 1. Found are a changed entry, a missing
    one, one put in between, and entries cut off at the end. An entry in `redacted` may have lost words: it
    has to be what its redaction left, and the announcement itself is an entry of the same chain.
    """
    redacted = redacted or {}
    expected, previous = 1, ""
    for entry in entries:
        if entry["sequence"] != expected:
            return Break(expected, "missing")
        if entry["previous_hash"] != previous:
            return Break(expected, "does not follow the entry before")
        if entry_hash(entry) != entry["hash"] and not is_redacted(entry, redacted.get(expected)):
            return Break(expected, "changed")
        expected, previous = expected + 1, entry["hash"]
    if (expected - 1, previous) != (head_sequence, head_hash):
        return Break(expected, "missing at the end")
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if value is None or isinstance(value, (bool, int, str, dict, list)):
        return value
    return str(value)
