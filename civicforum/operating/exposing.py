"""/metrics: what the processes of this machine counted, and what the database and the disks say now."""

from __future__ import annotations

import hmac
import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from civicforum import __version__
from civicforum.backup.queries import last_backup
from civicforum.config import Settings
from civicforum.inbox.queries_told import count_outbox
from civicforum.operating import metrics, queries
from civicforum.operating.checks.database import is_schema_current
from civicforum.operating.checks.disks import folders

ANSWER_SECONDS = 3
HOUR = "%Y-%m-%dT%H"
Family = GaugeMetricFamily
logger = logging.getLogger(__name__)


def may_read(settings: Settings, *, address: str | None, is_forwarded: bool, authorization: str) -> bool:
    """Tell whether somebody may read the metrics: with the token, or, where none is set, from this machine.

    Args:
        address: where the connection comes from, whatever a proxy says.
        is_forwarded: a proxy handed the request on, so that the address is the proxy's.
    """
    if settings.metrics_token:
        wanted = f"Bearer {settings.metrics_token}"
        return hmac.compare_digest(authorization.encode(), wanted.encode())
    return not is_forwarded and address in ("127.0.0.1", "::1")


def expose(settings: Settings, engine: Engine, *, now: datetime) -> bytes:
    """Return all metrics as text."""
    registry = CollectorRegistry()
    metrics.add_shared(registry)
    registry.register(Installation(settings, engine, now))
    return generate_latest(registry)


class Installation(Collector):
    """The figures of the whole installation, read at each scrape by a bounded number of short statements."""

    def __init__(self, settings: Settings, engine: Engine, now: datetime) -> None:
        self._settings, self._engine, self._now = settings, engine, now

    def describe(self) -> Iterator[Family]:
        yield from ()

    def collect(self) -> Iterator[Family]:
        yield _labelled("civicforum_build_info", "The version that runs.", "version", {__version__: 1})
        yield from self._disks()
        read: list[Family] = []
        try:
            with Session(self._engine) as session:
                session.execute(text(f"SET LOCAL statement_timeout = '{ANSWER_SECONDS}s'"))
                read = list(self._database(session))
        except SQLAlchemyError:
            logger.exception("the metrics of the database could not be read")
        yield _one("civicforum_database_up", "Whether the database answered.", 1 if read else 0)
        yield from read

    def _disks(self) -> Iterator[Family]:
        used = {name: shutil.disk_usage(path) for name, path in folders(self._settings).items()}
        free = {name: one.free for name, one in used.items()}
        size = {name: one.total for name, one in used.items()}
        yield _labelled("civicforum_disk_free_bytes", "Room that is left.", "folder", free)
        yield _labelled("civicforum_disk_size_bytes", "Size of the disk.", "folder", size)
        settings = self._settings
        most = (settings.pool_size + settings.pool_overflow) * _processes()
        yield _one(
            "civicforum_pool_connections_most", "Connections the pools of this machine may open.", most
        )

    def _database(self, session: Session) -> Iterator[Family]:
        is_current = is_schema_current(session.connection())
        yield _one("civicforum_schema_current", "Whether the schema is of this version.", int(is_current))
        yield _one("civicforum_journal_entries", "Entries of all journals.", queries.count_journal(session))
        yield from self._jobs(session)
        yield from self._outbox(session)
        yield from self._clocks(session)
        yield from self._backups(session)
        ballots = _ballots_of_the_hour(self._settings.instance, session, self._now)
        yield _labelled("civicforum_ballots", "Ballots as of the hour.", "channel", ballots)

    def _jobs(self, session: Session) -> Iterator[Family]:
        jobs = queries.get_jobs(session)
        states = {"waiting": jobs.waiting, "due": jobs.due, "running": jobs.running, "failed": jobs.failed}
        yield _labelled("civicforum_jobs", "Jobs; those due wait too.", "state", states)
        yield _one(
            "civicforum_jobs_oldest_seconds", "How long the oldest job due waits.", jobs.oldest_seconds or 0
        )
        seconds = queries.get_heartbeat_seconds(session)
        if seconds is not None:
            yield _one(
                "civicforum_worker_heartbeat_seconds", "Since a worker last said that it lives.", seconds
            )

    def _outbox(self, session: Session) -> Iterator[Family]:
        counts = count_outbox(session, now=self._now)
        states = {"waiting": counts.waiting, "failed": counts.failed}
        yield _labelled("civicforum_outbox_messages", "Messages to people.", "state", states)
        late = (self._now - counts.oldest_due).total_seconds() if counts.oldest_due else 0
        yield _one("civicforum_outbox_oldest_seconds", "How long the oldest message due waits.", late)

    def _clocks(self, session: Session) -> Iterator[Family]:
        family = Family(
            "civicforum_clocks",
            "Deadlines: within a day, and past without the act.",
            labels=("feature", "state"),
        )
        for clocks in queries.list_clocks(session, now=self._now):
            family.add_metric((clocks.feature, "due"), clocks.due)
            family.add_metric((clocks.feature, "overdue"), clocks.overdue)
        yield family

    def _backups(self, session: Session) -> Iterator[Family]:
        last = last_backup(session)
        if last is not None:
            age = (self._now - last.made_at).total_seconds()
            yield _one(
                "civicforum_backup_age_seconds", "Age of the last backup that could be read back.", age
            )
        if last is not None and last.tried_at is not None:
            age = (self._now - last.tried_at).total_seconds()
            yield _one("civicforum_backup_trial_age_seconds", "Since a backup was restored on trial.", age)


def _one(name: str, help_: str, value: float) -> Family:
    return Family(name, help_, value=value)


def _labelled(name: str, help_: str, label: str, values: dict[str, int]) -> Family:
    family = Family(name, help_, labels=(label,))
    for of, value in values.items():
        family.add_metric((of,), value)
    return family


def _processes() -> int:
    """Return how many processes of this machine have answered requests, each of which has a pool."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder is None:
        return 1
    numbers = (one.stem.rpartition("_")[2] for one in Path(folder).glob("histogram_*.db"))
    return max(1, sum(Path("/proc", number).exists() for number in numbers))


def _ballots_of_the_hour(instance: Path, session: Session, now: datetime) -> dict[str, int]:
    """Return the count that this machine took first in this hour, whichever process is asked.

    A count that moved with each ballot would give every line of a board its time, and a log of sign-ins
    would then name its voter (adr 0011).
    """
    kept = instance / "metrics" / "ballots.json"
    hour = now.astimezone(UTC).strftime(HOUR)
    with suppress(OSError, ValueError):
        found = json.loads(kept.read_text())
        if found["hour"] == hour:
            return {str(name): int(count) for name, count in found["ballots"].items()}
    ballots = queries.count_ballots(session)
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = kept.with_name(f"ballots-{os.getpid()}.part")
        draft.write_text(json.dumps({"hour": hour, "ballots": ballots}))
        draft.replace(kept)
    return ballots
