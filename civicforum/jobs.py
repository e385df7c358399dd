"""Work done after the request: queued in the same transaction, run by `civicforum worker`.

A feature declares its tasks in `civicforum/<feature>/jobs.py`, as plain functions of plain values:

    @task("notices.post")
    def post_notice(*, notice_id: str) -> None: ...

and queues it with `defer(session, "notices.post", notice_id=str(notice.id))`: rolled back, it never runs.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import procrastinate
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicforum.database import conninfo, direct_url
from civicforum.operating.working import watch_job

log = logging.getLogger(__name__)

Function = TypeVar("Function", bound=Callable[..., None])
EVERY_MINUTE = "* * * * *"
# Waits 5, 25, 125, 625 and 3125 seconds: about an hour for what is outside to come back.
RETRY = procrastinate.RetryStrategy(max_attempts=5, exponential_wait=5)
STOP_SECONDS = 5.0

DEFER = text(
    """
    SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW(
        'default', :task, 0, :lock, :queueing_lock, CAST(:arguments AS jsonb), CAST(:at AS timestamptz)
    )]::procrastinate_job_to_defer_v1[]))
    """
)


@dataclass(frozen=True)
class Task:
    """A function that the worker knows by name; with `cron` it is also run by the clock."""

    name: str
    function: Callable[..., None]
    cron: str | None


tasks: dict[str, Task] = {}


def task(name: str, *, cron: str | None = None) -> Callable[[Function], Function]:
    """Declare a task. With `cron` (five fields, UTC) it takes no arguments and is run at those minutes."""

    def declare(function: Function) -> Function:
        tasks[name] = Task(name, function, cron)
        return function

    return declare


def load_tasks() -> dict[str, Task]:
    """Return the tasks of all features by name."""
    for path in sorted(Path(__file__).parent.glob("*/jobs.py")):
        import_module(f"{__package__}.{path.parent.name}.jobs")
    return tasks


def defer(
    session: Session,
    task: str,
    *,
    at: datetime | None = None,
    lock: str | None = None,
    queueing_lock: str | None = None,
    **arguments: object,
) -> int | None:
    """Queue a job in the session's transaction; return its number.

    Args:
        at: not before this instant.
        lock: jobs with the same lock run one after another.
        queueing_lock: at most one job with it waits; None is returned when one already does.

    Raises LookupError for a task that nobody declared.
    """
    if task not in load_tasks():
        raise LookupError(f"no such task: {task}")
    values = {
        "task": task,
        "lock": lock,
        "queueing_lock": queueing_lock,
        "arguments": json.dumps(arguments, ensure_ascii=False),
        "at": at,
    }
    try:
        with session.begin_nested():
            number: int = session.scalars(DEFER, values).one()
            return number
    except IntegrityError:
        if queueing_lock is None:
            raise
        return None


@task("sweep_clocks", cron=EVERY_MINUTE)
def sweep_clocks() -> None:
    """Mark what is overdue, and do what was due by now."""
    from civicforum.matters import services

    services.sweep_clocks(now=datetime.now(UTC))


def run_worker(app: Flask) -> None:
    """Run jobs until told to stop by SIGINT or SIGTERM; what runs then is given a few seconds to end."""
    queue = _queue(app)
    queue.run_worker(
        concurrency=2,
        shutdown_graceful_timeout=STOP_SECONDS,
        delete_jobs="successful",
    )


def _queue(app: Flask) -> procrastinate.App:
    # Past a pooler: a worker listens for new jobs.
    connector = procrastinate.PsycopgConnector(conninfo=conninfo(direct_url(app)), min_size=1, max_size=4)
    queue = procrastinate.App(connector=connector)
    for declared in load_tasks().values():
        # One tick of a clock waits and one runs: a slow sweep is not overtaken by the next.
        only_one = declared.name if declared.cron else None
        known = queue.task(name=declared.name, retry=RETRY, lock=only_one, queueing_lock=only_one)(
            _in_context(app, declared)
        )
        if declared.cron:
            queue.periodic(cron=declared.cron)(known)
    _add_rescue(queue)
    return queue


def _in_context(app: Flask, declared: Task) -> Callable[..., None]:
    def run(timestamp: int | None = None, **arguments: Any) -> None:
        # The context ends with the job, and with it the session.
        with app.app_context(), watch_job(declared.name, is_tick=declared.cron is not None):
            declared.function(**arguments)

    return run


def _add_rescue(queue: procrastinate.App) -> None:
    """Run the jobs of a killed worker again: nobody else would, and they would hold their lock forever."""

    async def rescue(timestamp: int) -> None:
        for job in await queue.job_manager.get_stalled_jobs():
            log.warning("running job %s (%s) again: its worker is gone", job.id, job.task_name)
            await queue.job_manager.retry_job(job)

    known = queue.task(name="rescue_jobs", queueing_lock="rescue_jobs")(rescue)
    queue.periodic(cron=EVERY_MINUTE)(known)
