"""What is in a sealed report and in its answer, and the lengths that both are padded to.

    in a box = 4 bytes, big-endian: length of the text | text | zero bytes up to one of the lengths below
    report   = {"v": 1, "kind", "text", "where", "contact", "photos": [base64url], "reply": public key, hex}
    answer   = {"v": 1, "text"}

`reply` is inside, so that nobody who can write to the database has the answer sealed for themselves.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from civicforum.reports import boxes
from civicforum.reports.rules import Kind
from civicforum.sealed import from_base64, to_base64
from civicforum.sealed.checks import Refused

# Without photos, with one or two, with three: a length says no more.
REPORT_SIZES = (32 * 1024, 1408 * 1024, 2112 * 1024)
ANSWER_SIZES = (32 * 1024,)
SEALED_SIZES = tuple(size + boxes.SEAL_BYTES for size in REPORT_SIZES)
BOXED_SIZES = tuple(size + boxes.BOX_BYTES for size in ANSWER_SIZES)
_VERSION = 1


class NotAReport(ValueError):
    """The box opened, and what is in it is not a report or an answer of this version."""


@dataclass(frozen=True)
class Content:
    """What somebody reports. `photos` are JPEG files; `contact` is "" for whoever wants to stay unknown."""

    kind: Kind
    text: str
    where: str = ""
    contact: str = ""
    photos: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Sealed:
    """A report as it is stored, and the reading code, which is not."""

    code: str
    salt: bytes
    reply: bytes
    sealed: bytes


def seal_report(content: Content, authority: bytes) -> Sealed:
    """Seal a report for an authority's public key, with a new reading code for the answer."""
    code, salt = boxes.new_code(), boxes.new_secret()[: boxes.SALT_BYTES]
    reply = boxes.public_of(boxes.reader_secret(code, salt=salt, authority=authority))
    return Sealed(code, salt, reply, boxes.seal(pad(written(content, reply), REPORT_SIZES), authority))


def open_report(sealed: bytes, *, secret: bytes) -> tuple[Content, bytes]:
    """Return a report and the key that its answer is boxed for. Raises boxes.NotOpened, NotAReport."""
    record = _read(unpad(boxes.open_sealed(sealed, secret)))
    try:
        photos = tuple(from_base64(photo) for photo in record["photos"])
        text, where, contact = (str(record[name]) for name in ("text", "where", "contact"))
        # Whoever wrote this may be who is reported about: what cannot be written down would stop the reading.
        "".join((text, where, contact)).encode()
        content = Content(Kind(record["kind"]), text, where, contact, photos)
        reply = bytes.fromhex(record["reply"])
    except (KeyError, TypeError, ValueError, Refused) as error:
        raise NotAReport from error
    if len(reply) != boxes.KEY_BYTES:
        raise NotAReport
    return content, reply


def write_answer(text: str, *, reply: bytes, secret: bytes) -> bytes:
    """Return an answer in a box from the authority for the reporter."""
    record = json.dumps({"v": _VERSION, "text": text}, ensure_ascii=False).encode()
    return boxes.box(pad(record, ANSWER_SIZES), to=reply, secret=secret)


def read_answer(boxed: bytes, *, code: str, salt: bytes, authority: bytes) -> str:
    """Return the answer, which is certain to be the authority's. Raises boxes.NotOpened, NotAReport."""
    secret = boxes.reader_secret(code, salt=salt, authority=authority)
    return str(_read(unpad(boxes.open_box(boxed, sender=authority, secret=secret)))["text"])


def written(content: Content, reply: bytes) -> bytes:
    """Return the report as it goes into the box."""
    record = {
        "v": _VERSION,
        "kind": content.kind.value,
        "text": content.text,
        "where": content.where,
        "contact": content.contact,
        "photos": [to_base64(photo) for photo in content.photos],
        "reply": reply.hex(),
    }
    return json.dumps(record, ensure_ascii=False).encode()


def pad(message: bytes, sizes: Sequence[int]) -> bytes:
    """Return the message with its length before it, filled up to a size; ValueError if too long."""
    whole = len(message).to_bytes(4) + message
    for size in sizes:
        if len(whole) <= size:
            return whole.ljust(size, b"\0")
    raise ValueError(f"{len(message)} bytes are more than a box takes")


def unpad(padded: bytes) -> bytes:
    """Return the message. Raises NotAReport."""
    length = int.from_bytes(padded[:4])
    if len(padded) < 4 + length or any(padded[4 + length :]):
        raise NotAReport
    return padded[4 : 4 + length]


def _read(message: bytes) -> dict[str, Any]:
    try:
        record = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise NotAReport from error
    if not isinstance(record, dict) or record.get("v") != _VERSION or not isinstance(record.get("text"), str):
        raise NotAReport
    return record
