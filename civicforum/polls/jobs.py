"""What polls do by the clock: they open, stop, are counted where nobody is awaited, and forget."""

from __future__ import annotations

from flask import current_app

from civicforum.clock import earliest_now
from civicforum.config import Settings
from civicforum.database import transaction
from civicforum.jobs import EVERY_MINUTE, task
from civicforum.polls.services import clocks, destroying, results


@task("polls.sweep", cron=EVERY_MINUTE)
def sweep_polls() -> None:
    """Do what was due by now at the polls of all communities."""
    settings: Settings = current_app.config["CIVICFORUM"]
    # What is closed, opened or destroyed too early by a wrong clock cannot be undone.
    with transaction() as session:
        now = earliest_now(session)
    clocks.sweep(now=now, settings=settings)
    results.sweep(now=now, settings=settings)
    destroying.sweep(now=now, settings=settings)
