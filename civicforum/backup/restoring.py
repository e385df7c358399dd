"""The way back: a backup into a database, verified whole before anything that was there goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, Engine, text

from civicforum.backup import manifest, programs
from civicforum.backup.errors import BackupRefused, DoesNotHold
from civicforum.backup.manifest import Manifest
from civicforum.backup.measuring import differences, measure
from civicforum.backup.verifying import Say, verify_content
from civicforum.config import ROOT
from civicforum.database import db
from civicforum.preparing import prepare_database

# What was there before waits under this name until the backup is verified.
ASIDE = "before_restore"
_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_HAS_TABLES = "SELECT to_regclass('public.community') IS NOT NULL"
_NAMES = "SELECT name FROM public.community ORDER BY name"
_LAST = "SELECT max(at) FROM public.journal_entry"


@dataclass(frozen=True)
class Present:
    """What is in the database now: its communities, and when their journals were last written to."""

    communities: list[str]
    last_at: datetime | None


def look_at(engine: Engine) -> Present:
    """Return what is in the database that would be replaced."""
    with engine.connect() as connection:
        if not connection.scalar(text(_HAS_TABLES)):
            return Present([], None)
        return Present(list(connection.scalars(text(_NAMES))), connection.scalar(text(_LAST)))


def check_backup(folder: Path) -> Manifest:
    """Return the manifest of a backup whose every file is whole. Raises BackupRefused, DoesNotHold."""
    read = manifest.read(folder)
    if problems := manifest.check_files(folder, read):
        raise DoesNotHold(problems)
    return read


def check_version(read: Manifest) -> None:
    """Raise BackupRefused for a backup of a newer program than this one."""
    known = {revision.revision for revision in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()}
    if read.content.revision not in known:
        raise BackupRefused(
            f"This backup was made by civicforum {read.program} (schema {read.content.revision}), which is "
            "newer than this program: install that version first."
        )


def restore(app: Flask, folder: Path, read: Manifest, *, processes: int, say: Say) -> None:
    """Fill the application's database from a backup whose files were checked, and verify all of it.

    Whatever is in the database is set aside, put back when anything fails, and removed when all holds. A
    program that is newer than the backup migrates what it brought in.

    Raises BackupRefused (somebody is connected, a newer backup), DoesNotHold.
    """
    check_version(read)
    with app.app_context():
        engine = db.engine
        engine.dispose()
        with _set_aside(engine):
            say(f"Filling the database with {read.rows:,} rows.")
            programs.feed(folder / manifest.DATABASE, url=engine.url, server_major=_major(engine))
            say("Comparing every table with the manifest.")
            _compare(engine, read)
            prepare_database(app, say=say)
            say("Verifying journals, boards and pictures.")
            try:
                problems = verify_content(db.session(), processes=processes, say=say)
            finally:
                db.session.remove()
            if problems:
                raise DoesNotHold(problems)
            engine.dispose()


def _compare(engine: Engine, read: Manifest) -> None:
    with engine.connect() as connection, connection.begin():
        if problems := differences(read.content, measure(connection)):
            raise DoesNotHold(problems)
    engine.dispose()


def _major(engine: Engine) -> int:
    with engine.connect() as connection:
        version: int = connection.scalar(text("SELECT current_setting('server_version_num')::int")) or 0
    return version // 10000


@contextmanager
def _set_aside(engine: Engine) -> Iterator[None]:
    """Give the block an empty schema; afterwards drop what was there, or put it back if the block raises."""
    put_back_cut_off(engine)
    with _alone(engine) as connection:
        connection.execute(text(f"ALTER SCHEMA public RENAME TO {ASIDE}"))
        _make_public(connection)
    try:
        yield
    except BaseException:
        engine.dispose()
        _put_back(engine)
        raise
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {ASIDE} CASCADE"))


def put_back_cut_off(engine: Engine) -> None:
    """Put back what a restore that was cut off had set aside.

    Raises BackupRefused where the site was used since, so that both hold something.
    """
    with engine.connect() as connection:
        if not connection.scalar(text(f"SELECT to_regnamespace('{ASIDE}') IS NOT NULL")):
            return
    if look_at(engine).communities:
        raise BackupRefused(
            "A restore was cut off, and the site was used since: what was there before it is in the schema "
            f"{ASIDE}. Drop that (DROP SCHEMA {ASIDE} CASCADE) or export it first."
        )
    _put_back(engine)


def _put_back(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text(f"ALTER SCHEMA {ASIDE} RENAME TO public"))


def _make_public(connection: Connection) -> None:
    connection.execute(text("CREATE SCHEMA public"))
    connection.execute(text("GRANT USAGE ON SCHEMA public TO PUBLIC"))


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Yield a connection of a database that nobody else is connected to. Raises BackupRefused."""
    with engine.begin() as connection:
        if others := connection.scalar(text(_OTHERS)):
            raise BackupRefused(
                f"The site is running ({others} connections to its database): stop it before a restore."
            )
        yield connection
