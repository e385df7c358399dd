"""The manifest: the questions, the terms and the keys of an election, and the race its ballots belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .checks import Check, Refused, require
from .contests import Contest, parse_contest
from .fields import array, data, exactly, point, text, truth, whole
from .group import Point
from .hashing import h32
from .lines import read_line
from .races import Race, Rule

VERSION = 1
MOST_CONTESTS = 100
MOST_SLOTS = 1000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NEEDED = (
    "type", "v", "uuid", "title", "contests", "key", "ceremony", "roll",
    "revote", "least", "opens", "closes", "receipt_key",
)  # fmt: skip


@dataclass(frozen=True)
class Manifest:
    """What everybody agreed on before the first ballot.

    Attributes:
        ceremony, roll: digests of lines 1 and 2.
        revote: whether a voter may cast again; the last ballot counts.
        least: fewer counted ballots than this are never opened.
        opens_at, closes_at: announced times, in UTC; the board itself keeps no clock.
        receipt_key: what receipts are signed with.
    """

    race: Race
    uuid: str
    title: str
    contests: tuple[Contest, ...]
    ceremony: bytes
    roll: bytes
    revote: bool
    least: int
    opens_at: str
    closes_at: str
    receipt_key: Point


def parse_manifest(raw: bytes) -> Manifest:
    """Return the manifest of a line; raise Refused when a field is missing, strange or makes no sense."""
    record = exactly(read_line(raw), _NEEDED, ("terms",))
    require(whole(record["v"]) == VERSION, Check.MANIFEST_TERMS, "version")
    require(bool(_UUID.fullmatch(text(record["uuid"]))), Check.MANIFEST_TERMS, "uuid")
    exactly(record.get("terms", {}), (), record.get("terms", {}))
    opens_at, closes_at = _instant(record["opens"]), _instant(record["closes"])
    require(opens_at < closes_at, Check.MANIFEST_TERMS, "it closes before it opens")
    return Manifest(
        race=race_of(raw),
        uuid=record["uuid"],
        title=text(record["title"]),
        contests=contests_of(record["contests"]),
        ceremony=data(record["ceremony"], 32),
        roll=data(record["roll"], 32),
        revote=truth(record["revote"]),
        least=whole(record["least"], least=1),
        opens_at=opens_at,
        closes_at=closes_at,
        receipt_key=point(record["receipt_key"]),
    )


def race_of(raw: bytes) -> Race:
    """Return the race of a manifest line; `id` digests every byte of it, so a ballot means one thing only."""
    record = read_line(raw)
    contests = contests_of(record["contests"])
    marks, texts = sum(contest.marks for contest in contests), sum(contest.texts for contest in contests)
    rules: list[Rule] = []
    mark, slot = 0, marks
    for contest in contests:
        rules += contest.rules(range(mark, mark + contest.marks), range(slot, slot + contest.texts))
        mark, slot = mark + contest.marks, slot + contest.texts
    return Race(h32("manifest", raw), point(record["key"]), marks, texts, tuple(rules))


def contests_of(value: Any) -> tuple[Contest, ...]:
    """Return the questions in the order of the ballot."""
    contests = tuple(array(value, parse_contest))
    require(len(contests) <= MOST_CONTESTS, Check.MANIFEST_TERMS, f"more than {MOST_CONTESTS} questions")
    slots = sum(contest.marks + contest.texts for contest in contests)
    require(1 <= slots <= MOST_SLOTS, Check.MANIFEST_TERMS, f"not 1 to {MOST_SLOTS} slots")
    return contests


def write_instant(at: datetime) -> str:
    """Return an instant as a manifest states it, in UTC and whole seconds: 2026-05-01T08:00:00Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(value: Any) -> str:
    instant = text(value)
    try:
        datetime.fromisoformat(instant)
        well_formed = bool(_INSTANT.fullmatch(instant))
    except ValueError:
        well_formed = False
    if not well_formed:
        raise Refused(Check.MANIFEST_TERMS, "an instant is not as 2026-05-01T08:00:00Z")
    return instant
