"""What is written down of each job: not its arguments."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from civicforum.operating.watch import Watch, current, new_id

# A tick of a clock is written down only when it takes so long: there are a dozen each minute.
LONG_MS = 1000.0
logger = logging.getLogger("civicforum.jobs")


@contextmanager
def watch_job(name: str, *, is_tick: bool) -> Iterator[None]:
    """Count the statements of a job; write it down at its end, a tick of a clock only if long or failed."""
    watch = Watch(place=name, request_id=new_id())
    token = current.set(watch)
    outcome = "failed"
    try:
        yield
        outcome = "done"
    finally:
        milliseconds = watch.milliseconds()
        if not is_tick or outcome == "failed" or milliseconds >= LONG_MS:
            said = {
                "task": name,
                "ms": round(milliseconds, 1),
                "statements": watch.statements,
                "status": outcome,
            }
            logger.info("job", extra=said)
        current.reset(token)
