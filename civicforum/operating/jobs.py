"""Each night, in Shanghai: logs of days that are over, and what nobody looks at any more."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app

from civicforum import logs
from civicforum.config import Settings
from civicforum.jobs import task
from civicforum.operating import services


@task("operating.tidy", cron="20 16 * * *")
def tidy() -> None:
    """Set aside, pack and delete old logs of this machine, and delete old failed jobs."""
    settings: Settings = current_app.config["CIVICFORUM"]
    now = datetime.now(UTC)
    logs.tidy(settings.log or logs.log_file(settings.instance), now=now, days=settings.log_days)
    services.forget_failed(now=now)
