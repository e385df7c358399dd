"""Chinese in a PDF as it was written, so that it is found by searching and copied right.

A font has one glyph for a character and for the radical that looks like it: 民 (U+6C11) and ⺠ (U+2EA0).
Chromium names either in the PDF, so that whoever searches for 居民 finds nothing. Here every radical becomes
its character.
"""

from __future__ import annotations

import io
import re
import unicodedata

from pypdf import PdfWriter
from pypdf.errors import PdfReadError
from pypdf.generic import DictionaryObject, StreamObject

# Radicals that are whole characters, beside those that Unicode's own compatibility mapping knows (U+2F00 to
# U+2FD5). Source: EquivalentUnifiedIdeograph.txt of the Unicode Character Database.
_SUPPLEMENT = dict(
    zip(
        "⺒⺓⺝⺟⺠⺩⺬⺶⺼⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻱⻳",
        "巳幺月母民王示羊肉虎西见角贝车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龜龟",
        strict=True,
    )
)
# A line of a CMap: one code or a range of codes, and the character that the (first) code stands for.
# What pypdf stumbles over in a damaged file, beside its own errors.
_DAMAGED = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError, OSError)
_ENTRY = re.compile(rb"^((?:<[0-9A-Fa-f]+>\s*){1,2})<(2[EF][0-9A-Fa-f]{2})>(?=\s*$)", re.MULTILINE)


def as_written(pdf: bytes) -> bytes:
    """Return a PDF whose texts name characters and not the radicals that look like them.

    Raises pypdf.errors.PyPdfError for what is no PDF, or is one no longer.
    """
    try:
        return _rewritten(pdf)
    except _DAMAGED as error:
        raise PdfReadError("the PDF is damaged") from error


def _rewritten(pdf: bytes) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    for found in writer._objects:
        cmap = found.get("/ToUnicode") if isinstance(found, DictionaryObject) else None
        stream = cmap.get_object() if cmap is not None else None
        if isinstance(stream, StreamObject):
            before = stream.get_data()
            after = _ENTRY.sub(_character, before)
            if after != before:
                stream.set_data(after)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _character(entry: re.Match[bytes]) -> bytes:
    radical = chr(int(entry[2], 16))
    character = _SUPPLEMENT.get(radical) or unicodedata.normalize("NFKC", radical)
    codes = re.findall(rb"<([0-9A-Fa-f]+)>", entry[1])
    # In a longer range the next codes stand for the next radicals.
    if len(codes) == 2 and int(codes[0], 16) != int(codes[1], 16):
        return _single(entry[1], codes, radical)
    return entry[1] + b"<%04X>" % ord(character)


def _single(written: bytes, codes: list[bytes], radical: str) -> bytes:
    """Return a range as a list of what each of its codes stands for."""
    first, last = int(codes[0], 16), int(codes[1], 16)
    points = range(ord(radical), ord(radical) + last - first + 1)
    named = (_SUPPLEMENT.get(chr(one)) or unicodedata.normalize("NFKC", chr(one)) for one in points)
    return written + b"[" + b"".join(b"<%04X>" % ord(one) for one in named) + b"]"
