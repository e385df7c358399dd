"""Where the processes of one start share what they count; used before prometheus-client is imported."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def begin_sharing(instance: Path) -> str:
    """Return a new folder for this process and its children; those of starts that ended are removed."""
    return _make_folder(instance, os.getpid())


def share_values(instance: Path) -> None:
    """Share the values of this web process with those of the same server, unless told where."""
    if not os.environ.get(VARIABLE):
        os.environ[VARIABLE] = _make_folder(instance, _first_process())


def _make_folder(instance: Path, first: int) -> str:
    folder = instance / "metrics" / str(first)
    for old in folder.parent.glob("*"):
        if old.name.isdecimal() and not Path("/proc", old.name).exists():
            shutil.rmtree(old, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return str(folder)


def _first_process() -> int:
    """Return the process that all web processes of this start descend from: gunicorn's, or this one."""
    parent = os.getppid()
    try:
        is_server = b"gunicorn" in Path("/proc", str(parent), "cmdline").read_bytes()
    except OSError:
        is_server = False
    return parent if is_server else os.getpid()
