"""What tests of clauses share: the national rulebook, numbered people, instants of a day in Asia/Shanghai."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from civicforum import rulebook
from civicforum.rulebook import SHANGHAI, Rulebook

BOOK = rulebook.load("national-2026")
# The election day of the examples, a Sunday.
POLLING_DAY = date(2026, 4, 12)


def person(number: int) -> uuid.UUID:
    """Return the id of a numbered person."""
    return uuid.UUID(int=number)


def people(number: int, *, first: int = 1) -> list[uuid.UUID]:
    """Return so many ids, from person `first` on."""
    return [person(at) for at in range(first, first + number)]


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return an instant of the day in Asia/Shanghai."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def related(*pairs: tuple[uuid.UUID, uuid.UUID]) -> frozenset[frozenset[uuid.UUID]]:
    """Return near relatives in pairs."""
    return frozenset(frozenset(pair) for pair in pairs)


def book_with(rule_id: str, book: Rulebook = BOOK, **changed: Any) -> Rulebook:
    """Return a rulebook, the national one, with one rule changed, as a local profile would."""
    rules = {rule.id: rule for rule in book.rules()}
    return replace(book, _rules={**rules, rule_id: replace(rules[rule_id], **changed)})
