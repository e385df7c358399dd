"""Previewing a list of residents, and writing all of it or nothing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, CivicForumError, NotEligible
from civicforum.people.importing.columns import find_columns
from civicforum.people.importing.preview import Entry, Plan, RowKind, make_plan, read_entries
from civicforum.people.importing.reading import read_rows
from civicforum.people.importing.stored import entry_from, to_json
from civicforum.people.importing.writing import Progress, load_known, write_plan
from civicforum.people.models import ResidentImport
from civicforum.people.rules import ImportState
from civicforum.people.services import identity_key, lock_register
from civicforum.records.services import record
from civicforum.rows import lock_row
from civicforum.rulebook.days import day_of

# A preview holds personal data of a file that may never be confirmed.
PREVIEW_KEPT = timedelta(days=1)


class ImportRefused(CivicForumError):
    """A row of the list has an error, so nothing of it is written."""


class ThingsChanged(CivicForumError):
    """What is known changed since the preview, so that a row would now be decided otherwise."""


@dataclass(frozen=True)
class Preview:
    """A plan, and the headings of the file that nobody asked for."""

    plan: Plan
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """How many rows an import wrote, by kind."""

    new: int
    changed: int
    unchanged: int


def plan_file(session: Session, *, community_id: uuid.UUID, content: bytes, today: date) -> Preview:
    """Read a file and decide every row; nothing is written. Raises FileRefused."""
    columns, rows = find_columns(read_rows(content))
    entries = read_entries(rows, columns, identity_key=identity_key(), today=today)
    plan = make_plan(entries, load_known(session, community_id=community_id), today=today)
    return Preview(plan, columns.ignored)


def keep_preview(
    *, content: bytes, file_name: str, actor: Actor, now: datetime
) -> tuple[uuid.UUID, tuple[str, ...]]:
    """Keep the preview of a file to be looked at and confirmed; drop those that are older than a day.

    Returns its id and the headings that are ignored. Raises FileRefused, NotEligible.
    """
    with transaction() as session:
        _check_may_import(actor)
        session.execute(delete(ResidentImport).where(ResidentImport.created_at < now - PREVIEW_KEPT))
        preview = plan_file(session, community_id=actor.community_id, content=content, today=day_of(now))
        kept = ResidentImport(
            id=uuid.uuid4(),
            community_id=actor.community_id,
            file_name=file_name[:200],
            state=ImportState.PREVIEWED,
            rows=[to_json(decision) for decision in preview.plan.decisions],
            created_at=now,
            created_by_id=actor.person_id,
        )
        session.add(kept)
        return kept.id, preview.ignored


def confirm_import(*, import_id: uuid.UUID, actor: Actor, now: datetime) -> Written:
    """Write a kept preview, if every row would still be decided as it shows.

    Raises NotFound, AlreadyDone (written before), ImportRefused, ThingsChanged.
    """
    with transaction() as session:
        kept = _lock_import(session, import_id, actor)
        if kept.state is ImportState.WRITTEN:
            raise AlreadyDone(import_id)
        written = _write(
            session,
            community_id=kept.community_id,
            entries=[entry_from(row) for row in kept.rows],
            decided=kept.rows,
            import_id=kept.id,
            actor=actor,
            now=now,
        )
        kept.state, kept.rows = ImportState.WRITTEN, []
        return written


def discard_import(*, import_id: uuid.UUID, actor: Actor) -> None:
    """Forget a preview. Raises NotFound."""
    with transaction() as session:
        session.delete(_lock_import(session, import_id, actor))


def import_plan(
    *, community_id: uuid.UUID, plan: Plan, now: datetime, progress: Progress = lambda rows: None
) -> Written:
    """Write a plan that the operator looked at on the command line. Raises ImportRefused, ThingsChanged."""
    with transaction() as session:
        return _write(
            session,
            community_id=community_id,
            entries=[decision.entry for decision in plan.decisions],
            decided=[to_json(decision) for decision in plan.decisions],
            import_id=uuid.uuid4(),
            actor=None,
            now=now,
            progress=progress,
        )


def _write(
    session: Session,
    *,
    community_id: uuid.UUID,
    entries: list[Entry],
    decided: list[dict[str, object]],
    import_id: uuid.UUID,
    actor: Actor | None,
    now: datetime,
    progress: Progress = lambda rows: None,
) -> Written:
    """Decide the rows again under the lock, compare with what was shown, and write."""
    lock_register(session, community_id)
    today = day_of(now)
    plan = make_plan(entries, load_known(session, community_id=community_id), today=today)
    if [to_json(decision) for decision in plan.decisions] != decided:
        raise ThingsChanged(import_id)
    if plan.is_refused:
        raise ImportRefused(import_id)
    written = Written(*(plan.count(kind) for kind in (RowKind.NEW, RowKind.CHANGED, RowKind.UNCHANGED)))
    if not (written.new or written.changed):
        return written
    write_plan(session, community_id=community_id, plan=plan, today=today, progress=progress)
    record(
        session,
        community_id=community_id,
        actor=actor,
        action="people.import",
        subject_kind="resident_import",
        subject_id=import_id,
        payload={"new": written.new, "changed": written.changed, "unchanged": written.unchanged},
        now=now,
    )
    return written


def _lock_import(session: Session, import_id: uuid.UUID, actor: Actor) -> ResidentImport:
    _check_may_import(actor)
    return lock_row(session, ResidentImport, import_id, community_id=actor.community_id)


def _check_may_import(actor: Actor) -> None:
    if not actor.has(Role.ADMIN):
        raise NotEligible(actor.person_id)
