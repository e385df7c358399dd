"""The vectors in tests/vectors/sealed, which the browser's half computes too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from civicforum.config import ROOT
from civicforum.sealed import race_of, read_audit, read_receipt, tracker_of, verify_ballot
from civicforum.sealed.group import GENERATOR, is_encoding
from tests.support.sealed_election import Election
from tools import sealed_vectors

FOLDER = ROOT / "tests" / "vectors" / "sealed"


def vectors(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def archive(name: str) -> list[bytes]:
    return (FOLDER / f"{name}.jsonl").read_bytes().split(b"\n")[:-1]


def test_the_script_writes_what_is_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_vectors, "FOLDER", tmp_path)
    sealed_vectors.main()
    for path in sorted(FOLDER.iterdir()):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name
    assert len(list(tmp_path.iterdir())) == len(list(FOLDER.iterdir()))


@pytest.mark.parametrize("name", ["whole", "weighted"])
def test_the_archives_are_accepted(name: str) -> None:
    board, _, heads = Election.replayed(archive(name))
    board.check_complete()
    if name == "whole":
        assert [head.hex() for head in heads] == vectors("board")["heads"]
        assert board.result == vectors("board")["result"]


@pytest.mark.parametrize("vector", vectors("ballots"))
def test_ballots_verify(vector: dict[str, Any]) -> None:
    race = race_of(vector["manifest"].encode())
    ballot = bytes.fromhex(vector["ballot"])
    assert race.id.hex() == vector["race"]
    assert verify_ballot(race, ballot).sequence == vector["sequence"]
    assert tracker_of(ballot).hex() == vector["tracker"]


def test_receipt_and_audit_of_the_board_are_read() -> None:
    board, _, _ = Election.replayed(archive("whole"))
    vector = vectors("board")
    assert read_receipt(vector["receipt"].encode(), board.manifest.receipt_key).line == 5
    assert read_audit(vector["audit"].encode(), board.manifest.race).tracker.hex() == vector["audit_tracker"]


def test_edges_of_the_encodings_are_in_the_vectors() -> None:
    accepted = {vector["bytes"] for vector in vectors("group")["encodings"] if vector["is_point"]}
    assert GENERATOR.hex() in accepted
    assert all(is_encoding(bytes.fromhex(data)) for data in accepted)
    assert not {bytes(32).hex(), (bytes(31) + b"\x80").hex()} & accepted
