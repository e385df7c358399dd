"""Texts in files that people open with a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

# What makes a spreadsheet take a text for a formula; full-width signs too, which Excel reads alike where
# Chinese is typed (OWASP, CSV Injection). Anybody may have written the text.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain_text(text: str) -> str:
    """Return a text that no spreadsheet calculates: an apostrophe before it where one would."""
    return f"'{text}" if text.startswith(FORMULA) else text


def plain_row(cells: Sequence[object]) -> list[object]:
    """Return a row whose texts no spreadsheet calculates."""
    return [plain_text(cell) if isinstance(cell, str) else cell for cell in cells]
