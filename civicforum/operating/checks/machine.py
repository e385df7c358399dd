"""The machine: open files and memory."""

from __future__ import annotations

import resource
from pathlib import Path

from civicforum.operating.checks.base import Surroundings, check, found
from civicforum.operating.checks.base import mark as _l
from civicforum.operating.rules import Finding, Status

# A web process keeps 300 screens open, connections of the database, and files of what is uploaded.
LEAST_FILES, ENOUGH_FILES = 512, 1024
LEAST_FREE_MB, ENOUGH_FREE_MB = 200, 400


@check("machine.files")
def files(around: Surroundings) -> Finding:
    most, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 2**20 if most == resource.RLIM_INFINITY else most
    status = Status.BAD if most < LEAST_FILES else Status.LOOK if most < ENOUGH_FILES else Status.GOOD
    return found(
        "machine.files",
        status,
        _l("A process may open %(most)s files."),
        _l("Set LimitNOFILE=65536 in the unit of systemd, or ulimit -n."),
        most=most,
    )


@check("machine.memory")
def memory(around: Surroundings) -> Finding:
    free = _megabytes("MemAvailable")
    status = Status.BAD if free < LEAST_FREE_MB else Status.LOOK if free < ENOUGH_FREE_MB else Status.GOOD
    return found(
        "machine.memory",
        status,
        _l("%(free)s MB of %(size)s MB of memory are free."),
        _l("End other programs, serve with fewer --workers, or add memory."),
        free=free,
        size=_megabytes("MemTotal"),
    )


def _megabytes(name: str) -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) // 1024
    raise LookupError(name)
