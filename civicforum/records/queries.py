"""Reads of the journal."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.records.models import JournalEntry, JournalHead, Photo
from civicforum.records.rules import HASHED, REDACT, Break, Redaction, first_break, redactions


def list_entries(
    session: Session, *, community_id: uuid.UUID, subject_kinds: Sequence[str] = (), number: int
) -> Page[JournalEntry]:
    """Return a page of the public register, newest first; with kinds of subject, only entries about such."""
    statement = (
        select(JournalEntry)
        .options(joinedload(JournalEntry.actor), joinedload(JournalEntry.assisted_by))
        .where(JournalEntry.community_id == community_id, JournalEntry.is_public)
        .order_by(JournalEntry.sequence.desc())
    )
    if subject_kinds:
        statement = statement.where(JournalEntry.subject_kind.in_(subject_kinds))
    counted = None if subject_kinds else _counting_public(community_id)
    return paginate(session, statement, number=number, per_page=50, counted=counted)


def _counting_public(community_id: uuid.UUID) -> Select[int]:
    """Count by the number of the last entry, for none is left out, less the few that are not public."""
    private = select(func.count()).where(JournalEntry.community_id == community_id, ~JournalEntry.is_public)
    return select(JournalHead.sequence - private.scalar_subquery()).where(
        JournalHead.community_id == community_id
    )


def list_entries_of(session: Session, *, subject_kind: str, subject_id: uuid.UUID) -> Sequence[JournalEntry]:
    """Return every public entry about one subject, oldest first, with the people who acted."""
    return session.scalars(_about(subject_kind, subject_id)).all()


def list_steps_of(session: Session, *, subject_kind: str, subject_id: uuid.UUID) -> Sequence[JournalEntry]:
    """Return of the entries about one subject those that took it from one state to another."""
    payload = JournalEntry.payload
    moved = payload["from"].is_distinct_from(payload["to"])
    return session.scalars(_about(subject_kind, subject_id).where(moved)).all()


def get_head(session: Session, *, community_id: uuid.UUID) -> JournalHead | None:
    """Return where a community's journal ends, or None for a community without a journal."""
    return session.get(JournalHead, community_id)


def verify_journal(session: Session, *, community_id: uuid.UUID) -> tuple[int, Break | None]:
    """Return how many entries a community's journal should have, and where its chain breaks if it does."""
    head = session.get(JournalHead, community_id)
    if head is None:
        raise NotFound(community_id)
    found = first_break(
        _entries(session, community_id),
        head_sequence=head.sequence,
        head_hash=head.hash,
        redacted=_redactions(session, community_id),
    )
    return head.sequence, found


def count_redacted(session: Session, *, community_id: uuid.UUID) -> int:
    """Return how many entries of a journal lost words that the journal itself names as removed."""
    return len(_redactions(session, community_id))


def get_photo(session: Session, *, photo_id: uuid.UUID, thumbnail: bool) -> tuple[bytes, str]:
    """Return a picture's bytes and media type. Raises NotFound."""
    column = Photo.thumbnail if thumbnail else Photo.content
    row = session.execute(select(column, Photo.media_type).where(Photo.id == photo_id)).one_or_none()
    if row is None:
        raise NotFound(photo_id)
    return row[0], row[1]


def _about(subject_kind: str, subject_id: uuid.UUID) -> Select[JournalEntry]:
    return (
        select(JournalEntry)
        .options(joinedload(JournalEntry.actor), joinedload(JournalEntry.assisted_by))
        .where(
            JournalEntry.subject_kind == subject_kind,
            JournalEntry.subject_id == subject_id,
            JournalEntry.is_public,
        )
        .order_by(JournalEntry.sequence)
    )


def _redactions(session: Session, community_id: uuid.UUID) -> dict[int, Redaction]:
    rows = session.execute(
        select(JournalEntry.sequence, JournalEntry.payload)
        .where(JournalEntry.community_id == community_id, JournalEntry.action == REDACT)
        .order_by(JournalEntry.sequence)
    )
    return redactions((row.sequence, row.payload) for row in rows)


def _entries(session: Session, community_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    columns = [getattr(JournalEntry, name) for name in (*HASHED, "hash")]
    rows = session.execute(
        select(*columns)
        .where(JournalEntry.community_id == community_id)
        .order_by(JournalEntry.sequence)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        yield dict(row._mapping)
