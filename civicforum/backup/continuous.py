"""Recovery to a point in time, for the embedded server: copies of its files, and its log kept from then on.

The folder holds `base-<instant>` (the server's files, packed by pg_basebackup) and `wal` (its log, a piece at
least every five minutes). Any instant from the oldest base on can be brought back.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from pwd import struct_passwd

import psycopg
from sqlalchemy import URL, Engine, text

from civicforum import embedded
from civicforum.backup import places, programs
from civicforum.backup.errors import BackupRefused

KEEP_DAYS = 7
LOG, DATA, DATA_LOG = "wal", "base.tar.gz", "pg_wal.tar.gz"
PIECE_SECONDS = 300
_STAMP = "%Y%m%dT%H%M%SZ"
_BASE = re.compile(r"base-(\d{8}T\d{6}Z)")
_FIRST_LOG = re.compile(rb"^START WAL LOCATION: .* \(file ([0-9A-F]{24})\)", re.MULTILINE)


def switch_on(engine: Engine, folder: Path) -> bool:
    """Have the server keep its log in the folder; return whether it does already, or only once restarted."""
    log = folder / LOG
    log.mkdir(mode=0o700, exist_ok=True)
    settings = {
        "archive_mode": "on",
        "archive_timeout": f"{PIECE_SECONDS}s",
        "archive_command": _keep_command(log),
    }
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        data = Path(str(connection.scalar(text("SHOW data_directory"))))
        _let_write(log, data)
        for name, value in settings.items():
            # This statement takes no parameters.
            literal = value.replace("'", "''").replace(":", "\\:")
            connection.execute(text(f"ALTER SYSTEM SET {name} = '{literal}'"))
        connection.execute(text("SELECT pg_reload_conf()"))
        return bool(connection.scalar(text("SELECT current_setting('archive_mode') = 'on'")))


def _let_write(log: Path, data: Path) -> None:
    """Let the system user that the server runs as write to the folder of its log."""
    owner = data.stat()
    if owner.st_uid != os.geteuid():
        os.chown(log, owner.st_uid, owner.st_gid)
        for parent in log.parents:
            parent.chmod(parent.stat().st_mode | stat.S_IXOTH)


def _keep_command(log: Path) -> str:
    """Return how a piece of the log is kept: whole or not at all, and again only if it is the same."""
    to = shlex.quote(str(log)).replace("%", "%%") + "/%f"
    copy = f"cp %p {to}.part && sync {to}.part && mv {to}.part {to}"
    return f"if test -e {to}; then cmp -s %p {to}; else {copy}; fi"


def take_base(url: URL, folder: Path, *, keep_days: int, now: datetime) -> Path:
    """Copy the files of the running server, and remove what is too old. Raises BackupRefused."""
    name = f"base-{now.astimezone(UTC):{_STAMP}}"
    with places.only_writer(folder):
        with places.written_aside(folder, name) as draft:
            options = ["--format=tar", "--gzip", "--wal-method=stream", "--checkpoint=fast"]
            program = programs.find("pg_basebackup")
            programs.run(program, *options, f"--pgdata={draft}", url=url)
        _thin(folder, oldest=now - timedelta(days=keep_days))
    return folder / name


def _thin(folder: Path, *, oldest: datetime) -> None:
    """Remove bases that nothing after `oldest` needs, and the log before the first that stays."""
    bases = _bases(folder)
    needed_from = max((at for at, _path in bases if at <= oldest), default=bases[0][0])
    for at, path in bases:
        if at < needed_from:
            places.remove(folder, path.name)
    first = _first_log(next(path for at, path in bases if at == needed_from))
    programs.run(programs.find("pg_archivecleanup"), str(folder / LOG), first)


def _bases(folder: Path) -> list[tuple[datetime, Path]]:
    """Return the bases with their instants, the oldest first."""
    found = [(match[1], path) for path in folder.iterdir() if (match := _BASE.fullmatch(path.name))]
    return sorted((datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC), path) for stamp, path in found)


def _first_log(base: Path) -> str:
    """Return the name of the first piece of the log that a base wants."""
    with tarfile.open(base / DATA) as packed:
        label = packed.extractfile("backup_label")
        found = _FIRST_LOG.search(label.read()) if label else None
    if found is None:
        raise BackupRefused(f"{base} is damaged: it does not say where its log begins.")
    return found[1].decode("ascii")


def recover(folder: Path, instance: Path, *, until: datetime | None) -> Path | None:
    """Bring the embedded database of an instance to an instant, or to the end of the log kept.

    What was there before is moved beside it; its place is returned.

    Raises BackupRefused (the site is running, no base before the instant, the log does not reach it).
    """
    if embedded.is_running(instance):
        raise BackupRefused("The site is running: stop it before a recovery.")
    before = [path for at, path in _bases(folder) if until is None or at <= until]
    if not before:
        raise BackupRefused(f"There is no base copy in {folder} from before that moment.")
    data = instance / "pgdata"
    fresh = instance / "pgdata.recovering"
    shutil.rmtree(fresh, ignore_errors=True)
    _unpack(before[-1], fresh)
    owner = _hand_over(instance, fresh)
    try:
        _replay(fresh, [folder / LOG, data / "pg_wal"], owner, until)
    except BackupRefused:
        shutil.rmtree(fresh)
        raise
    aside = instance / f"pgdata.before-{datetime.now(UTC):{_STAMP}}" if data.exists() else None
    if aside is not None:
        data.rename(aside)
    fresh.rename(data)
    return aside


def _unpack(base: Path, data: Path) -> None:
    data.mkdir(mode=0o700, parents=True)
    for name, into in ((DATA, data), (DATA_LOG, data / "pg_wal")):
        with tarfile.open(base / name) as packed:
            packed.extractall(into, filter="data")
    (data / "recovery.signal").touch()


def _hand_over(instance: Path, data: Path) -> struct_passwd | None:
    """Give unpacked files to the system user that the server runs as; return it, None for ourselves."""
    owner = embedded.owner_of(embedded.Place(instance))
    if owner is not None:
        embedded.let_pass(data, programs.find("postgres").parent, owner)
        for path in data.rglob("*"):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    return owner


def _replay(data: Path, logs: list[Path], owner: struct_passwd | None, until: datetime | None) -> None:
    """Run the server on its files until it has taken in the log up to the instant.

    Args:
        logs: folders with pieces of the log; what was not kept yet is still with the files that are replaced.
    """
    fetch = " || ".join(f"cp {shlex.quote(str(log)).replace('%', '%%')}/%f %p 2>/dev/null" for log in logs)
    settings = [f"restore_command={fetch}", "recovery_target_action=promote", "listen_addresses="]
    # Nothing is kept of this run: what it decides on is kept when the site runs again.
    settings += ["archive_mode=off", *([f"recovery_target_time={until.isoformat()}"] if until else [])]
    with _sockets(owner) as sockets, (data.parent / "postgres" / "log").open("a") as told:
        command = [str(programs.find("postgres")), "-D", str(data), "-k", str(sockets)]
        server = subprocess.Popen(  # noqa: S603
            [*command, *(part for setting in settings for part in ("-c", setting))],
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            cwd=data,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )
        try:
            while not _is_recovered(sockets):
                if server.poll() is not None:
                    raise BackupRefused(
                        f"The log that was kept does not reach that moment; see the end of {told.name}."
                    )
                time.sleep(0.1)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()


@contextmanager
def _sockets(owner: struct_passwd | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="civicforum-", dir="/tmp"))
    try:
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_recovered(sockets: Path) -> bool:
    try:
        with psycopg.connect(host=str(sockets), user=embedded.SUPERUSER, dbname="postgres") as connection:
            row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
    except psycopg.OperationalError:
        return False
    return row == (False,)
