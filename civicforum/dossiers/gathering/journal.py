"""The entries of the journal about what a dossier covers: in words for the page, whole for the zip."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, joinedload

from civicforum.dossiers.contents import Block, Hash, Part, Section, Table, Words
from civicforum.dossiers.scopes import Scope
from civicforum.layout import moment
from civicforum.records.models import JournalEntry
from civicforum.records.rules import HASHED
from civicforum.records.words import told

# The page shows the last ones; the zip has so many, far more than any decision needs.
MOST_SHOWN = 300
MOST_PACKED = 20_000


def journal_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return what was done, by whom, with number and hash of each entry. Two statements."""
    newest = session.scalars(
        select(JournalEntry)
        .options(joinedload(JournalEntry.actor), joinedload(JournalEntry.assisted_by))
        .where(*_about(scope.community.id, scope.subjects))
        .order_by(JournalEntry.sequence.desc())
        .limit(MOST_SHOWN + 1)
    ).all()
    entries = newest[:MOST_SHOWN][::-1]
    blocks: list[Block] = []
    if len(newest) > MOST_SHOWN:
        words = ngettext(
            "These are the last %(num)s entry; the zip has all of them.",
            "These are the last %(num)s entries; the zip has all of them.",
            MOST_SHOWN,
        )
        blocks.append(Words(words))
    if entries:
        head = (_("Entry"), _("When"), _("What"), _("Who"), _("Hash"))
        blocks.append(Table(_("Entries of the journal"), head, tuple(map(_row, entries))))
        blocks.append(Hash(_("Hash of the last of these entries, whole"), entries[-1].hash))
    title, absent = _("What the journal says"), _("The journal has no public entry about it.")
    return Part(Section("journal", title, tuple(blocks), absent))


def list_piece(
    session: Session, *, community_id: uuid.UUID, subjects: Sequence[tuple[str, uuid.UUID]]
) -> list[Mapping[str, Any]]:
    """Return the public entries about these subjects, oldest first, with everything their hashes cover."""
    columns = [getattr(JournalEntry, name) for name in (*HASHED, "hash")]
    rows = session.execute(
        select(*columns)
        .where(*_about(community_id, subjects))
        .order_by(JournalEntry.sequence)
        .limit(MOST_PACKED)
    )
    return [dict(row._mapping) for row in rows]


def iterate_chain(
    session: Session, *, community_id: uuid.UUID, first: int, last: int
) -> Iterator[tuple[int, str]]:
    """Return number and hash of every entry from `first` to `last`, those that are not public too."""
    rows = session.execute(
        select(JournalEntry.sequence, JournalEntry.hash)
        .where(JournalEntry.community_id == community_id, JournalEntry.sequence.between(first, last))
        .order_by(JournalEntry.sequence)
        .execution_options(yield_per=5000)
    )
    return ((sequence, digest) for sequence, digest in rows)


def _about(community_id: uuid.UUID, subjects: Sequence[tuple[str, uuid.UUID]]) -> list[Any]:
    return [
        JournalEntry.community_id == community_id,
        JournalEntry.is_public,
        tuple_(JournalEntry.subject_kind, JournalEntry.subject_id).in_(subjects),
    ]


def _row(entry: JournalEntry) -> tuple[str, ...]:
    line = told(entry)
    who = " · ".join(filter(None, (line.who, line.post)))
    what = f"{line.what}: {line.why}" if line.why else line.what
    return str(entry.sequence), moment(entry.at), what, who, entry.hash[:16]
