"""What reports do by the clock: shortly after midnight the day before is counted."""

from __future__ import annotations

from datetime import UTC, datetime

from civicforum.jobs import task
from civicforum.reports import services

# 00:10 in Shanghai; a day that was missed is counted the next night.
AFTER_MIDNIGHT = "10 16 * * *"


@task("reports.sweep", cron=AFTER_MIDNIGHT)
def sweep_reports() -> None:
    """Count the days that are over in all communities."""
    services.sweep(now=datetime.now(UTC))
