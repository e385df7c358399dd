"""Radicals in a PDF become the characters that were written."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from civicforum.pdf_words import as_written

CMAP = b"""2 beginbfchar
<9F> <2EA0>
<2F17> <5355>
endbfchar
3 beginbfrange
<C2> <C3> <534E>
<01> <03> <2F00>
<10> <10> <2EDA>
endbfrange
"""


def with_cmap(content: bytes) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    stream = StreamObject()
    stream.set_data(content)
    font = DictionaryObject({NameObject("/ToUnicode"): writer._add_object(stream)})
    page[NameObject("/Font")] = writer._add_object(font)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def cmap_of(pdf: bytes) -> bytes:
    font = PdfReader(io.BytesIO(pdf)).pages[0]["/Font"].get_object()
    assert isinstance(font, DictionaryObject)
    stream = font["/ToUnicode"].get_object()
    assert isinstance(stream, StreamObject)
    return stream.get_data()


def test_radicals_become_characters_and_codes_stay_codes() -> None:
    assert cmap_of(as_written(with_cmap(CMAP))).splitlines() == [
        b"2 beginbfchar",
        "<9F> <{:04X}>".format(ord("民")).encode(),
        b"<2F17> <5355>",
        b"endbfchar",
        b"3 beginbfrange",
        b"<C2> <C3> <534E>",
        "<01> <03> [<{:04X}><{:04X}><{:04X}>]".format(*map(ord, "一丨丶")).encode(),
        "<10> <10> <{:04X}>".format(ord("页")).encode(),
        b"endbfrange",
    ]


def test_a_pdf_without_radicals_says_the_same() -> None:
    plain = b"1 beginbfchar\n<01> <5355>\nendbfchar\n"
    assert cmap_of(as_written(with_cmap(plain))) == plain


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(PyPdfError):
        as_written(b"")
