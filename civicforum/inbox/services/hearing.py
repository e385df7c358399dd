"""Telling people of an entry of the journal, batch by batch."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from civicforum.database import transaction
from civicforum.inbox.hearing.audiences import reachable
from civicforum.inbox.hearing.table import HEARD, Heard
from civicforum.inbox.services.writing import write
from civicforum.inbox.telling import Telling
from civicforum.jobs import defer
from civicforum.records.models import JournalEntry
from civicforum.records.words import KINDS, PAGES

BATCH = 500
_NOBODY = uuid.UUID(int=0)


def hear_entry(*, entry_id: uuid.UUID, part: int, after: uuid.UUID | None, now: datetime) -> None:
    """Tell the next batch of those whom a part of an entry's row concerns; queue the one after it.

    Run twice, it tells nobody twice: what is told is named after the entry.
    """
    with transaction() as session:
        entry = session.get_one(JournalEntry, entry_id)
        told = tell_part(session, entry, part=part, after=after, now=now)
        if len(told) == BATCH:
            _go_on(session, entry, part, told[-1])
        elif part + 1 < len(HEARD[entry.action]):
            _go_on(session, entry, part + 1, None)


def tell_part(
    session: Session, entry: JournalEntry, *, part: int, after: uuid.UUID | None, now: datetime
) -> Sequence[uuid.UUID]:
    """Tell a batch of those whom one part of an entry's row concerns; return who they are, in order."""
    heard = HEARD[entry.action][part]
    people = reachable(heard.audience(entry), after=after or _NOBODY, limit=BATCH)
    ids = session.scalars(people).all()
    if ids:
        telling = _telling(session, entry, heard)
        write(session, community_id=entry.community_id, person_ids=ids, telling=telling, now=now)
    return ids


def _go_on(session: Session, entry: JournalEntry, part: int, after: uuid.UUID | None) -> None:
    defer(session, "inbox.hear", entry_id=str(entry.id), part=part, after=str(after) if after else None)


def _telling(session: Session, entry: JournalEntry, heard: Heard) -> Telling:
    values = {"title": entry.subject_title}
    with force_locale("zh_Hans"):
        title = str(heard.title) % values
        words = [str(heard.text) % values] if heard.text else []
    if heard.shows_reason and entry.reason:
        words.append(entry.reason)
    endpoint, arguments = _page(entry)
    return Telling(
        topic=heard.topic,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        title=title,
        text="\n".join(words),
        endpoint=endpoint,
        arguments=arguments,
        deadline_at=heard.deadline(session, entry) if heard.deadline else None,
        event=f"{entry.action}:{entry.subject_id}" if heard.once else f"entry:{entry.id}",
    )


def _page(entry: JournalEntry) -> tuple[str, dict[str, str]]:
    """Return the page about the entry's subject; a comment stands on that of its matter."""
    kind, subject_id = entry.subject_kind, str(entry.subject_id)
    if kind in KINDS["matter"]:
        kind, subject_id = "matter", str(entry.payload.get("matter_id", subject_id))
    if kind not in PAGES:
        return "inbox.home", {}
    endpoint, argument = PAGES[kind]
    return endpoint, {argument: subject_id}
