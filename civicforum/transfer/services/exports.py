"""A community's export: asked for on a page, made by a job, fetched within a day."""

from __future__ import annotations

import logging
import tempfile
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.config import Settings
from civicforum.database import db, transaction
from civicforum.errors import AlreadyDone, NotEligible
from civicforum.jobs import defer
from civicforum.people.models import Community
from civicforum.records.services import Subject, record_about
from civicforum.transfer.blockers import polls_in_the_way
from civicforum.transfer.errors import PollsInTheWay
from civicforum.transfer.exporting import write_community
from civicforum.transfer.models import CommunityExport, ExportPart
from civicforum.transfer.rules import EXPORT_KEPT, ExportState, move_export

TASK = "transfer.make_export"
PART_SIZE = 4 * 1024 * 1024
RUNNING = (ExportState.WAITING, ExportState.RUNNING)
log = logging.getLogger(__name__)


def begin_export(*, community_id: uuid.UUID, actor: Actor | None, now: datetime, instance: Path) -> None:
    """Write into the journal that everything leaves in a file; the file then holds this entry too.

    Raises PollsInTheWay.
    """
    with transaction() as session:
        _record_export(session, community_id=community_id, actor=actor, now=now, instance=instance)


def ask_export(*, actor: Actor, now: datetime, settings: Settings) -> uuid.UUID:
    """Have the community's export made.

    Raises NotEligible, AlreadyDone (one is being made), PollsInTheWay.
    """
    if not actor.has(Role.ADMIN):
        raise NotEligible(actor.person_id)
    with transaction() as session:
        community_id = actor.community_id
        # Weaker than FOR UPDATE: a journal entry of somebody who has the journal's lock does not wait for it.
        session.get_one(Community, community_id, with_for_update={"key_share": True})
        if session.scalar(
            select(CommunityExport.id).where(
                CommunityExport.community_id == community_id, CommunityExport.state.in_(RUNNING)
            )
        ):
            raise AlreadyDone(community_id)
        export = CommunityExport(community_id=community_id, asked_at=now, asked_by_id=actor.person_id)
        session.add(export)
        session.flush()
        defer(session, TASK, lock=f"export-{community_id}", export_id=str(export.id))
        _record_export(session, community_id=community_id, actor=actor, now=now, instance=settings.instance)
        return export.id


def make_export(*, export_id: uuid.UUID, settings: Settings, clock: Callable[[], datetime]) -> None:
    """Write the file of an export that was asked for, and keep it in parts until it is fetched."""
    now = clock()
    with transaction() as session:
        export = session.get(CommunityExport, export_id, with_for_update=True)
        if export is None or export.state not in RUNNING:
            return
        export.state = move_export(export.state, ExportState.RUNNING)
        # Those of a worker that was killed.
        session.execute(delete(ExportPart).where(ExportPart.export_id == export_id))
        community_id = export.community_id
    try:
        with tempfile.TemporaryFile() as file:
            written = write_community(
                db.engine,
                file,
                community_id=community_id,
                identity_key=settings.identity_key,
                now=now,
                report=lambda done, whole, rows: _note_progress(export_id, done, whole, rows),
            )
            size = _keep(export_id, community_id, file)
    except Exception:
        log.exception("the export %s could not be made", export_id)
        _fail(export_id)
        return
    with transaction() as session:
        export = session.get_one(CommunityExport, export_id, with_for_update=True)
        export.state = move_export(export.state, ExportState.READY)
        export.ready_at, export.size, export.manifest_hash = clock(), size, written.manifest_hash


def forget_exports(*, now: datetime) -> int:
    """Delete the files that are older than a day; return how many."""
    with transaction() as session:
        old = session.scalars(
            select(CommunityExport)
            .where(CommunityExport.state == ExportState.READY, CommunityExport.ready_at <= now - EXPORT_KEPT)
            .with_for_update(skip_locked=True)
        ).all()
        for export in old:
            session.execute(delete(ExportPart).where(ExportPart.export_id == export.id))
            export.state = move_export(export.state, ExportState.GONE)
        return len(old)


def _record_export(
    session: Session, *, community_id: uuid.UUID, actor: Actor | None, now: datetime, instance: Path
) -> None:
    if waiting := polls_in_the_way(session, community_id=community_id, instance=instance):
        raise PollsInTheWay([poll.title for poll in waiting])
    community = session.get_one(Community, community_id)
    subject = Subject(community_id, "community", community_id, community.name)
    record_about(session, subject, actor=actor, action="community.export", now=now)


def _note_progress(export_id: uuid.UUID, done: int, whole: int, rows: int) -> None:
    with transaction() as session:
        export = session.get_one(CommunityExport, export_id, with_for_update=True)
        export.tables_done, export.tables_whole, export.row_count = done, whole, rows


def _keep(export_id: uuid.UUID, community_id: uuid.UUID, file: IO[bytes]) -> int:
    """Put the file into the database, where every app machine finds it; return its size in bytes."""
    file.seek(0)
    size = number = 0
    while content := file.read(PART_SIZE):
        number, size = number + 1, size + len(content)
        part = ExportPart(export_id=export_id, number=number, community_id=community_id, content=content)
        with transaction() as session:
            session.add(part)
    return size


def _fail(export_id: uuid.UUID) -> None:
    with transaction() as session:
        session.execute(delete(ExportPart).where(ExportPart.export_id == export_id))
        export = session.get_one(CommunityExport, export_id, with_for_update=True)
        export.state = move_export(export.state, ExportState.FAILED)
