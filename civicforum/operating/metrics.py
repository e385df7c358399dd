"""What is counted in this process, and how the processes of one machine add up.

prometheus-client decides at its import whether values are shared in files, so that sharing.py comes before
this module. Those of the database and the disks are in exposing.py.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
REQUESTS = Histogram(
    "civicforum_request_seconds",
    "Time from the arrival of a request to its answer.",
    ("endpoint", "method", "status"),
    buckets=BUCKETS,
)
STATEMENTS = Counter("civicforum_statements", "Statements sent to the database by requests.")
SLOW_STATEMENTS = Counter("civicforum_slow_statements", "Statements that took longer than slow_query_ms.")
POOL_IN_USE = Gauge(
    "civicforum_pool_connections_in_use",
    "Connections of the pools of this machine that are in use.",
    multiprocess_mode="livesum",
)
_OF_PROCESS = re.compile(r"_(\d+)\.db$")


def add_shared(registry: CollectorRegistry) -> None:
    """Let a registry gather what all processes of this machine counted, or this one if it is alone."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder is None:
        for one in (REQUESTS, STATEMENTS, SLOW_STATEMENTS, POOL_IN_USE):
            registry.register(one)
        return
    from prometheus_client.multiprocess import MultiProcessCollector

    _forget_ended(Path(folder))
    MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]


def _forget_ended(folder: Path) -> None:
    """Remove the gauges of processes that have ended; what they counted stays."""
    for file in folder.glob("gauge_live*_*.db"):
        found = _OF_PROCESS.search(file.name)
        if found and not Path("/proc", found[1]).exists():
            file.unlink(missing_ok=True)
