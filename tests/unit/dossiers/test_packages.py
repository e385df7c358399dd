"""Packages: written, verified, tampered with in every way, and made to harm who reads them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from civicforum.dossiers import checking
from civicforum.dossiers.cli import verify
from civicforum.dossiers.packages import (
    CHAIN,
    ENTRIES,
    MANIFEST,
    Elsewhere,
    Origin,
    journal_files,
    write_package,
)
from civicforum.records.rules import entry_hash
from tests.support.sealed_election import whole_election

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BOARD = b"".join(line + b"\n" for line in whole_election().lines)
Files = dict[str, bytes]


def journal(length: int = 6) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    for sequence in range(1, length + 1):
        entry: dict[str, Any] = {
            "community_id": "c",
            "sequence": sequence,
            "at": AT.isoformat(timespec="microseconds"),
            "actor_id": None,
            "post": "",
            "assisted_by_id": None,
            "action": "matter.publish",
            "subject_kind": "matter",
            "subject_id": "m",
            "subject_title": "加装电梯",
            "reason": "",
            "payload": {"to": "raised"},
            "is_public": True,
            "previous_hash": entries[-1]["hash"] if entries else "",
        }
        entries.append({**entry, "hash": entry_hash(entry)})
    return entries


ENTRIES_OF_ALL = journal()
ORIGIN = Origin(
    kind="dossier",
    community_id="c",
    community="青禾社区",
    subject_kind="matter",
    subject_id="m",
    subject="加装电梯",
    made_at=AT,
    head_sequence=6,
    head_hash=ENTRIES_OF_ALL[-1]["hash"],
)


def files() -> Files:
    # The subject's entries are 2, 3 and 5; 4 and 6 are about something else, and only their hashes are here.
    chain = [(entry["sequence"], entry["hash"]) for entry in ENTRIES_OF_ALL[1:]]
    piece = [ENTRIES_OF_ALL[at] for at in (1, 2, 4)]
    return {
        "dossier.html": b"<p>x</p>",
        "texts/minutes.txt": "记录".encode(),
        **dict(journal_files(piece, chain)),
    }


def packed(content: Files, **more: Any) -> bytes:
    target = io.BytesIO()
    write_package(target, content.items(), origin=ORIGIN, **more)
    return target.getvalue()


def opened(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def zipped(content: Files) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, data in content.items():
            package.writestr(name, data)
    return target.getvalue()


def run(tmp_path: Path, content: bytes, *arguments: str) -> Result:
    path = tmp_path / "dossier.zip"
    path.write_bytes(content)
    return CliRunner().invoke(verify, [str(path), "--processes", "1", *arguments])


def failed(result: Result) -> str:
    """Return what does not hold, as it was printed."""
    assert result.exit_code == 1, result.output
    lines = result.stdout.splitlines()
    return "\n".join(line for line in lines if line.startswith(("FAILED", "   ")))


def test_a_sound_package_verifies_and_says_what_it_is(tmp_path: Path) -> None:
    result = run(tmp_path, packed(files()), "--head", ORIGIN.head_hash)
    assert result.exit_code == 0, result.output
    assert "dossier: matter 加装电梯 (m)" in result.stdout
    assert "ok     All 4 files are as the manifest has them" in result.stdout
    assert "ok     Every journal entry has the hash that it states (3)" in result.stdout
    assert "ok     The chain ends with the head of the manifest" in result.stdout
    assert result.stdout.endswith("Every check holds.\n")


def test_the_same_files_make_the_same_zip() -> None:
    assert packed(files()) == packed(files())


def test_another_head_than_the_announced_one_is_said(tmp_path: Path) -> None:
    assert "announced" in failed(run(tmp_path, packed(files()), "--head", "ab" * 32))


def change(name: str) -> Callable[[Files], None]:
    def tamper(content: Files) -> None:
        content[name] = content[name][:-1] + bytes([content[name][-1] ^ 1])

    return tamper


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (change("dossier.html"), "dossier.html was changed"),
        (lambda content: content.pop("texts/minutes.txt"), "texts/minutes.txt is missing"),
        (lambda content: content.update({"more.txt": b"x"}), "more.txt was added"),
        (
            lambda content: content.update({"texts/other.txt": content.pop("texts/minutes.txt")}),
            "texts/other.txt was added: it is texts/minutes.txt under another name",
        ),
        (change(CHAIN), f"{CHAIN} was changed"),
    ],
)
def test_what_was_done_to_the_files_is_named(
    tmp_path: Path, tamper: Callable[[Files], None], words: str
) -> None:
    content = opened(packed(files()))
    tamper(content)
    assert words in failed(run(tmp_path, zipped(content)))


def rewritten(edit: Callable[[list[dict[str, Any]], list[tuple[int, str]]], None]) -> bytes:
    """Return a package whose manifest fits its files, but whose piece of the journal was edited before."""
    piece = [dict(ENTRIES_OF_ALL[at]) for at in (1, 2, 4)]
    chain = [(entry["sequence"], entry["hash"]) for entry in ENTRIES_OF_ALL[1:]]
    edit(piece, chain)
    return packed({**files(), **dict(journal_files(piece, chain))})


def forge_text(piece: list[dict[str, Any]], chain: list[tuple[int, str]]) -> None:
    piece[1]["reason"] = "另一个理由"


def forge_text_and_hash(piece: list[dict[str, Any]], chain: list[tuple[int, str]]) -> None:
    piece[1]["reason"] = "另一个理由"
    piece[1]["hash"] = entry_hash(piece[1])


def forge_link_too(piece: list[dict[str, Any]], chain: list[tuple[int, str]]) -> None:
    forge_text_and_hash(piece, chain)
    chain[1] = (3, piece[1]["hash"])
    piece[2]["previous_hash"] = chain[1][1]
    piece[2]["hash"] = entry_hash(piece[2])


def forge_all_behind(piece: list[dict[str, Any]], chain: list[tuple[int, str]]) -> None:
    piece[2]["reason"] = "另一个理由"
    piece[2]["hash"] = entry_hash(piece[2])
    chain[3] = (5, piece[2]["hash"])
    chain[4] = (6, "0" * 64)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (forge_text, "entry 3 was changed"),
        (forge_text_and_hash, "entry 3 does not stand in the chain"),
        (forge_link_too, "entry 5 does not stand in the chain"),
        (forge_all_behind, "The chain ends with the head of the manifest"),
        (lambda piece, chain: chain.pop(2), f"{CHAIN} goes from 3 to 5"),
    ],
)
def test_an_entry_that_was_altered_is_named_even_if_the_manifest_fits(
    tmp_path: Path, edit: Callable[[list[dict[str, Any]], list[tuple[int, str]]], None], words: str
) -> None:
    result = failed(run(tmp_path, rewritten(edit)))
    assert words in result
    assert "All 4 files" not in result


def test_sealed_ballots_inside_are_verified_with_the_verifier_of_archives(tmp_path: Path) -> None:
    sound = {**files(), "ballots/vote.jsonl": BOARD}
    assert (
        "ok     The archive of sealed ballots ballots/vote.jsonl verifies"
        in run(tmp_path, packed(sound)).stdout
    )
    bent = {**files(), "ballots/vote.jsonl": BOARD[:3000] + b"A" + BOARD[3001:]}
    assert "ballots/vote.jsonl verifies" in failed(run(tmp_path, packed(bent)))


def test_what_is_elsewhere_is_said(tmp_path: Path) -> None:
    elsewhere = Elsewhere(path="ballots/v.jsonl", address="/polls/v/archive.jsonl", bytes=9, head="ab" * 32)
    result = run(tmp_path, packed(files(), elsewhere=[elsewhere]))
    assert result.exit_code == 0
    assert "Not in this file: ballots/v.jsonl (9 bytes) is had at /polls/v/archive.jsonl" in result.stdout


def test_the_archive_of_a_sealed_vote_is_verified_as_before(tmp_path: Path) -> None:
    result = run(tmp_path, BOARD, "--head", whole_election().board.head.hex())
    assert result.exit_code == 0
    assert "Every check holds." in result.stdout


@pytest.mark.parametrize("path", ["../x", "/x", "a/../b", "a\\b", "C:x", "", "a//b", "a/", ".x", "é", "x\n"])
def test_a_path_that_leads_elsewhere_is_neither_written_nor_read(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        packed({path: b"x"})
    content = opened(packed(files()))
    content[path or "./"] = b"x"
    assert "not a name that a package has" in failed(run(tmp_path, zipped(content)))
    assert [one.name for one in tmp_path.iterdir()] == ["dossier.zip"]


def test_a_link_in_the_zip_is_refused(tmp_path: Path) -> None:
    target = io.BytesIO(packed(files()))
    with zipfile.ZipFile(target, "a") as package:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        package.writestr(link, "/etc/passwd")
    assert "is a link" in failed(run(tmp_path, target.getvalue()))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice_is_refused(tmp_path: Path) -> None:
    for name in ("dossier.html", "DOSSIER.html"):
        target = io.BytesIO(packed(files()))
        with zipfile.ZipFile(target, "a") as package:
            package.writestr(name, b"<p>y</p>")
        assert f"{name} is in it twice" in failed(run(tmp_path, target.getvalue()))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST_BYTES", 100_000)
    content = {**files(), "bomb.txt": bytes(1_000_000)}
    assert "more than 100000 bytes" in failed(run(tmp_path, packed(content)))
    monkeypatch.setattr(checking, "MOST_FILES", 3)
    assert "more than 3 files" in failed(run(tmp_path, packed(files())))


def test_a_size_that_is_a_lie_stops_the_reading(tmp_path: Path) -> None:
    """The directory says 100 bytes where a million are packed: what is read ends there, and does not fit."""
    content = bytearray(packed({**files(), "bomb.txt": bytes(1_000_000)}))
    at = content.index(b"PK\x01\x02")
    while content[at + 46 : at + 54] != b"bomb.txt":
        at = content.index(b"PK\x01\x02", at + 4)
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    assert "bomb.txt is damaged" in failed(run(tmp_path, bytes(content)))


@pytest.mark.parametrize("cut", [10, 200, -30])
def test_a_torn_file_is_refused_in_words(tmp_path: Path, cut: int) -> None:
    assert "the zip is damaged" in failed(run(tmp_path, packed(files())[:cut]))


def broken_manifests() -> list[bytes]:
    sound = json.loads(opened(packed(files()))[MANIFEST])
    edits: list[dict[str, Any]] = [
        {"format": "other"},
        {"version": 2},
        {"files": [{"path": "../x", "bytes": 1, "sha256": ""}]},
        {"files": [*sound["files"], sound["files"][0]]},
        {"files": 3},
        {"journal": None},
        {"elsewhere": [1]},
    ]
    written = [json.dumps({**sound, **edit}).encode() for edit in edits]
    return [*written, b"", b"[]", b"\xff", b"[" * 100_000]


@pytest.mark.parametrize("manifest", broken_manifests())
def test_a_manifest_that_is_none_is_refused_in_words(tmp_path: Path, manifest: bytes) -> None:
    content = {**opened(packed(files())), MANIFEST: manifest}
    result = run(tmp_path, zipped(content))
    assert "manifest" in failed(result)
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_stranger_s_words_do_nothing_to_the_terminal(tmp_path: Path) -> None:
    content = opened(packed(files()))
    manifest = json.loads(content[MANIFEST])
    manifest["subject"]["title"] = "\x1b[2J\x1b]0;x\x07\nok     Every check"
    content[MANIFEST] = json.dumps(manifest).encode()
    shown = run(tmp_path, zipped(content)).stdout
    assert "\x1b" not in shown
    assert "\nok     Every check" not in shown.split("All 4 files")[0]


@pytest.mark.parametrize("line", [b"[]", b"{}", b"x", b'{"sequence":' + b"9" * 5000 + b"}", b"\xff"])
def test_a_line_that_is_no_entry_is_named(tmp_path: Path, line: bytes) -> None:
    content = files()
    content[ENTRIES] += line + b"\n"
    assert f"line 4 of {ENTRIES} is no entry" in failed(run(tmp_path, packed(content)))


def test_verifying_needs_neither_the_pages_nor_the_database(tmp_path: Path) -> None:
    path = tmp_path / "dossier.zip"
    path.write_bytes(packed(files()))
    script = (
        "import sys\nfrom civicforum.cli import commands\n"
        f"try:\n    commands.main(['verify', {str(path)!r}])\n"
        "except SystemExit as end:\n    print(end.code, file=sys.stderr)\n"
        "print(sorted({'flask', 'sqlalchemy', 'jinja2', 'babel'} & set(sys.modules)), file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stderr == "0\n[]\n"
