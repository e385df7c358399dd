"""The format of a package: a zip of files with a manifest of their hashes and a piece of the journal.

A dossier is one, and so is a copy of an archive: `Origin.kind` says which. The zip of the same files, made at
the same instant, is the same to the byte. This module and `checking` need neither Flask nor a database.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import IO, Any

from civicforum.records.rules import HASHED

FORMAT = "civicforum-package"
VERSION = 1
MANIFEST = "manifest.json"
ENTRIES = "journal/entries.jsonl"
CHAIN = "journal/chain.txt"
# Archives of sealed votes; each is checked by itself.
BALLOTS = "ballots/"
LONGEST_PATH = 200
# No drive, no root, no step upwards, nothing that one system writes in another way than the next.
_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*\Z", re.ASCII)
# A zip knows no time zone and no year before this; when it was made stands in the manifest.
_ALWAYS = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a package is and where it comes from; the journal's head as it was at `made_at`."""

    kind: str
    community_id: str
    community: str
    subject_kind: str
    subject_id: str
    subject: str
    made_at: datetime
    head_sequence: int
    head_hash: str


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """The archive of a sealed vote that is too large to be put in: where it is had, how it is known again.

    `head` is that of the board, 64 hexadecimal digits.
    """

    path: str
    address: str
    bytes: int
    head: str


def is_path(text: object) -> bool:
    """Tell whether a text may be the path of a file in a package."""
    return isinstance(text, str) and len(text) <= LONGEST_PATH and _PATH.match(text) is not None


def write_package(
    target: IO[bytes],
    files: Iterable[tuple[str, bytes]],
    *,
    origin: Origin,
    elsewhere: Sequence[Elsewhere] = (),
) -> None:
    """Write files, each a path and its content, and the manifest after them.

    Raises ValueError for a path that a reader would refuse, or that comes twice.
    """
    listed: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for path, content in files:
            if not is_path(path) or path == MANIFEST or path.lower() in {one.lower() for one in listed}:
                raise ValueError(f"not a path of a package: {path!r}")
            package.writestr(_entry(path), content)
            listed[path] = {
                "path": path,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        manifest = _manifest(origin, [listed[path] for path in sorted(listed)], elsewhere)
        package.writestr(_entry(MANIFEST), _pretty(manifest))


def journal_files(
    entries: Iterable[Mapping[str, Any]], chain: Iterable[tuple[int, str]]
) -> list[tuple[str, bytes]]:
    """Return the piece of a journal as files.

    Args:
        entries: entries with the fields of `HASHED` and "hash", in the order of their numbers.
        chain: number and hash of every entry from the first of these to the head, in order.
    """
    lines = [_line({name: plain(entry[name]) for name in (*HASHED, "hash")}) for entry in entries]
    links = [f"{sequence} {digest}\n" for sequence, digest in chain]
    return [(ENTRIES, "".join(lines).encode()), (CHAIN, "".join(links).encode())]


def plain(value: object) -> object:
    """Return a value of an entry as JSON has it: instants in UTC to the microsecond, ids as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, (bool, int, str, dict, list)) else str(value)


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _ALWAYS)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    return entry


def _manifest(
    origin: Origin, files: Sequence[Mapping[str, Any]], elsewhere: Sequence[Elsewhere]
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "kind": origin.kind,
        "community": {"id": origin.community_id, "name": origin.community},
        "subject": {"kind": origin.subject_kind, "id": origin.subject_id, "title": origin.subject},
        "made_at": plain(origin.made_at),
        "journal": {"sequence": origin.head_sequence, "hash": origin.head_hash},
        "files": list(files),
        "elsewhere": [asdict(one) for one in elsewhere],
    }


def _pretty(manifest: Mapping[str, Any]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()


def _line(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
