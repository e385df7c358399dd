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


def entry_hash(entry: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of an entry's canonical JSON.

    Fields stand in HASHED order, instants in UTC to the microsecond.
    """
    values = [_plain(entry[name]) for name in HASHED]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Break:
    """The first entry at which the chain does not hold, and what is wrong with it."""

    sequence: int
    reason: str


def first_break(entries: Iterable[Mapping[str, Any]], *, head_sequence: int, head_hash: str) -> Break | None:
    """Return where the chain breaks, or None when every entry and the head agree.

    `entries` come in order of their sequence numbers, which start at 1. Found are a changed entry, a missing
    one, one put in between, and entries cut off at the end.
    """
    expected, previous = 1, ""
    for entry in entries:
        if entry["sequence"] != expected:
            return Break(expected, "missing")
        if entry["previous_hash"] != previous:
            return Break(expected, "does not follow the entry before")
        if entry_hash(entry) != entry["hash"]:
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
