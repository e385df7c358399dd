"""Making a backup, and noting what was made and tried."""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, func, inspect, select, text, update

from civicforum import __version__
from civicforum.backup import belongings, manifest, places, programs, rules
from civicforum.backup.errors import DoesNotHold
from civicforum.backup.manifest import File, Manifest
from civicforum.backup.measuring import Content, Report, measure
from civicforum.backup.models import Backup
from civicforum.backup.vault import SealingKey
from civicforum.config import Settings
from civicforum.database import transaction

log = logging.getLogger(__name__)
LOCK_WAIT = "60s"
# Of what pg_dump says, the lines that show how far it is.
_DUMPING = "dumping contents of table"


@dataclass(frozen=True)
class Made:
    """What a backup came to.

    Attributes:
        removed: names of old backups that were thinned.
        staying: names of backups older than that, which no newer one stands for.
        destroyed: how many sealed keys of votes were taken out of older backups, their day having come.
    """

    path: Path
    manifest: Manifest
    manifest_hash: str
    size: int
    removed: list[str]
    staying: list[str]
    destroyed: int


def make_backup(
    *,
    engine: Engine,
    settings: Settings,
    folder: Path,
    key: SealingKey | None,
    keep_days: int,
    now: datetime,
    report: Report | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Made:
    """Write one consistent copy of everything into the folder, read it back, and thin the old ones.

    The site goes on running: rows are those of one snapshot, and the figures in the manifest of the same.

    Args:
        key: for whom the secrets are sealed; None leaves them out.

    Raises BackupRefused (no room, no folder, another one running), DoesNotHold (it cannot be read back).
    """
    with places.only_writer(folder):
        name = rules.name_of(now)
        with places.written_aside(folder, name) as draft:
            written, digest = _write(draft, engine, settings, key, now, report, environment)
        path = folder / name
        if problems := manifest.check_files(path, written):
            raise DoesNotHold(problems)
        size = places.size_of(path)
        _note(written, path, size)
        destroyed = places.destroy_keys(folder, _destroyed_polls(engine))
        going, staying = rules.split_old(places.list_kept(folder), keep_days=keep_days, now=now)
        for old in going:
            places.remove(folder, old.name)
    made = Made(path, written, digest, size, _names(going), _names(staying), destroyed)
    log.info("backup %s: %d rows, %d bytes, manifest %s", path, written.rows, size, digest)
    return made


def note_checked(backup_id: uuid.UUID, *, now: datetime, is_tried: bool) -> bool:
    """Note that a backup was read back, or restored on trial; return False for one that is not of here."""
    values = {Backup.checked_at: now} | ({Backup.tried_at: now} if is_tried else {})
    with transaction() as session:
        noted = session.execute(
            update(Backup).where(Backup.id == backup_id).values(values).returning(Backup.id)
        ).all()
    return bool(noted)


def _write(
    draft: Path,
    engine: Engine,
    settings: Settings,
    key: SealingKey | None,
    now: datetime,
    report: Report | None,
    environment: Mapping[str, str],
) -> tuple[Manifest, str]:
    """Write everything into the draft; return its manifest and the manifest's hash."""
    with _snapshot(engine) as connection:
        size: int = connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
        places.check_room(draft, size)
        content = _dump(draft, connection, engine.url, report)
        version: int = connection.scalar(text("SELECT current_setting('server_version_num')::int")) or 0
    names = [manifest.DATABASE]
    if key is not None:
        found = belongings.gather(settings, environment)
        names += belongings.write_sealed(draft, found, key)
    written = Manifest(
        id=uuid.uuid4(),
        made_at=now,
        program=__version__,
        postgresql=version,
        database_size=size,
        content=content,
        key=key,
        files={name: _file(draft / name) for name in names},
    )
    return written, manifest.write(draft, written)


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees the database as it is at this moment until the block ends."""
    with engine.connect() as pooled:
        connection = pooled.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


def _dump(draft: Path, connection: Connection, url: URL, report: Report | None) -> Content:
    """Write the rows that the connection sees, and return their figures."""
    snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
    whole = 2 * len(inspect(connection).get_table_names())
    done = 0

    def heard(line: str) -> None:
        nonlocal done
        if report and _DUMPING in line:
            done += 1
            report(done, whole)

    programs.run(
        programs.find("pg_dump"),
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--verbose",
        f"--lock-wait-timeout={LOCK_WAIT}",
        f"--snapshot={snapshot}",
        f"--file={draft / manifest.DATABASE}",
        url=url,
        heard=heard,
    )
    dumped = done
    return measure(connection, report and (lambda tables, _all: report(dumped + tables, whole)))


def _file(path: Path) -> File:
    return File(path.stat().st_size, manifest.sha256_of(path))


def _note(written: Manifest, path: Path, size: int) -> None:
    """Note the backup in the database, unless that is older than this version and has no place for it."""
    with transaction() as session:
        if session.scalar(select(func.to_regclass(Backup.__tablename__))) is None:
            return
        finished = datetime.now(UTC)
        session.add(
            Backup(
                id=written.id,
                made_at=written.made_at,
                finished_at=max(finished, written.made_at),
                machine=socket.gethostname(),
                folder=str(path),
                size=size,
                has_secrets=written.key is not None,
                checked_at=finished,
            )
        )


def _destroyed_polls(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [
            str(id_) for id_ in connection.scalars(text("SELECT id FROM poll WHERE destroyed_at IS NOT NULL"))
        ]


def _names(kept: list[rules.Kept]) -> list[str]:
    return [one.name for one in kept]
