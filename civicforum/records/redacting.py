"""Removing a name from entries that are written: announced by an entry, so that the chain tells it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, or_, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.records.models import JournalEntry, JournalHead
from civicforum.records.rules import HASHED, REDACT, entry_hash
from civicforum.records.services import record

# Texts in which names were written; ids, states, hours and hashes never change.
FIELDS = ("post", "subject_title", "reason", "payload")


def find_entries(session: Session, *, community_id: uuid.UUID, words: Sequence[str]) -> list[JournalEntry]:
    """Return the entries that hold one of these words, oldest first; announcements are never among them."""
    return list(
        session.scalars(
            select(JournalEntry)
            .where(JournalEntry.community_id == community_id, JournalEntry.action != REDACT)
            .where(or_(*(_holds(field, word) for field in FIELDS for word in words)))
            .order_by(JournalEntry.sequence)
        )
    )


def redact(
    session: Session,
    *,
    community_id: uuid.UUID,
    entries: Sequence[JournalEntry],
    change: Callable[[JournalEntry, str], str],
    actor: Actor | None,
    reason: str,
    now: datetime,
) -> int:
    """Put what `change` returns in the place of texts, and announce it by an entry; return how many changed.

    The entries keep their hashes, so the chain stays; the announcement names their numbers, those hashes and
    what is left of each. What changes without one is still found.
    """
    # As `record` does: whoever writes an entry meanwhile waits.
    session.get_one(JournalHead, community_id, with_for_update=True, populate_existing=True)
    told = []
    for entry in entries:
        fields = [field for field in FIELDS if _take_out(entry, field, change)]
        if fields:
            stands = entry_hash({name: getattr(entry, name) for name in HASHED})
            told.append({"sequence": entry.sequence, "hash": entry.hash, "stands": stands, "fields": fields})
    if told:
        record(
            session,
            community_id=community_id,
            actor=actor,
            action="journal.redact",
            subject_kind="community",
            subject_id=community_id,
            reason=reason,
            payload={"entries": told},
            now=now,
        )
    return len(told)


def _take_out(entry: JournalEntry, field: str, change: Callable[[JournalEntry, str], str]) -> bool:
    before = getattr(entry, field)
    after = _mapped(before, lambda text: change(entry, text))
    if after == before:
        return False
    # A title at the length its column allows may not grow.
    setattr(entry, field, after[:200] if field in ("post", "subject_title") else after)
    return True


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(each, change) for each in value]
    if isinstance(value, dict):
        return {_key(key, change): _mapped(each, change) for key, each in value.items()}
    return value


def _key(key: str, change: Callable[[str], str]) -> str:
    """Return a key changed like a text, unless it is the name of a field."""
    return key if key.isascii() and key.isidentifier() else change(key)


def _holds(field: str, word: str) -> ColumnElement[bool]:
    column = getattr(JournalEntry, field)
    return cast(column, Text).contains(word, autoescape=True)
