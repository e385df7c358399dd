"""The manifest of a backup: what is in it, of which versions, and the hash of every file."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from civicforum.backup.errors import BackupRefused, DoesNotHold
from civicforum.backup.measuring import Board, Content, Journal, Table
from civicforum.backup.vault import SealingKey, from_plain

KIND, VERSION = "civicforum backup", 1
MANIFEST = "manifest.json"
# In the form that `sha256sum --check` reads.
MANIFEST_HASH = "manifest.json.sha256"
DATABASE = "database.dump"
SECRETS = "secrets.sealed"
POLL_KEYS = "poll-keys"
DESTROYED = "poll-keys-destroyed.json"
# What JSON that is none, or is not what it was, makes its readers stumble over.
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class File:
    """A file of the backup."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        made_at: the instant whose rows it holds.
        program, postgresql: versions that made it; of PostgreSQL the server's, as a number such as 180001.
        database_size: bytes of the database on the server's disk.
        key: for whom its secrets are sealed; None when they were left out.
        files: by path within the backup.
    """

    id: uuid.UUID
    made_at: datetime
    program: str
    postgresql: int
    database_size: int
    content: Content
    key: SealingKey | None
    files: dict[str, File]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.content.tables.values())


def write(folder: Path, manifest: Manifest) -> str:
    """Write the manifest and its hash into the folder of a backup; return the hash."""
    plain = {
        "kind": KIND,
        "v": VERSION,
        **asdict(manifest),
        "id": str(manifest.id),
        "made_at": manifest.made_at.isoformat(),
        "key": manifest.key.as_plain() if manifest.key else None,
    }
    path = folder / MANIFEST
    path.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    digest = sha256_of(path)
    (folder / MANIFEST_HASH).write_text(f"{digest}  {MANIFEST}\n", encoding="ascii")
    return digest


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup. Raises BackupRefused, DoesNotHold."""
    path = folder / MANIFEST
    try:
        stated = (folder / MANIFEST_HASH).read_text(encoding="ascii").split()
        if [sha256_of(path)] != stated[:1]:
            raise DoesNotHold([f"{MANIFEST} was changed or cut off"])
        return _from_plain(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise BackupRefused(f"{folder} is no backup: it has no {Path(error.filename).name}.") from error
    except OSError as error:
        raise BackupRefused(f"{error.filename} cannot be read: {error.strerror}.") from error
    except _UNREADABLE as error:
        raise BackupRefused(f"{folder} is no backup that this version of civicforum reads.") from error


def check_files(folder: Path, manifest: Manifest) -> list[str]:
    """Read every file and return a line for each that is missing, cut off or changed."""
    problems = []
    for name, file in manifest.files.items():
        path = folder / name
        if not path.is_file():
            if name not in destroyed_in(folder):
                problems.append(f"{name} is missing")
        elif (size := path.stat().st_size) != file.size:
            problems.append(f"{name} has {size} bytes, not {file.size}")
        elif sha256_of(path) != file.sha256:
            problems.append(f"{name} was changed")
    return problems


def destroyed_in(folder: Path) -> set[str]:
    """Return the names of files with keys of votes that were taken out again on their day.

    Raises BackupRefused.
    """
    path = folder / DESTROYED
    try:
        return set(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else set()
    except _UNREADABLE as error:
        raise BackupRefused(f"{path} is damaged.") from error


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _from_plain(plain: dict[str, Any]) -> Manifest:
    if plain["kind"] != KIND or plain["v"] != VERSION:
        raise ValueError(plain["kind"])
    content = plain["content"]
    return Manifest(
        id=uuid.UUID(plain["id"]),
        made_at=datetime.fromisoformat(plain["made_at"]),
        program=str(plain["program"]),
        postgresql=int(plain["postgresql"]),
        database_size=int(plain["database_size"]),
        content=Content(
            revision=str(content["revision"]),
            tables={name: Table(**table) for name, table in content["tables"].items()},
            journals={id_: Journal(**journal) for id_, journal in content["journals"].items()},
            boards={id_: Board(**board) for id_, board in content["boards"].items()},
        ),
        key=from_plain(plain["key"]) if plain["key"] else None,
        files={_inside(name): File(**file) for name, file in plain["files"].items()},
    )


def _inside(name: str) -> str:
    # A name from outside becomes a path: none may lead out of the backup.
    path = Path(name)
    if path.is_absolute() or ".." in path.parts or len(path.parts) > 2:
        raise ValueError(name)
    return name
