"""Sealed reports, their answers, and the files that authorities take away."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from civicforum.reports import boxes, contents
from civicforum.reports.cli import _reports_in, _secret
from civicforum.reports.forms import _carried, decoded
from civicforum.reports.rules import Kind
from civicforum.sealed import to_base64
from civicforum.sealed.base32 import Mistyped
from tests.fuzz.target import Target, as_text

SECRET = bytes(range(32))
CONTENT = contents.Content(Kind("bribery"), "有人送钱", "三号楼", "", (b"\xff\xd8\xff",))
_IN_THE_BOX = b"a"
_BOX = boxes.seal(_IN_THE_BOX, boxes.public_of(SECRET))


def _opened(data: bytes) -> None:
    """Open a report whose sender wrote the input into the box."""
    sealed = boxes.seal(contents.pad(data, contents.REPORT_SIZES), boxes.public_of(SECRET))
    content, reply = contents.open_report(sealed, secret=SECRET)
    assert len(reply) == boxes.KEY_BYTES
    for text in (content.text, content.where, content.contact):
        text.encode()
    with suppress(boxes.UnusableKey):
        contents.write_answer("谢谢", reply=reply, secret=SECRET)


def _box(data: bytes) -> None:
    """Open bytes that are no box, or are one changed after it was closed."""
    # The box to begin with is sealed by another process, with another key of its own.
    if boxes.open_sealed(data, SECRET) not in (None, _IN_THE_BOX):
        raise AssertionError("a box opened that nobody sealed")


def _padded(data: bytes) -> None:
    message = contents.unpad(data)
    assert contents.pad(message, (len(data),)) == data


def _code(data: bytes) -> None:
    code = boxes.read_code(as_text(data))
    assert boxes.read_code(code) == code


def _carried_bytes(data: bytes) -> None:
    text = as_text(data)
    assert isinstance(_carried(text), bytes)
    found = decoded(text)
    assert not found or to_base64(found) == "".join(text.split())


def _file(data: bytes) -> None:
    with TemporaryDirectory(prefix="civicforum-fuzz-") as folder:
        path = Path(folder) / "reports.jsonl"
        path.write_bytes(data)
        for report in _reports_in(path):
            assert "/" not in report["number"]


def _files() -> list[bytes]:
    lines = [
        {"civicforum": "sealed reports", "v": 1},
        {"number": "ABCDEFGH2345"[:8], "sealed": "", "reply": ""},
    ]
    return [
        b"".join(json.dumps(line).encode() + b"\n" for line in lines[:1]),
        b"\n".join(json.dumps(line).encode() for line in lines),
    ]


def _key(data: bytes) -> None:
    with TemporaryDirectory(prefix="civicforum-fuzz-") as folder:
        path = Path(folder) / "key.json"
        path.write_bytes(data)
        assert len(_secret(path)) == boxes.KEY_BYTES


TARGETS = (
    Target(
        "boxes.report",
        "what somebody put into the box of a report",
        "its texts can be written down and answered",
        _opened,
        lambda: [contents.written(CONTENT, boxes.public_of(bytes(32)))],
        (contents.NotAReport,),
    ),
    Target(
        "boxes.box", "a box that was changed", "it does not open", _box, lambda: [_BOX], (boxes.NotOpened,)
    ),
    Target(
        "boxes.padded",
        "a text filled up to a length",
        "filled up again it is the same",
        _padded,
        lambda: [contents.pad(b"text", (32,))],
        (contents.NotAReport,),
        longest=200,
    ),
    Target(
        "boxes.code",
        "a reading code, typed",
        "typed again it is the same",
        _code,
        lambda: [b"ABCD-EFGH-JKMN-PQRS"],
        (Mistyped,),
        longest=80,
    ),
    Target(
        "boxes.carried",
        "what a browser or a command wrote into a field",
        "one spelling",
        _carried_bytes,
        lambda: [b"AAECAw", b"AA=="],
    ),
    Target(
        "boxes.file",
        "the file of reports that an authority takes away",
        "no number is a path",
        _file,
        _files,
        (click.ClickException,),
    ),
    Target(
        "boxes.key",
        "the file of an authority's key",
        "it is a key",
        _key,
        lambda: [json.dumps({"secret": SECRET.hex()}).encode()],
        (click.ClickException,),
        longest=300,
    ),
)
