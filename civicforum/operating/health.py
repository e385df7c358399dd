"""Whether this machine is ready to serve, asked by load balancers and by people who have just started it."""

from __future__ import annotations

import shutil
import threading
import time
from dataclasses import dataclass, field

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from civicforum.config import Settings
from civicforum.operating import queries
from civicforum.operating.checks.database import is_schema_current
from civicforum.operating.checks.disks import folders
from civicforum.operating.rules import HEARTBEAT_SECONDS, Status, judge_space

ANSWER_SECONDS = 2
# Balancers ask often, and each may be several.
KEPT_SECONDS = 2.0
OK = "ok"


@dataclass
class Readiness:
    """The checks by name with what they found, "ok" or a few words; kept for two seconds in each process."""

    checks: dict[str, str] = field(default_factory=dict)
    asked_at: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, settings: Settings, url: str) -> dict[str, str]:
        with self.lock:
            if time.monotonic() - self.asked_at > KEPT_SECONDS:
                self.checks = look(settings, url)
                self.asked_at = time.monotonic()
            return dict(self.checks)


def look(settings: Settings, url: str) -> dict[str, str]:
    """Return each check of readiness with what it found now. It names no address and no reason."""
    return {**_look_at_database(url), "disk": _disk(settings)}


def _look_at_database(url: str) -> dict[str, str]:
    # Not the pool's engine, which waits for a free connection, and for an answer as long as the network does.
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": ANSWER_SECONDS})
    try:
        with engine.connect() as connection:
            connection.execute(text(f"SET LOCAL statement_timeout = '{ANSWER_SECONDS}s'"))
            return {"database": OK, "schema": _schema(connection), "worker": _worker(connection)}
    except SQLAlchemyError:
        return {"database": "does not answer", "schema": "not asked", "worker": "not asked"}


def _schema(connection: Connection) -> str:
    return OK if is_schema_current(connection) else "is of another version"


def _worker(connection: Connection) -> str:
    try:
        seconds = queries.get_heartbeat_seconds(Session(connection))
    except SQLAlchemyError:
        return "not asked"
    return OK if seconds is not None and seconds <= HEARTBEAT_SECONDS else "does not run"


def _disk(settings: Settings) -> str:
    used = [shutil.disk_usage(path) for path in folders(settings).values()]
    is_full = any(judge_space(free=one.free, size=one.total) is Status.BAD for one in used)
    return "nearly full" if is_full else OK
