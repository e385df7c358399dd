"""Comparing a copy of the archive with today's database: what is changed, gone, or new since."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.dossiers.packages import CHAIN, ENTRIES, MANIFEST
from civicforum.errors import Invalid
from civicforum.records.models import JournalEntry
from civicforum.supervision.archive import SECTIONS, path_of, read_section
from civicforum.supervision.rules import Period

# Unpacked, all of it is read into memory; a copy that pages take (24 MB) has some ten times that in text.
MOST_BYTES = 256 * 1024**2
LARGEST_MANIFEST = 1024**2
MOST_SHOWN = 200
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, OSError, RuntimeError, TypeError)


@dataclass(frozen=True)
class Difference:
    """A record that is not as it was: its kind, its title, and how: "changed", "gone" or "new"."""

    section: str
    title: str
    how: str


@dataclass(frozen=True)
class Comparison:
    """What came of it. `entries` are numbers of journal entries that are changed or gone today."""

    period: Period
    compared: int
    differences: list[Difference]
    entries: list[int]
    checked_entries: int

    @property
    def is_same(self) -> bool:
        return not self.differences and not self.entries


def compare_package(session: Session, content: bytes, *, community_id: uuid.UUID) -> Comparison:
    """Compare a copy's records and its journal chain with today's.

    Raises Invalid: "no_copy" (not a copy of an archive, or damaged), "elsewhere" (of another community).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(entry.file_size for entry in package.infolist()) > MOST_BYTES:
                raise Invalid("no_copy", "package")
            if package.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
                raise Invalid("no_copy", "package")
            manifest = json.loads(package.read(MANIFEST))
            period = _period(manifest, community_id)
            kept = {name: _records(package.read(path_of(name))) for name in SECTIONS}
            chain = _chain(package.read(CHAIN))
            checked = len(package.read(ENTRIES).splitlines())
    except _BROKEN as error:
        raise Invalid("no_copy", "package") from error
    differences: list[Difference] = []
    for name, records in kept.items():
        today = _records(read_section(session, name, community_id=community_id, period=period))
        differences += _differences(name, records, today)
    return Comparison(
        period=period,
        compared=sum(len(records) for records in kept.values()),
        differences=differences[:MOST_SHOWN],
        entries=_changed_entries(session, community_id, chain)[:MOST_SHOWN],
        checked_entries=max(checked, len(chain)),
    )


def _period(manifest: dict[str, Any], community_id: uuid.UUID) -> Period:
    if manifest["kind"] != "archive":
        raise Invalid("no_copy", "package")
    if manifest["community"]["id"] != str(community_id):
        raise Invalid("elsewhere", "package")
    first, _dash, last = str(manifest["subject"]["title"]).partition(" – ")
    return Period(date.fromisoformat(first), date.fromisoformat(last))


def _records(content: bytes) -> dict[str, dict[str, Any]]:
    """Return records by their id."""
    records = [json.loads(line) for line in content.decode().splitlines()]
    return {str(record["id"]): record for record in records}


def _chain(content: bytes) -> dict[int, str]:
    pairs = [line.split(" ") for line in content.decode().splitlines()]
    return {int(sequence): digest for sequence, digest in pairs}


def _differences(
    name: str, kept: dict[str, dict[str, Any]], today: dict[str, dict[str, Any]]
) -> list[Difference]:
    found = [
        Difference(name, _title(record), "gone" if key not in today else "changed")
        for key, record in kept.items()
        if today.get(key) != record
    ]
    return found + [
        Difference(name, _title(record), "new") for key, record in today.items() if key not in kept
    ]


def _title(record: dict[str, Any]) -> str:
    return str(record.get("title") or record.get("number") or record.get("text") or record["id"])[:120]


def _changed_entries(session: Session, community_id: uuid.UUID, chain: dict[int, str]) -> list[int]:
    if not chain:
        return []
    rows = session.execute(
        select(JournalEntry.sequence, JournalEntry.hash).where(
            JournalEntry.community_id == community_id,
            JournalEntry.sequence.between(min(chain), max(chain)),
        )
    )
    today = {row.sequence: row.hash for row in rows}
    return sorted(number for number, digest in chain.items() if today.get(number) != digest)
