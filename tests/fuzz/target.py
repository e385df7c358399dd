"""What a target of fuzzing is: a parser of bytes from outside, what it may refuse, and what has to hold."""

from __future__ import annotations

import io
import time
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

KEPT = Path(__file__).parent / "corpus"
# How the parts of a zip stand in an input: whoever changes bytes of a packed file only breaks its checksums.
PART, CONTENT = b"\x1f", b"\x1e"


class Slow(Exception):
    """An input took longer than its target allows."""


@dataclass(frozen=True)
class Target:
    """A parser.

    Attributes:
        takes, holds: for the table: where its bytes come from, and what is asked beside nothing but refusals.
        run: gives an input to the parser and asks what has to hold.
        seeds: inputs to begin with, made by our own writers; one of them at least is accepted.
        refuses: what the parser says it raises.
        seconds: of processor time that an input may take.
        longest: bytes of the longest input tried.
        is_quick: whether `make test` tries it, too.
    """

    name: str
    takes: str
    holds: str
    run: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    refuses: tuple[type[Exception], ...] = ()
    seconds: float = 1.0
    longest: int = 4096
    is_quick: bool = True

    @property
    def kept(self) -> list[Path]:
        """Return the files of inputs that something was once wrong with."""
        return sorted((KEPT / self.name).glob("*"))

    def take(self, data: bytes) -> bool:
        """Try an input and return whether it was accepted. Raises Slow, and whatever is no refusal."""
        began = time.thread_time()
        try:
            self.run(data)
            is_accepted = True
        except self.refuses:
            is_accepted = False
        spent = time.thread_time() - began
        if spent > self.seconds:
            raise Slow(f"{self.name}: {spent:.1f} s for {len(data)} bytes")
        return is_accepted


def in_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return the input that stands for a zip of these files."""
    return PART.join(name.encode() + CONTENT + content for name, content in parts.items())


def zipped(data: bytes) -> bytes:
    """Return the zip that an input stands for; one that begins as a zip does is one."""
    if data.startswith(b"PK"):
        return data
    packed = io.BytesIO()
    with (
        warnings.catch_warnings(action="ignore", category=UserWarning),  # of names that come twice
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for part in data.split(PART):
            name, _, content = part.partition(CONTENT)
            info = zipfile.ZipInfo(name.decode("utf-8", "replace").replace("\0", "") or "-")
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return packed.getvalue()


def as_text(data: bytes) -> str:
    """Return bytes as a text such as a server hands on: without halves of surrogate pairs."""
    return data.decode("utf-8", "replace")
