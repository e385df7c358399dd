"""The entries of the journal about what a dossier covers: in words for the page, whole for the zip."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from civicforum.dossiers.contents import Block, Hash, Part, Section, Table, Words
from civicforum.dossiers.scopes import Scope
from civicforum.layout import moment
from civicforum.records.models import JournalEntry
from civicforum.records.rules import HASHED, REDACT
from civicforum.records.words import told

# The page shows the last ones; the zip has so many, far more than any decision needs.
MOST_SHOWN = 300
MOST_PACKED = 20_000


def journal_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return what was done, by whom, with number and hash of each entry. Two statements."""
    newest = session.scalars(
        select(JournalEntry)
        .options(joinedload(JournalEntry.actor), joinedload(JournalEntry.assisted_by))
        .where(*_about(scope.community.id, scope.journal_subjects))
        .order_by(JournalEntry.sequence.desc())
        .limit(MOST_SHOWN + 1)
    ).all()
    entries = newest[:MOST_SHOWN][::-1]
    blocks: list[Block] = []
    if scope.is_hidden:
        blocks.append(Words(_("Its words are hidden with a reason, so the entries about it are left out.")))
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
    """Return the public entries about these subjects, oldest first, with everything their hashes cover.

    With them come the entries that announce which of them lost words: without those, they would look changed.
    """
    columns = [getattr(JournalEntry, name) for name in (*HASHED, "hash")]
    community, *about = _about(community_id, subjects)
    rows = session.execute(
        select(*columns)
        .where(community, or_(and_(*about), JournalEntry.action == REDACT))
        .order_by(JournalEntry.sequence)
        .limit(MOST_PACKED)
    )
    found = [dict(row._mapping) for row in rows]
    numbers = {entry["sequence"] for entry in found if entry["action"] != REDACT}
    return [entry for entry in found if entry["action"] != REDACT or _announces(entry, numbers)]


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


def _announces(entry: Mapping[str, Any], numbers: Collection[int]) -> bool:
    """Tell whether an entry announces what was removed from one of those with these numbers."""
    return any(each["sequence"] in numbers for each in entry["payload"]["entries"])


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
