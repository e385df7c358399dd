"""Disks: room for what is written, and a backup that outlives the disk of the data."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from civicforum import logs
from civicforum.config import Settings
from civicforum.operating.checks.base import Surroundings, check, found, good
from civicforum.operating.checks.base import mark as _l
from civicforum.operating.rules import Finding, Status, judge_space

LEAST_INODES, SCANT_INODES = 10_000, 50_000


def folders(settings: Settings) -> dict[str, Path]:
    """Return the folders that are written to, by what they hold; those that are not there yet by a parent."""
    named = {
        "instance": settings.instance,
        "logs": (settings.log or logs.log_file(settings.instance)).parent,
    }
    if settings.backups is not None:
        named["backups"] = settings.backups
    return {name: _existing(path) for name, path in named.items()}


def _existing(path: Path) -> Path:
    return next(one for one in (path, *path.parents) if one.exists())


@check("disk.space")
def space(around: Surroundings) -> Finding:
    used = {name: shutil.disk_usage(path) for name, path in folders(around.settings).items()}
    name = max(
        used, key=lambda one: (judge_space(free=used[one].free, size=used[one].total), -used[one].free)
    )
    return found(
        "disk.space",
        judge_space(free=used[name].free, size=used[name].total),
        _l("%(free)s GB of %(size)s GB are free for %(folder)s."),
        _l("Make room or add a disk before it is full: a database that cannot write stops."),
        free=f"{used[name].free / 2**30:.1f}",
        size=f"{used[name].total / 2**30:.1f}",
        folder=str(folders(around.settings)[name]),
    )


@check("disk.inodes")
def inodes(around: Surroundings) -> Finding:
    # Some file systems make them as they are needed, and say that there are none.
    counted = [os.statvfs(path) for path in folders(around.settings).values()]
    free = min((one.f_favail for one in counted if one.f_files), default=SCANT_INODES)
    status = Status.BAD if free < LEAST_INODES else Status.LOOK if free < SCANT_INODES else Status.GOOD
    return found(
        "disk.inodes",
        status,
        _l("%(free)s more files can be made.") if status else _l("There is room for many more files."),
        _l("Remove folders of many small files, or make a file system with more inodes."),
        free=free,
    )


@check("disk.backups")
def backups(around: Surroundings) -> Finding:
    settings = around.settings
    if settings.backups is None:
        words = _l("No folder for backups is set on this machine.")
        remedy = _l(
            "Set CIVICFORUM_BACKUPS to a folder on a second disk, and let civicforum backup run every night."
        )
        return found("disk.backups", Status.LOOK, words, remedy)
    if not settings.backups.is_dir():
        return found(
            "disk.backups",
            Status.BAD,
            _l("The folder for backups is not there: %(folder)s."),
            _l("Plug in or mount the disk of the backups."),
            folder=str(settings.backups),
        )
    if settings.backups.stat().st_dev == _existing(settings.instance).stat().st_dev:
        return found(
            "disk.backups",
            Status.LOOK,
            _l("Data and backups are on the same disk."),
            _l("Put backups on a second disk: when the first breaks, it takes both."),
        )
    return good("disk.backups", _l("Backups are on a disk of their own."))


@check("disk.writable")
def writable(around: Surroundings) -> Finding:
    closed = [str(path) for path in folders(around.settings).values() if not os.access(path, os.W_OK)]
    return found(
        "disk.writable",
        Status.BAD if closed else Status.GOOD,
        _l("This user cannot write to %(folders)s.") if closed else _l("Every folder can be written to."),
        _l("Give the folder to the user of civicforum, or run this command as that user."),
        folders=", ".join(closed),
    )
