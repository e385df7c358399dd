"""What it costs a request to be watched: `python -m bench.watching` (about a minute).

The same page is asked for in one process, in turns, with the hooks of civicforum.operating and without them;
logs are written to a file and values shared between processes as a serving installation has it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

PAGES = ("/rules/", "/matters/", "/healthz")
ROUNDS, REQUESTS = 60, 20
MOST_SHARE = 0.02


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="civicforum-bench-") as name:
        folder = Path(name)
        # Before prometheus-client is imported.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder / "metrics")
        (folder / "metrics").mkdir()
        from bench.demonstration import running

        with running(folder) as app:
            return measure(app, folder)


def measure(app: Flask, folder: Path) -> int:
    from civicforum import logs

    logs.init_logging(replace(app.config["CIVICFORUM"], log=folder / "log" / "civicforum.log"))
    client = app.test_client()
    print(f"{'page':12} {'watched':>10} {'not':>10} {'cost':>9} {'share':>7}")
    shares = []
    for page in PAGES:
        watched, plain = [], []
        for _ in range(ROUNDS):
            watched.append(seconds(lambda page=page: client.get(page)))  # type: ignore[misc]
            with unwatched(app):
                plain.append(seconds(lambda page=page: client.get(page)))  # type: ignore[misc]
        # The least of many rounds: whatever else the machine does only adds.
        with_hooks, without = min(watched), min(plain)
        cost = with_hooks - without
        shares.append(cost / without)
        print(
            f"{page:12} {with_hooks * 1000:7.3f} ms {without * 1000:7.3f} ms {cost * 1e6:6.0f} us "
            f"{cost / without:7.1%}"
        )
    return 0 if min(shares[:2]) <= MOST_SHARE else 1


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of one of many requests: it does not count while others run."""
    began = time.process_time()
    for _ in range(REQUESTS):
        work()
    return (time.process_time() - began) / REQUESTS


@contextmanager
def unwatched(app: Flask) -> Iterator[None]:
    """Take the hooks away while the block runs."""
    from civicforum.operating import requests, statements

    before, after = app.before_request_funcs[None], app.after_request_funcs[None]
    kept = list(before), list(after)
    before[:] = [one for one in before if one is not requests._begin]
    after[:] = [one for one in after if one is not requests._end]
    listeners = (
        (Engine, "before_cursor_execute", statements._begin),
        (Engine, "after_cursor_execute", statements._end),
        (Pool, "checkout", requests._take_connection),
        (Pool, "checkin", requests._give_connection),
    )
    for target, name, function in listeners:
        event.remove(target, name, function)
    try:
        yield
    finally:
        before[:], after[:] = kept
        for target, name, function in listeners:
            event.listen(target, name, function)


if __name__ == "__main__":
    sys.exit(main())
