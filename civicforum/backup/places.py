"""The folder that backups are written into: room, the one writer at a time, what is in it."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from civicforum.backup import manifest
from civicforum.backup.errors import BackupRefused
from civicforum.backup.rules import Kept, bytes_needed, is_name

LOCK = ".civicforum-backup.lock"
PART = ".part"


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the folder for one backup. Raises BackupRefused when it is not there, or held already."""
    if not folder.is_dir():
        # Not made here: where a disk is not plugged in, its folder would be made on the wrong one.
        raise BackupRefused(f"The folder {folder} is not there: is the disk plugged in and mounted?")
    with _opened(folder / LOCK) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupRefused(
                f"Another backup is being written into {folder}; wait for its end."
            ) from error
        except OSError as error:
            # Some disks on the network know no locks; what is half written there is told by its name.
            if error.errno not in (errno.ENOLCK, errno.ENOTSUP):
                raise
        for left in folder.glob(f".civicforum-*{PART}"):
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BackupRefused(f"The folder {path.parent} cannot be written to: {error.strerror}.") from error
    try:
        yield handle
    finally:
        os.close(handle)


def check_room(folder: Path, database_size: int) -> None:
    """Raise BackupRefused where the disk has no room for a backup of so large a database."""
    free, wanted = shutil.disk_usage(folder).free, bytes_needed(database_size)
    if free < wanted:
        raise BackupRefused(
            f"The disk of {folder} is nearly full: {in_megabytes(free)} free, {in_megabytes(wanted)} needed."
        )


@contextmanager
def written_aside(folder: Path, name: str) -> Iterator[Path]:
    """Yield an empty folder that gets its name when the block ends, and is gone when it raises."""
    draft = folder / f".{name}.{secrets.token_hex(4)}{PART}"
    try:
        draft.mkdir(mode=0o700)
        yield draft
        _settle(draft)
        os.rename(draft, folder / name)
        _settle_one(folder)
    except OSError as error:
        raise BackupRefused(f"The backup could not be written to {folder}: {error.strerror}.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _settle(folder: Path) -> None:
    """Have everything in a folder reach the disk."""
    for path in sorted(folder.rglob("*"), reverse=True):
        _settle_one(path)
    _settle_one(folder)


def _settle_one(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def size_of(folder: Path) -> int:
    """Return how many bytes the files of a backup have."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def find_backup(path: Path) -> Path:
    """Return a backup by its own folder, by its manifest, or the newest in a folder of backups.

    Raises BackupRefused.
    """
    if path.name == manifest.MANIFEST:
        path = path.parent
    if (path / manifest.MANIFEST).exists():
        return path
    if not path.is_dir():
        raise BackupRefused(f"There is no backup {path}.")
    found = sorted(child for child in path.iterdir() if is_name(child.name))
    if not found:
        raise BackupRefused(f"There is no whole backup in {path}.")
    return found[-1]


def list_kept(folder: Path) -> list[Kept]:
    """Return the whole backups in the folder whose manifest can be read and whose database has its size."""
    kept = []
    for child in sorted(folder.iterdir()):
        if not is_name(child.name):
            continue
        try:
            read = manifest.read(child)
            stated, dump = read.files[manifest.DATABASE], child / manifest.DATABASE
            if dump.stat().st_size != stated.size:
                continue
        except (BackupRefused, KeyError, OSError):
            continue
        heads = {community: journal.number for community, journal in read.content.journals.items()}
        kept.append(Kept(child.name, read.made_at, heads))
    return kept


def remove(folder: Path, name: str) -> None:
    """Remove a backup; one that is half removed has no name of a backup any more."""
    gone = folder / f".{name}.{secrets.token_hex(4)}{PART}"
    os.rename(folder / name, gone)
    shutil.rmtree(gone)


def destroy_keys(folder: Path, poll_ids: Collection[str]) -> int:
    """Overwrite and remove the sealed keys of these votes in every backup here; return how many files."""
    done = 0
    for backup in folder.iterdir():
        names = [f"{manifest.POLL_KEYS}/{id_}.sealed" for id_ in poll_ids] if is_name(backup.name) else []
        here = [name for name in names if (backup / name).is_file()]
        if here:
            gone = sorted(manifest.destroyed_in(backup) | set(here))
            # Before the files: where it says that they are gone, nobody misses them.
            (backup / manifest.DESTROYED).write_text(json.dumps(gone) + "\n", encoding="utf-8")
        for name in here:
            _overwrite(backup / name)
            done += 1
    return done


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def in_megabytes(size: int) -> str:
    """Return a size as people say it."""
    return f"{size / 1024 / 1024:,.1f} MB"
