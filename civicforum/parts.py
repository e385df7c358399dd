"""Searching for a part of a text."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute


def has_part(column: InstrumentedAttribute[Any], text: str) -> ColumnElement[bool]:
    """Tell whether `text` stands in a column, whatever its case.

    Chinese has no case: compared as it stands, no row has to be put into lower case first, which takes
    PostgreSQL many times as long as the comparison.
    """
    if text.lower() == text.upper():
        return column.contains(text, autoescape=True)
    return column.icontains(text, autoescape=True)
