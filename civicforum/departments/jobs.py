"""What departments do by the clock."""

from __future__ import annotations

from datetime import UTC, datetime

from civicforum.departments.services.clocks import sweep_clocks
from civicforum.jobs import EVERY_MINUTE, task


@task("departments.sweep", cron=EVERY_MINUTE)
def sweep_departments() -> None:
    """Flag opinions of all communities that have no reply in time."""
    sweep_clocks(now=datetime.now(UTC))
