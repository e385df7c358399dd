"""Files that people hand in to an item: told by their content, never by their name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from civicforum.errors import Invalid
from civicforum.records.photos import LARGEST_KEPT, PhotoProblem, PhotoRefused, read_photo

PDF = "application/pdf"
JPEG = "image/jpeg"
SUFFIX = {PDF: ".pdf", JPEG: ".jpg"}
_MARK = b"%PDF-"


class PaperProblem(StrEnum):
    """Why a file is refused; the views have the words."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"


@dataclass(frozen=True)
class File:
    media_type: str
    content: bytes


def read_paper(data: bytes) -> File:
    """Return the file as it is kept: a PDF as it is, a picture made small and freed of its metadata.

    Raises Invalid with a PaperProblem: empty, over 500 KB, or neither PDF nor a picture.
    """
    if not data:
        raise Invalid(PaperProblem.EMPTY, "file")
    if data.startswith(_MARK):
        if len(data) > LARGEST_KEPT:
            raise Invalid(PaperProblem.TOO_LARGE, "file")
        return File(PDF, data)
    try:
        return File(JPEG, read_photo(data).content)
    except PhotoRefused as refusal:
        too_large = refusal.problem in (PhotoProblem.TOO_LARGE, PhotoProblem.TOO_MANY_PIXELS)
        problem = PaperProblem.TOO_LARGE if too_large else PaperProblem.WRONG_TYPE
        raise Invalid(problem, "file") from refusal
