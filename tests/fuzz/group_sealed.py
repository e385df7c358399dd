"""Sealed ballots: lines, ballots, boards, archives, and codes that people type."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from civicforum.config import ROOT
from civicforum.sealed import (
    Audit,
    Board,
    Mistyped,
    NotAText,
    Race,
    Refused,
    Slip,
    code_of,
    from_base64,
    parse_manifest,
    point_of_text,
    race_of,
    read_audit,
    read_code,
    read_line,
    read_qr_text,
    read_ranking,
    read_receipt,
    read_seed,
    receipt_key,
    to_base64,
    verify_archive,
    verify_ballot,
    write_line,
    write_ranking,
)
from civicforum.sealed.cli import report_lines
from civicforum.sealed.group import encode, parse_point, parse_scalar
from civicforum.sealed.receipts import issue_receipt
from civicforum.sealed.texts import text_of_point
from tests.fuzz.target import Target, as_text

VECTORS = ROOT / "tests" / "vectors" / "sealed"
UUID = "00000000-0000-4000-8000-000000000001"


@cache
def lines() -> tuple[bytes, ...]:
    """Return the lines of a whole sealed vote, from the ceremony to the result."""
    return tuple((VECTORS / "whole.jsonl").read_bytes().splitlines())


@cache
def _casting() -> Board:
    board = Board()
    for line in lines()[:3]:
        board.take(line)
    return board


def _ballots() -> list[bytes]:
    return [from_base64(read_line(raw)["ballot"]) for raw in lines() if raw.startswith(b'{"ballot":')]


def _line(data: bytes) -> None:
    assert write_line(read_line(data)) == data


def _manifest(data: bytes) -> None:
    manifest = parse_manifest(data)
    assert manifest.race.marks + manifest.race.texts > 0


def _ballot(data: bytes) -> None:
    ballot = verify_ballot(_casting().manifest.race, data)
    assert data in _ballots(), "a ballot that nobody sealed is accepted"
    assert ballot.sequence >= 0


def _board(data: bytes) -> None:
    """Enter lines after the first three of a vote; what is refused changes nothing."""
    board = Board()
    for line in lines()[:3]:
        board.take(line, proofs=False)
    for raw in data.split(b"\n")[:40]:
        head, number, phase = board.head, board.lines, board.phase
        try:
            board.take(raw)
        except Refused:
            assert (board.head, board.lines, board.phase) == (head, number, phase)


def _archive(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(prefix="civicforum-fuzz-") as file:
        file.write(data)
        file.flush()
        report = verify_archive(Path(file.name))
    assert report_lines(report, with_head=False)
    assert not report.holds or data in (_whole(), _whole()[:-1]), (
        "another archive than that of the vote holds"
    )


def _whole() -> bytes:
    return b"\n".join(lines()) + b"\n"


def _point(data: bytes) -> None:
    assert bytes(parse_point(data)) == data


def _scalar(data: bytes) -> None:
    assert encode(parse_scalar(data)) == data


def _base64(data: bytes) -> None:
    text = as_text(data)
    assert to_base64(from_base64(text)) == text


def _receipt(data: bytes) -> None:
    receipt = read_receipt(data, receipt_key(7))
    assert read_receipt(receipt.raw, receipt_key(7)) == receipt


@cache
def _audited() -> tuple[Race, Audit]:
    """Return the smallest ballot of the vectors with what it was made of, and its race."""
    vectors = json.loads((VECTORS / "ballots.json").read_text(encoding="utf-8"))
    one = min(vectors, key=lambda vector: int(vector["bytes"]))
    picks = tuple(pick if isinstance(pick, int) else bytes.fromhex(pick) for pick in one["picks"])
    audit = Audit(bytes.fromhex(one["ballot"]), picks, bytes.fromhex(one["seed"]))
    return race_of(one["manifest"].encode()), audit


def _audit(data: bytes) -> None:
    race, _ = _audited()
    audit = read_audit(data, race)
    assert read_audit(audit.raw, race) == audit


def _typed_code(data: bytes) -> None:
    code = read_code(as_text(data))
    assert read_code(code) == code


def _typed_seed(data: bytes) -> None:
    seed = read_seed(as_text(data))
    assert read_seed(Slip(1, seed).code) == seed


def _qr_text(data: bytes) -> None:
    slip = read_qr_text(as_text(data))
    assert read_qr_text(slip.qr_text) == slip


def _ranking(data: bytes) -> None:
    order = read_ranking(as_text(data), 12, 12)
    if order is not None:
        assert read_ranking(write_ranking(order), 12, 12) == order


def _text_point(data: bytes) -> None:
    text = text_of_point(parse_point(data))
    assert point_of_text(text) == parse_point(data)


def _of(*parts: bytes) -> Callable[[], list[bytes]]:
    return lambda: list(parts)


_SLIP = Slip(2, bytes(range(32)))
_RECEIPT = issue_receipt(7, UUID, 4, bytes(32), bytes(32)).raw

TARGETS = (
    Target(
        "sealed.line",
        "a line of a board",
        "writing it gives the same bytes",
        _line,
        lambda: lines()[:6],
        (Refused,),
        longest=20_000,
    ),
    Target(
        "sealed.manifest",
        "the manifest of a vote",
        "it has a slot",
        _manifest,
        lambda: [lines()[2]],
        (Refused,),
    ),
    Target(
        "sealed.ballot",
        "a ballot from a browser",
        "none that was not sealed is accepted",
        _ballot,
        lambda: _ballots()[:4],
        (Refused,),
        longest=12_000,
    ),
    Target(
        "sealed.board",
        "lines after the first three",
        "a refused line changes nothing",
        _board,
        lambda: [b"\n".join(lines()[3:6])],
        longest=60_000,
        seconds=3,
    ),
    Target(
        "sealed.archive",
        "an archive for `civicforum verify`",
        "no other than the vote's own holds",
        _archive,
        lambda: [_whole(), b"\n".join(lines()[:5])],
        longest=60_000,
        seconds=3,
    ),
    Target(
        "sealed.point",
        "an element of the group",
        "one spelling",
        _point,
        lambda: [bytes(receipt_key(3))],
        (Refused,),
        longest=40,
    ),
    Target(
        "sealed.scalar",
        "a scalar",
        "one spelling",
        _scalar,
        _of(bytes(32), encode(5)),
        (Refused,),
        longest=40,
    ),
    Target("sealed.base64", "bytes in a line", "one spelling", _base64, _of(b"AAECAw", b"_-8"), (Refused,)),
    Target(
        "sealed.text",
        "an opened text slot",
        "one element for one text",
        _text_point,
        lambda: [bytes(point_of_text("王秀兰".encode()))],
        (Refused, NotAText),
        longest=40,
    ),
    Target(
        "sealed.ranking",
        "an opened ranking",
        "written again it is the same",
        _ranking,
        _of(b"012", b"0123456789AB", b"ba9"),
        longest=64,
    ),
    Target(
        "sealed.receipt",
        "a voter's receipt",
        "written again it is the same",
        _receipt,
        _of(_RECEIPT),
        (Refused,),
    ),
    Target(
        "sealed.audit",
        "a ballot handed over with what it was made of",
        "written again it is the same",
        _audit,
        lambda: [_audited()[1].raw],
        (Refused,),
        longest=12_000,
    ),
    Target(
        "sealed.code",
        "a voting card's code, typed",
        "typed again it is the same",
        _typed_code,
        lambda: [code_of(range(20)).encode()],
        (Mistyped,),
        longest=80,
    ),
    Target(
        "sealed.seed",
        "a keyholder's slip, typed",
        "typed again it is the same",
        _typed_seed,
        _of(_SLIP.code.encode()),
        (Mistyped,),
        longest=160,
    ),
    Target(
        "sealed.qr",
        "a keyholder's slip, scanned",
        "written again it is the same",
        _qr_text,
        _of(_SLIP.qr_text.encode()),
        (Mistyped,),
        longest=160,
    ),
)
