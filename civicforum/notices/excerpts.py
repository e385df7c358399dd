"""The part of a text in which what was searched for stands, for lists of what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 140
BEFORE = 30
Piece = tuple[str, bool]


def mark(text: str, words: Sequence[str]) -> list[Piece]:
    """Return a text as pieces, each with whether it is one of the words; where they overlap, the longest."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    if not wanted or not text:
        return [(text, False)] if text else []
    pattern = re.compile("(" + "|".join(re.escape(word) for word in wanted) + ")", re.IGNORECASE)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pattern.split(text)) if piece]


def excerpt(text: str, words: Sequence[str]) -> list[Piece]:
    """Return the beginning of a text, or what stands around the first of the words in it, as pieces."""
    line = " ".join(text.split())
    places = [place for word in words if word and (place := line.lower().find(word.lower())) >= 0]
    start = max(0, min(places, default=0) - BEFORE)
    start = 0 if start < BEFORE else start
    shown = line[start : start + LONGEST]
    before = "…" if start else ""
    after = "…" if start + LONGEST < len(line) else ""
    return mark(f"{before}{shown}{after}", words)
