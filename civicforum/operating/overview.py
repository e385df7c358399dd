"""All that the operator's page shows, read once."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from civicforum import __version__
from civicforum.backup.queries import LastBackup, last_backup
from civicforum.config import Settings
from civicforum.inbox.queries_told import Counts, count_outbox
from civicforum.operating import queries
from civicforum.operating.checks import Surroundings, run_checks
from civicforum.operating.checks.disks import folders
from civicforum.operating.rules import Finding, Status, worst
from civicforum.operating.slow import SlowStatement, list_slow


@dataclass(frozen=True)
class Disk:
    """One folder that is written to; sizes in bytes."""

    folder: str
    free: int
    size: int


@dataclass(frozen=True)
class Overview:
    """How the installation stands. `findings`: the worst first."""

    status: Status
    findings: Sequence[Finding]
    jobs: queries.Jobs
    failed_jobs: Sequence[queries.FailedJob]
    clocks: Sequence[queries.Clocks]
    outbox: Counts
    disks: Sequence[Disk]
    backup: LastBackup | None
    slow: Sequence[SlowStatement]
    versions: dict[str, str]

    @property
    def due(self) -> int:
        return sum(one.due for one in self.clocks)

    @property
    def overdue(self) -> int:
        return sum(one.overdue for one in self.clocks)


def get_overview(session: Session, settings: Settings, *, now: datetime) -> Overview:
    """Return everything the page shows. Nothing of it asks another machine but the database."""
    found = run_checks(Surroundings(settings, now, session.connection()))
    used = {name: shutil.disk_usage(path) for name, path in folders(settings).items()}
    return Overview(
        status=worst(found),
        findings=sorted(found, key=lambda one: -one.status),
        jobs=queries.get_jobs(session),
        failed_jobs=queries.list_failed_jobs(session),
        clocks=queries.list_clocks(session, now=now),
        outbox=count_outbox(session, now=now),
        disks=[Disk(name, one.free, one.total) for name, one in used.items()],
        backup=last_backup(session),
        slow=list_slow(settings, now=now),
        versions=_versions(session),
    )


def _versions(session: Session) -> dict[str, str]:
    return {
        "civicforum": __version__,
        "PostgreSQL": str(session.scalar(text("SELECT current_setting('server_version')"))),
        "Python": platform.python_version(),
    }
