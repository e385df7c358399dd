"""Checking a package that somebody handed over: nothing in it is believed.

Sizes are bounded before and while reading, names are those of `packages.is_path`, and only the archives of
sealed votes are written to a file, under a name of ours.
"""

from __future__ import annotations

import hashlib
import json
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from civicforum.dossiers.packages import BALLOTS, CHAIN, ENTRIES, FORMAT, MANIFEST, VERSION, is_path
from civicforum.records.rules import HASHED, REDACT, Redaction, entry_hash, is_redacted, redactions
from civicforum.sealed.archives import Report

MOST_FILES = 20_000
MOST_BYTES = 2 * 1024**3
LARGEST_MANIFEST = 16 * 1024**2
LONGEST_LINE = 1024**2
_PIECE = 256 * 1024
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What a zip made to break its reader makes the standard library raise.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    UnicodeDecodeError,
    ValueError,
    OverflowError,
)
CheckSealed = Callable[[Path], Report]


@dataclass(frozen=True)
class Check:
    """What was looked at, and by `details` what does not hold; `holds` is None where nothing was there."""

    holds: bool | None
    words: str
    details: tuple[str, ...] = ()


class Unreadable(Exception):
    """A file that is not a package, or one that is made to harm who reads it."""


@dataclass(frozen=True)
class Listed:
    """A file as the manifest has it."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A manifest of the right shape. `lines` say what the package is."""

    lines: tuple[str, ...]
    sequence: int
    head: str
    files: Mapping[str, Listed]
    elsewhere: tuple[str, ...]


def is_zip(path: Path) -> bool:
    """Tell by its first bytes whether a file is a zip, and not the archive of a sealed vote."""
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def check_package(
    path: Path, *, head: bytes | None = None, check_sealed: CheckSealed
) -> tuple[list[str], list[Check]]:
    """Return what a package says it is, in lines, and every check.

    Args:
        head: the head of the journal that was announced, if one is known.
        check_sealed: the verifier of an archive of a sealed vote.
    """
    try:
        with zipfile.ZipFile(path) as package:
            entries = _entries(package)
            manifest = read_manifest(_read(package, entries, MANIFEST, most=LARGEST_MANIFEST))
            return list(manifest.lines), _checks(package, entries, manifest, head, check_sealed)
    except Unreadable as refusal:
        return [], [Check(False, "The file is a package that can be read", (str(refusal),))]
    except _BROKEN as error:
        details = (f"the zip is damaged: {shown(str(error) or type(error).__name__)}",)
        return [], [Check(False, "The file is a package that can be read", details)]


def read_manifest(content: bytes) -> Manifest:
    """Return a manifest that has everything it must have. Raises Unreadable."""
    try:
        found = json.loads(content)
        if found["format"] != FORMAT:
            raise Unreadable("the manifest is of another format")
        if found["version"] != VERSION:
            raise Unreadable(
                f"the manifest is of version {shown(found['version'])}; this program reads {VERSION}"
            )
        files = [Listed(one["path"], int(one["bytes"]), str(one["sha256"])) for one in found["files"]]
        subject, community = found["subject"], found["community"]
        lines = (
            f"{found['kind']}: {subject['kind']} {subject['title']} ({subject['id']})",
            f"community: {community['name']} ({community['id']})",
            f"made at {found['made_at']}",
            f"journal: entry {int(found['journal']['sequence'])}, head {found['journal']['hash']}",
        )
        sequence, head = int(found["journal"]["sequence"]), str(found["journal"]["hash"])
        elsewhere = tuple(
            f"{one['path']} ({int(one['bytes'])} bytes) is had at {one['address']}; its head is {one['head']}"
            for one in found.get("elsewhere", [])
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise Unreadable("the manifest cannot be read") from error
    names = [one.path for one in files]
    if not all(map(is_path, names)) or len({name.lower() for name in names}) != len(names):
        raise Unreadable("the manifest names a file twice, or by a name that no package has")
    return Manifest(
        lines=tuple(map(shown, lines)),
        sequence=sequence,
        head=head,
        files={one.path: one for one in files},
        elsewhere=tuple(map(shown, elsewhere)),
    )


def shown(value: object) -> str:
    """Return a text from a stranger as one line that does nothing to a terminal, at most 300 characters."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(value))[:300]


def _entries(package: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return what is in the zip by its name. Raises Unreadable for what no package has."""
    infos = package.infolist()
    if len(infos) > MOST_FILES:
        raise Unreadable(f"it has more than {MOST_FILES} files")
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise Unreadable(f"unpacked it would have more than {MOST_BYTES} bytes")
    found: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    for info in infos:
        _refuse_odd(info)
        if info.filename.lower() in folded:
            raise Unreadable(f"{shown(info.filename)} is in it twice")
        folded.add(info.filename.lower())
        found[info.filename] = info
    if MANIFEST not in found:
        raise Unreadable(f"it has no {MANIFEST}")
    return found


def _refuse_odd(info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if not is_path(info.filename):
        raise Unreadable(f"{shown(info.filename)} is not a name that a package has")
    if kind not in (0, stat.S_IFREG):
        raise Unreadable(f"{info.filename} is a link or something else that is no file")
    if info.flag_bits & 0x1 or info.compress_type not in _READABLE:
        raise Unreadable(f"{info.filename} is encrypted, or packed in a way that no package is")


def _pieces(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content, never more than the zip's directory says it has."""
    left = info.file_size
    with package.open(info) as file:
        while piece := file.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise Unreadable(f"{info.filename} is larger than the zip says")
            yield piece


def _read(package: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], name: str, *, most: int) -> bytes:
    if entries[name].file_size > most:
        raise Unreadable(f"{name} has more than {most} bytes")
    return b"".join(_pieces(package, entries[name]))


def _checks(
    package: zipfile.ZipFile,
    entries: Mapping[str, zipfile.ZipInfo],
    manifest: Manifest,
    head: bytes | None,
    check_sealed: CheckSealed,
) -> list[Check]:
    digests = _digests(package, entries)
    checks = _file_checks(digests, manifest)
    checks += _journal_checks(package, entries, manifest)
    if head is not None:
        fits = manifest.head == head.hex()
        checks.append(Check(fits, "The journal's head is the one that was announced"))
    checks += _sealed_checks(package, entries, check_sealed)
    checks += [Check(None, f"Not in this file: {one}") for one in manifest.elsewhere]
    return checks


def _digests(package: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]) -> dict[str, str]:
    """Return the SHA-256 of every file but the manifest; "" for one whose content is damaged."""
    found = {}
    for name, info in entries.items():
        if name == MANIFEST:
            continue
        digest = hashlib.sha256()
        try:
            for piece in _pieces(package, info):
                digest.update(piece)
            found[name] = digest.hexdigest()
        except _BROKEN:
            found[name] = ""
    return found


def _file_checks(digests: Mapping[str, str], manifest: Manifest) -> list[Check]:
    listed = manifest.files
    changed = [
        f"{name} was changed" if digest else f"{name} is damaged and cannot be read"
        for name, digest in digests.items()
        if name in listed and digest != listed[name].sha256
    ]
    missing = [name for name in listed if name not in digests]
    added = [name for name in digests if name not in listed]
    by_digest = {listed[name].sha256: name for name in missing}
    renamed = {name: by_digest[digests[name]] for name in added if digests[name] in by_digest}
    return [
        Check(not changed, f"All {len(listed)} files are as the manifest has them", tuple(changed)),
        Check(not missing, "No file is missing", tuple(f"{name} is missing" for name in missing)),
        Check(
            not added,
            "No file was added",
            tuple(
                f"{name} was added"
                + (f": it is {renamed[name]} under another name" if name in renamed else "")
                for name in added
            ),
        ),
    ]


@dataclass
class _Piece:
    """What is found out about the entries of a piece, one after the other, against the chain."""

    chain: Mapping[int, str]
    redacted: Mapping[int, Redaction]
    number: int = 0
    changed: list[str] = field(default_factory=list)
    shortened: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)

    def take(self, line: bytes) -> None:
        """Look at the next entry."""
        self.number += 1
        entry = _entry(line)
        if entry is None:
            self.changed.append(f"line {self.number} of {ENTRIES} is no entry")
            return
        sequence = entry["sequence"]
        redaction = self.redacted.get(sequence)
        if entry_hash(entry) != entry["hash"]:
            if redaction is not None and is_redacted(entry, redaction):
                self.shortened.append(f"entry {sequence}, by entry {redaction.announced_at}")
            else:
                self.changed.append(f"entry {sequence} was changed")
        if self.chain.get(sequence) != entry["hash"]:
            self.loose.append(f"entry {sequence} does not stand in the chain")
        if self.chain.get(sequence - 1, entry["previous_hash"]) != entry["previous_hash"]:
            self.loose.append(f"entry {sequence} does not follow the entry before it")


def _journal_checks(
    package: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], manifest: Manifest
) -> list[Check]:
    """Check the piece of the journal: each entry by itself and in the chain, and the chain by the head."""
    title = "Every journal entry has the hash that it states"
    if ENTRIES not in entries or CHAIN not in entries:
        return [Check(None, title)]
    chain, gaps = _chain(package, entries[CHAIN])
    piece = _Piece(chain, _redactions(package, entries[ENTRIES]))
    for line in _lines(package, entries[ENTRIES]):
        piece.take(line)
    last = max(chain, default=0)
    ends = chain.get(last) == manifest.head and last == manifest.sequence
    gaps += piece.loose
    checks = [
        Check(not piece.changed if piece.number else None, f"{title} ({piece.number})", tuple(piece.changed)),
        Check(not gaps if chain else None, "The entries stand in the chain", tuple(gaps)),
        Check(ends if chain else None, "The chain ends with the head of the manifest"),
    ]
    if piece.shortened:
        checks.append(
            Check(True, "Words were removed, as the journal itself announces", tuple(piece.shortened))
        )
    return checks


def _redactions(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> dict[int, Redaction]:
    """Return what entries of the piece announce as removed from earlier ones, by number."""
    found: dict[int, Redaction] = {}
    for line in _lines(package, info):
        entry = _entry(line)
        if entry is not None and entry["action"] == REDACT:
            # One that says nothing of the kind announces nothing.
            with suppress(KeyError, TypeError):
                found |= redactions([(entry["sequence"], entry["payload"])])
    return found


def _chain(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[dict[int, str], list[str]]:
    """Return number and hash of the entries up to the head, and what is wrong with the list of them."""
    chain: dict[int, str] = {}
    last = 0
    for line in _lines(package, info):
        number, _, digest = line.decode("ascii", "replace").partition(" ")
        if not (number.isascii() and number.isdigit() and len(number) < 12 and len(digest) == 64):
            return chain, [f"{CHAIN} has a line that is no link"]
        if chain and int(number) != last + 1:
            return chain, [f"{CHAIN} goes from {last} to {int(number)}"]
        last = int(number)
        chain[last] = digest
    return chain, []


def _entry(line: bytes) -> dict[str, Any] | None:
    with suppress(ValueError, RecursionError):
        entry = json.loads(line)
        if (
            isinstance(entry, dict)
            and entry.keys() == {*HASHED, "hash"}
            and type(entry["sequence"]) is int
            and 0 < entry["sequence"] < 10**11
        ):
            return entry
    return None


def _lines(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the lines of a file. Raises Unreadable for one that is longer than any of ours."""
    rest = b""
    for piece in _pieces(package, info):
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
        if len(rest) > LONGEST_LINE:
            raise Unreadable(f"{info.filename} has a line of more than {LONGEST_LINE} bytes")
    if rest:
        yield rest


def _sealed_checks(
    package: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], check_sealed: CheckSealed
) -> list[Check]:
    checks = []
    for name, info in entries.items():
        if not name.startswith(BALLOTS):
            continue
        with tempfile.NamedTemporaryFile(prefix="civicforum-verify-") as copy:
            for piece in _pieces(package, info):
                copy.write(piece)
            copy.flush()
            report = check_sealed(Path(copy.name))
        details = tuple(
            f"check {failure.check.value}, {shown(failure.check.title)}"
            + (f", line {failure.line}" if failure.line else "")
            + (f": {shown(failure.detail)}" if failure.detail else "")
            for failure in report.failures[:20]
        )
        words = (
            f"The archive of sealed ballots {name} verifies: {report.lines} lines, head {report.head.hex()}"
        )
        checks.append(Check(report.holds, words, details))
    return checks
