"""Names of backups, room for them, and which of the old ones may go."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

KEEP_DAYS = 30
# Beside the room for the copy itself: a disk that is full to the last byte stops more than backups.
SPARE_BYTES = 256 * 1024 * 1024
_NAME = re.compile(r"civicforum-(\d{8}T\d{6}Z)")
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Kept:
    """A whole backup in the folder.

    Attributes:
        made_at: the instant whose rows it holds.
        heads: number of the last journal entry by community.
    """

    name: str
    made_at: datetime
    heads: Mapping[str, int] = field(default_factory=dict)


def name_of(made_at: datetime) -> str:
    """Return the name of the folder of a backup made at that instant."""
    return f"civicforum-{made_at.astimezone(UTC):{_STAMP}}"


def is_name(name: str) -> bool:
    """Tell whether a folder of that name is a backup that was written to its end."""
    return _NAME.fullmatch(name) is not None


def bytes_needed(database_bytes: int) -> int:
    """Return how much room a backup wants: as if nothing could be compressed, since pictures cannot."""
    return database_bytes + SPARE_BYTES


def split_old(backups: Sequence[Kept], *, keep_days: int, now: datetime) -> tuple[list[Kept], list[Kept]]:
    """Return which backups go, and which are old but stay because nothing newer stands for them.

    A backup goes when it is older than `keep_days` and a newer one has every community of it at least as far.
    So the newest never goes, and an empty database after a broken disk does not push out what was good.
    """
    oldest = now - timedelta(days=keep_days)
    going: list[Kept] = []
    staying: list[Kept] = []
    for one in backups:
        if one.made_at >= oldest:
            continue
        newer = [other for other in backups if other.made_at > one.made_at]
        (going if any(_stands_for(other, one) for other in newer) else staying).append(one)
    return going, staying


def _stands_for(newer: Kept, older: Kept) -> bool:
    return all(newer.heads.get(community, -1) >= number for community, number in older.heads.items())
