"""The public register, as a chain of hashes that anybody can follow.

Ids of people and payloads stay out, as they do on the page. They are what a hash covers beside the words:
whoever knew them all could find out by trying who did what is not public.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from civicforum.api.filters import ListFilters
from civicforum.api.filters import Sequence as SequenceNumber
from civicforum.api.kinds.kind import Kind, Scope
from civicforum.api.shapes.journal import EntryShape
from civicforum.moderation.queries.decisions import cover_titles
from civicforum.records.models import JournalEntry


class EntryFilters(ListFilters):
    """From where."""

    since: SequenceNumber = Field(default=0, description="Only entries after the one of this number.")


def _select(scope: Scope, filters: EntryFilters) -> Select[Any]:
    return (
        select(JournalEntry)
        .where(JournalEntry.community_id == scope.community_id, JournalEntry.sequence > filters.since)
        .options(joinedload(JournalEntry.actor), joinedload(JournalEntry.assisted_by))
    )


def write_entry(entry: JournalEntry, *, cover: str | None = None) -> EntryShape:
    """Bring an entry into shape; who acted and who helped are loaded.

    `cover` stands for the title of a matter that is hidden.
    """
    place: dict[str, Any] = {
        "sequence": entry.sequence,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }
    if not entry.is_public:
        return EntryShape(is_public=False, **place)
    return EntryShape(
        is_public=True,
        at=entry.at,
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject=entry.subject_id,
        subject_title=cover or entry.subject_title,
        by=entry.actor.name if entry.actor else None,
        post=entry.post,
        helped_by=entry.assisted_by.name if entry.assisted_by else None,
        reason=entry.reason,
        **place,
    )


def _write(scope: Scope, entries: Sequence[JournalEntry]) -> list[EntryShape]:
    covered = cover_titles(scope.session, entries)
    return [write_entry(entry, cover=covered.get(entry.id)) for entry in entries]


JOURNAL = Kind(
    name="journal",
    summary="The public register with its hashes, oldest first",
    shape=EntryShape,
    filters=EntryFilters,
    select=_select,
    key=(JournalEntry.sequence,),
    write=_write,
    is_descending=False,
)
