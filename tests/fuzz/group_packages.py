"""Files that carry many: exports of communities, packages for `civicforum verify`, copies of the archive."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from civicforum.dossiers.checking import check_package
from civicforum.dossiers.packages import Origin, journal_files, write_package
from civicforum.errors import Invalid
from civicforum.records.rules import entry_hash
from civicforum.sealed import verify_archive
from civicforum.supervision.archive import SECTIONS, path_of
from civicforum.supervision.comparing import compare_package
from civicforum.transfer.archive import Archive, FileRefused, Manifest, TableFile, fingerprint
from civicforum.transfer.reading import BadRow, read_row, read_rows
from civicforum.transfer.tables import travelling_tables
from civicforum.transfer.values import from_plain
from tests.fuzz.target import Target, in_parts, zipped

COMMUNITY = uuid.UUID("00000000-0000-4000-8000-00000000000a")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Asked(Exception):
    """The file was read whole, and the database would be asked now."""


class _NoDatabase:
    def __getattr__(self, name: str) -> Any:
        raise Asked(name)


@contextmanager
def _file(data: bytes) -> Iterator[Path]:
    """Give a file with the zip that an input stands for; nothing else may be left with temporary files."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="civicforum-fuzz-") as name:
        folder = Path(name)
        path = folder / "given"
        path.write_bytes(zipped(data))
        tempfile.tempdir = name
        try:
            yield path
        finally:
            tempfile.tempdir = before
            left = [str(found.relative_to(folder)) for found in folder.rglob("*")]
        assert left == ["given"], f"files are left: {left}"


@cache
def _tables() -> dict[str, Table]:
    return {table.name: table for table in travelling_tables()}


def _export(data: bytes) -> None:
    with _file(data) as path, Archive(path) as archive:
        for file in archive.manifest.tables:
            if file.name in _tables():
                list(read_rows(archive, file, _tables()[file.name]))


def _exports() -> list[bytes]:
    parts = {
        f"tables/{name}.jsonl": row + b"\n" for name, row in _rows().items() if name in ("grid", "community")
    }
    tables = [
        TableFile(path[len("tables/") : -len(".jsonl")], 1, hashlib.sha256(content).hexdigest())
        for path, content in parts.items()
    ]
    manifest = Manifest(
        "civicforum-community", 1, "0026", NOW.isoformat(), "0.1.0", str(COMMUNITY), "青松里社区",
        fingerprint("key"), 1, "0" * 64, tables,
    )  # fmt: skip
    plain = in_parts({**parts, "manifest.json": manifest.to_bytes()})
    return [plain, zipped(plain)]


@cache
def _rows() -> dict[str, bytes]:
    """Return a row of every table that travels, of values that its columns take."""
    found = {}
    for name, table in _tables().items():
        row = {column.name: _value(column) for column in table.columns}
        own = "id" if name == "community" else "community_id"
        found[name] = json.dumps(row | ({own: str(COMMUNITY)} if own in row else {})).encode()
    return found


def _value(column: Any) -> Any:
    if column.nullable:
        return None
    tries: tuple[Any, ...] = (
        str(COMMUNITY),
        "2026-03-02",
        NOW.isoformat(),
        "09:00:00",
        1,
        1.5,
        True,
        "",
        "AA==",
        {"a": []},
        [],
    )
    for value in (*getattr(column.type, "enums", ())[:1], *tries):
        try:
            from_plain(column, value)
        except ValueError:
            continue
        return value
    raise AssertionError(f"no value fits {column}")


def _row(data: bytes) -> None:
    """Read a line of a table, which the first word names."""
    name, _, line = data.partition(b" ")
    table = _tables().get(name.decode("ascii", "replace"))
    if table is None:
        raise BadRow(name)
    row = read_row(table, line, COMMUNITY)
    assert row.keys() == {column.name for column in table.columns}
    for value in row.values():
        assert not isinstance(value, str) or ("\x00" not in value and value.encode())


def _package(data: bytes) -> None:
    with _file(data) as path:
        lines, checks = check_package(path, check_sealed=verify_archive)
    assert checks
    for line in lines + [words for check in checks for words in (check.words, *check.details)]:
        assert line.isprintable(), "a stranger's text could do something to a terminal"


def _packages() -> list[bytes]:
    entry: dict[str, Any] = {
        "community_id": str(COMMUNITY), "sequence": 1, "at": NOW.isoformat(timespec="microseconds"),
        "actor_id": None, "post": "", "assisted_by_id": None, "action": "matter.raise", "subject_kind":
        "matter",
        "subject_id": str(COMMUNITY), "subject_title": "修路灯", "reason": "", "payload": {"a": [1]},
        "is_public": True,
        "previous_hash": "0" * 64,
    }  # fmt: skip
    entry["hash"] = entry_hash(entry)
    told = {"entries": [{"sequence": 1, "hash": entry["hash"], "stands": "1" * 64}]}
    second = entry | {
        "sequence": 2, "action": "journal.redact", "payload": told, "previous_hash": entry["hash"],
    }  # fmt: skip
    second["hash"] = entry_hash(second)
    origin = Origin(
        kind="matter", community_id=str(COMMUNITY), community="青松里社区", subject_kind="matter",
        subject_id=str(COMMUNITY), subject="修路灯", made_at=NOW, head_sequence=2, head_hash=second["hash"],
    )  # fmt: skip
    links = [(1, entry["hash"]), (2, second["hash"])]
    whole = io.BytesIO()
    files = [
        *journal_files([entry, second], links),
        ("ballots/a.jsonl", b'{"type":"ceremony"}\n'),
        ("a.txt", b"a"),
    ]
    write_package(whole, files, origin=origin)
    return [whole.getvalue(), _unzipped(whole.getvalue())]


def _unzipped(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return in_parts({name: archive.read(name) for name in archive.namelist()})


def _copy(data: bytes) -> None:
    with suppress(Asked):
        compare_package(cast("Session", _NoDatabase()), zipped(data), community_id=COMMUNITY)


def _copies() -> list[bytes]:
    manifest = {
        "kind": "archive",
        "community": {"id": str(COMMUNITY)},
        "subject": {"title": f"{date(2026, 1, 1)} – {date(2026, 6, 30)}"},
    }
    record = json.dumps({"id": "a", "title": "b"}).encode() + b"\n"
    parts = {"manifest.json": json.dumps(manifest).encode(), **{path_of(name): record for name in SECTIONS}}
    parts |= {"journal/chain.txt": b"1 " + b"0" * 64 + b"\n", "journal/entries.jsonl": b"{}\n"}
    return [in_parts(parts)]


def _named_rows() -> list[bytes]:
    return [name.encode() + b" " + row for name, row in _rows().items()]


TARGETS = (
    Target(
        "packages.export",
        "the export of a community",
        "no file is left behind",
        _export,
        _exports,
        (FileRefused,),
        longest=12_000,
    ),
    Target(
        "packages.row",
        "a row of any table of an export",
        "PostgreSQL can hold every text",
        _row,
        _named_rows,
        (BadRow,),
    ),
    Target(
        "packages.package",
        "a package for `civicforum verify`",
        "what is printed does nothing to a terminal; no file is left behind",
        _package,
        _packages,
        longest=12_000,
    ),
    Target(
        "packages.copy",
        "a copy of the archive to be compared",
        "",
        _copy,
        _copies,
        (Invalid,),
        longest=12_000,
    ),
)
