"""The file a community leaves with: a zip of one JSON Lines file per table, and a manifest of what is in it.

    manifest.json           format, version, schema revision, community, counts and SHA-256 of each table
    tables/<table>.jsonl    one row a line, as an object of all columns

Nothing in it is trusted: names are only compared with those this version knows, and sizes are bounded.
"""

from __future__ import annotations

import hashlib
import json
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FORMAT, VERSION = "civicforum-community", 1
MANIFEST = "manifest.json"
MANIFEST_MOST = 1024 * 1024
# A file of a complaint or a paper lies in one row; nothing that pages accept comes near.
LINE_MOST = 96 * 1024 * 1024
# Deflate can make a thousand of one; text makes ten or twenty.
RATIO_MOST, RATIO_FROM = 200, 16 * 1024 * 1024
# What zipfile raises on members that are broken, encrypted or packed in a way it does not know.
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError)


class FileRefused(Exception):
    """The file is not the export of a community, or is damaged. The message is one sentence in English."""


@dataclass(frozen=True)
class TableFile:
    """The file of one table."""

    name: str
    rows: int
    sha256: str

    @property
    def path(self) -> str:
        return path_of(self.name)


@dataclass(frozen=True)
class Manifest:
    """What an export says of itself. `head` is the journal's last entry at that moment."""

    format: str
    version: int
    revision: str
    made_at: str
    made_with: str
    community_id: str
    community_name: str
    identity_key: str
    head_sequence: int
    head_hash: str
    tables: list[TableFile]

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @property
    def community(self) -> uuid.UUID:
        return uuid.UUID(self.community_id)

    @property
    def row_count(self) -> int:
        return sum(table.rows for table in self.tables)


def path_of(table: str) -> str:
    """Return where a table's rows are in the file."""
    return f"tables/{table}.jsonl"


def fingerprint(identity_key: str) -> str:
    """Return what tells whether two servers hash identity numbers with the same key; the key stays secret."""
    return hashlib.sha256(b"civicforum identity key " + identity_key.encode()).hexdigest()[:32]


class Archive:
    """An export that is being read. Use it as a context manager; opening raises FileRefused."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise FileRefused("This is not a zip file.") from error
        try:
            self.manifest, self.manifest_hash = self._read_manifest()
            self._check_members()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    def lines(self, table: TableFile) -> Iterator[bytes]:
        """Yield the lines of a table's file; raise FileRefused where it is not what the manifest says."""
        digest, rows = hashlib.sha256(), 0
        try:
            with self._zip.open(table.path) as file:
                while line := file.readline(LINE_MOST + 1):
                    if len(line) > LINE_MOST:
                        raise FileRefused(f"{table.path}, line {rows + 1}: longer than any row can be.")
                    digest.update(line)
                    rows += 1
                    yield line
        except _DAMAGED as error:
            raise FileRefused(f"{table.path} is damaged.") from error
        if rows != table.rows or digest.hexdigest() != table.sha256:
            raise FileRefused(f"{table.path} is not the file that the manifest names: it was changed.")

    def _read_manifest(self) -> tuple[Manifest, str]:
        try:
            info = self._zip.getinfo(MANIFEST)
            if info.file_size > MANIFEST_MOST:
                raise FileRefused("The manifest is too large.")
            content = self._zip.read(info)
            manifest = _manifest(json.loads(content))
        except FileRefused:
            raise
        except KeyError as error:
            raise FileRefused("There is no manifest in it: this is not the export of a community.") from error
        except Exception as error:
            raise FileRefused("The manifest cannot be read.") from error
        if (manifest.format, manifest.version) != (FORMAT, VERSION):
            raise FileRefused(
                "This is not the export of a community, or one of another version of the format."
            )
        return manifest, hashlib.sha256(content).hexdigest()

    def _check_members(self) -> None:
        names = [info.filename for info in self._zip.infolist()]
        expected = {MANIFEST, *(table.path for table in self.manifest.tables)}
        if len(names) != len(set(names)) or set(names) != expected:
            raise FileRefused("The files in it are not those that the manifest names.")
        for info in self._zip.infolist():
            if info.file_size > RATIO_FROM and info.file_size > RATIO_MOST * max(1, info.compress_size):
                raise FileRefused(f"{info.filename} would grow beyond measure when it is unpacked.")


def _manifest(given: Any) -> Manifest:
    """Return the manifest; raises KeyError, TypeError or ValueError where it is none."""
    tables = [TableFile(**each) for each in given.pop("tables")]
    manifest = Manifest(**given, tables=tables)
    wanted = {name: type(value) for name, value in _EXAMPLE.items()}
    if any(type(getattr(manifest, name)) is not kind for name, kind in wanted.items()):
        raise TypeError
    for table in tables:
        if not (type(table.name) is type(table.sha256) is str and type(table.rows) is int):
            raise TypeError
    uuid.UUID(manifest.community_id)
    return manifest


_EXAMPLE = {
    "format": "",
    "version": 0,
    "revision": "",
    "made_at": "",
    "made_with": "",
    "community_id": "",
    "community_name": "",
    "identity_key": "",
    "head_sequence": 0,
    "head_hash": "",
}
