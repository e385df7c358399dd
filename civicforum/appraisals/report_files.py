"""Files of duty reports: told by their content, never by their name."""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass

from civicforum.errors import Invalid
from civicforum.records.photos import LARGEST_KEPT

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
SUFFIX = {PDF: ".pdf", WORD: ".docx", ODT: ".odt"}
LONGEST_FILE_NAME = 200
# What a file that is no sound zip makes the library raise.
UNSOUND = (zipfile.BadZipFile, struct.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True)
class ReportFile:
    """A file as it is kept. `name` is what its writer called it, with the ending of what it is."""

    name: str
    media_type: str
    content: bytes


def read_report_file(name: str, data: bytes) -> ReportFile:
    """Return the file as it is kept. Raises Invalid: "empty", "too_large" (over 500 KB), "wrong_type"."""
    if not data:
        raise Invalid("empty", "file")
    if len(data) > LARGEST_KEPT:
        raise Invalid("too_large", "file")
    media_type = PDF if data.startswith(b"%PDF-") else _in_zip(data)
    if media_type is None:
        raise Invalid("wrong_type", "file")
    stem = name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    stem = "".join(sign for sign in stem if sign.isprintable()) or "report"
    suffix = SUFFIX[media_type]
    return ReportFile(stem[: LONGEST_FILE_NAME - len(suffix)] + suffix, media_type, data)


def _in_zip(data: bytes) -> str | None:
    """Return which kind of document a zip file is; None for any other, and for one with macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if any(name.rpartition("/")[2] == "vbaProject.bin" for name in names):
                return None
            if "word/document.xml" in names:
                return WORD
            # The format asks for the first entry to be this one, stored as it is: a few bytes.
            if "mimetype" in names and _is_stored(archive.getinfo("mimetype")):
                return ODT if archive.read("mimetype") == ODT.encode() else None
    except UNSOUND:
        return None
    return None


def _is_stored(entry: zipfile.ZipInfo) -> bool:
    return entry.compress_type == zipfile.ZIP_STORED and entry.file_size == len(ODT)
