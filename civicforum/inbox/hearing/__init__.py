"""From an entry of the journal to the people who are told of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy.orm import Session

from civicforum.inbox.hearing.table import HEARD
from civicforum.jobs import defer
from civicforum.records.models import JournalEntry
from civicforum.records.services import listeners

_deaf: ContextVar[bool] = ContextVar("deaf", default=False)


def listen() -> None:
    """Have every new entry heard from now on."""
    if hear not in listeners:
        listeners.append(hear)


def hear(session: Session, entry: JournalEntry) -> None:
    """Queue the telling in the entry's transaction: the journal stays locked for an insert, not a search."""
    if entry.action in HEARD and not _deaf.get():
        defer(session, "inbox.hear", entry_id=str(entry.id))


@contextmanager
def nobody_listens() -> Iterator[None]:
    """Tell nobody of what happens in the block: for a story that is invented, and long past."""
    token = _deaf.set(True)
    try:
        yield
    finally:
        _deaf.reset(token)
