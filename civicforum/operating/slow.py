"""The slow statements of the last day on this machine, as the log has them."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from civicforum import logs
from civicforum.config import Settings

# Of each file only its end is read: a page may not wait for the rest.
MOST_BYTES = 2 * 2**20
MOST_SHOWN = 10
DAY = timedelta(days=1)


@dataclass(frozen=True)
class SlowStatement:
    """One statement, how often it was slow, the worst of it, and the endpoints that asked it."""

    statement: str
    times: int
    worst_ms: int
    places: tuple[str, ...]


def list_slow(settings: Settings, *, now: datetime) -> list[SlowStatement]:
    """Return the slow statements of the last day, the one that took longest in all first.

    Lines that are no JSON, as with CIVICFORUM_LOG_JSON=0, are left out.
    """
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for line in _lines(settings):
        if line["time"] >= (now - DAY).isoformat():
            found[line["statement"]].append((int(line["ms"]), str(line.get("endpoint", ""))))
    ordered = sorted(found.items(), key=lambda pair: -sum(ms for ms, _ in pair[1]))
    return [
        SlowStatement(
            statement, len(seen), max(ms for ms, _ in seen), tuple(sorted({place for _, place in seen}))
        )
        for statement, seen in ordered[:MOST_SHOWN]
    ]


def _lines(settings: Settings) -> Iterator[dict[str, str]]:
    path = (settings.log or logs.log_file(settings.instance)).with_name(logs.SLOW)
    before = [one for one, _day in logs.dated(path) if one.suffix != ".gz"][-1:]
    for file in (*before, path):
        for line in _end_of(file):
            try:
                read = json.loads(line)
            except ValueError:
                continue
            if isinstance(read, dict) and {"time", "ms", "statement"} <= read.keys():
                yield read


def _end_of(file: Path) -> list[bytes]:
    try:
        with file.open("rb") as opened:
            opened.seek(max(0, os.fstat(opened.fileno()).st_size - MOST_BYTES))
            return opened.read().splitlines()
    except OSError:
        return []
