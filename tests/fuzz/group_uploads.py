"""Files that people hand in: photos, reports, PDFs."""

from __future__ import annotations

import io
import logging
import warnings
import zipfile
from functools import cache

from PIL import Image
from pypdf import PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from civicforum.appraisals.report_files import ODT, SUFFIX, read_report_file
from civicforum.errors import Invalid
from civicforum.pdf_words import as_written
from civicforum.records.photos import LARGEST_KEPT, LONGEST_SIDE, PhotoRefused, read_photo
from tests.fuzz.target import Target, in_parts, zipped

# Both libraries tell what they mend on the way.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def _photo(data: bytes) -> None:
    with warnings.catch_warnings(action="ignore"):
        kept = read_photo(data)
    assert len(kept.content) <= LARGEST_KEPT
    assert max(kept.width, kept.height) <= LONGEST_SIDE
    with Image.open(io.BytesIO(kept.content), formats=("JPEG",)) as picture:
        assert picture.size == (kept.width, kept.height)
        assert not picture.getexif()


@cache
def _photos() -> tuple[bytes, ...]:
    found = []
    for kind, mode in (
        ("JPEG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("WEBP", "RGB"),
        ("JPEG", "CMYK"),
        ("PNG", "I;16"),
    ):
        picture, target = Image.new(mode, (24, 16)), io.BytesIO()
        exif = Image.Exif()
        exif[0x0112] = 6
        exif[0x8825] = {1: "N", 2: (39.0, 54.0, 0.0)}
        picture.save(target, kind, **({} if mode == "I;16" else {"exif": exif}))
        found.append(target.getvalue())
    return tuple(found)


def _report(data: bytes) -> None:
    name, _, content = data.partition(b"\n")
    kept = read_report_file(name.decode("utf-8", "replace"), content)
    assert kept.name.isprintable()
    assert "/" not in kept.name
    assert kept.name.endswith(SUFFIX[kept.media_type])


def _reports() -> list[bytes]:
    odt = io.BytesIO()
    with zipfile.ZipFile(odt, "w") as archive:
        archive.writestr("mimetype", ODT)
    word = zipped(in_parts({"word/document.xml": b"<w/>"}))
    return [b"report.pdf\n%PDF-1.7", "述职报告.docx\n".encode() + word, b"r.odt\n" + odt.getvalue()]


def _pdf(data: bytes) -> None:
    again = as_written(data)
    assert again.startswith(b"%PDF")


@cache
def _pdfs() -> tuple[bytes, ...]:
    writer, target = PdfWriter(), io.BytesIO()
    page = writer.add_blank_page(100, 100)
    cmap = DecodedStreamObject()
    cmap.set_data(
        b"2 beginbfchar\n<0003> <2EA0>\n<0004> <0041>\nendbfchar\n"
        b"1 beginbfrange\n<0005> <0007> <2F00>\nendbfrange\n"
    )
    font = DictionaryObject(
        {NameObject("/Type"): NameObject("/Font"), NameObject("/ToUnicode"): writer._add_object(cmap)}
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})}
    )
    writer.write(target)
    return (target.getvalue(),)


TARGETS = (
    Target(
        "uploads.photo",
        "a photo",
        "what is kept is a small JPEG without metadata",
        _photo,
        _photos,
        (PhotoRefused,),
        longest=8192,
    ),
    Target(
        "uploads.report",
        "a duty report and the name of its file",
        "its name is one of a file, with the ending of what it is",
        _report,
        _reports,
        (Invalid,),
    ),
    Target(
        "uploads.pdf", "a PDF that a browser printed", "what comes out is a PDF", _pdf, _pdfs, (PyPdfError,)
    ),
)
