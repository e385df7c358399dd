"""The text of a file in numbered lines: size, encoding, line ends, and how far the reading has come."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from unicodedata import category

from .errors import BadFile, Fault

MOST_BYTES = 2**28
_REPORT_EVERY = 1 << 14
_FOREIGN = re.compile(r"[a-z]?[^\x00-\x7f]+[a-z]?")

Progress = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all."""


class Source:
    """Lines in order, without trailing blanks.

    Attributes:
        encoding: utf-8 or gb18030.
        lines: how many there are; the last is the one a missing end is reported at.

    Raises BadFile: too large, empty, a NUL byte, neither UTF-8 nor Chinese GB18030.
    """

    def __init__(self, data: bytes, progress: Progress | None = None) -> None:
        _check_bytes(data)
        text, self.encoding = _decode(data)
        self._lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")
        if self._lines == [""]:
            raise BadFile(Fault.EMPTY, "the file is empty")
        self.lines = len(self._lines)
        self._bytes = len(data)
        self._progress = progress

    @property
    def first(self) -> str:
        """Return the first line that is not empty."""
        return next(line.strip() for line in self._lines if line.strip())

    def numbered(self) -> Iterator[tuple[int, str]]:
        """Give each line that is not empty with its number."""
        for number, line in self._reported():
            stripped = line.strip()
            if stripped:
                yield number, stripped

    def records(self) -> Iterator[tuple[int, str]]:
        """Give each line, joined with the next ones while a quotation mark is open, by its first number."""
        parts: list[str] = []
        begun, is_open = 0, False
        for number, line in self._reported():
            if not is_open:
                if '"' not in line:
                    yield number, line.strip()
                    continue
                begun = number
            parts.append(line)
            is_open ^= line.count('"') % 2 == 1
            if not is_open:
                yield begun, "\n".join(parts).strip()
                parts = []
        if is_open:
            raise BadFile(Fault.QUOTES, "a quotation mark is opened here and never closed", begun)

    def _reported(self) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(self._lines, start=1):
            if self._progress and number % _REPORT_EVERY == 0:
                self._progress(self._bytes * number // self.lines, self._bytes)
            yield number, line
        if self._progress:
            self._progress(self._bytes, self._bytes)


def _check_bytes(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise BadFile(Fault.TOO_LARGE, f"the file is larger than {MOST_BYTES >> 20} MiB")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadFile(Fault.ENCODING, "the file is UTF-16: save it as UTF-8", 1)
    nul = data.find(b"\0")
    if nul >= 0:
        raise BadFile(Fault.NUL, "a NUL byte: this is not a text file", _line_at(data, nul))


def _decode(data: bytes) -> tuple[str, str]:
    """Return the text and its encoding: UTF-8, or GB18030 as Chinese Excel saves it."""
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        at = error.start
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if not text or not _reads_as_chinese(text):
        reason = "neither UTF-8 nor Chinese GB18030: save the file as UTF-8"
        raise BadFile(Fault.ENCODING, reason, _line_at(data, at))
    return text, "gb18030"


def _reads_as_chinese(text: str) -> bool:
    """Tell Chinese from a Latin-1 file, most of which decodes as GB18030 without an error.

    There an accented letter and its neighbour become one rare sign inside a word.
    """
    runs = _FOREIGN.findall(text)
    return 2 * sum(map(_is_doubtful, runs)) < len(runs)


def _is_doubtful(run: str) -> bool:
    signs = [sign for sign in run if not sign.isascii()]
    if len(signs) > 1:
        return any(category(sign) in ("Co", "Cn") for sign in signs)
    try:
        signs[0].encode("gb2312")
    except UnicodeEncodeError:
        return True
    return len(run) > 1


def _line_at(data: bytes, position: int) -> int:
    before = data[:position].replace(b"\r\n", b"\n")
    return before.count(b"\n") + before.count(b"\r") + 1
