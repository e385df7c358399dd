"""What meetings do by the clock."""

from __future__ import annotations

from datetime import UTC, datetime

from civicforum.jobs import EVERY_MINUTE, task
from civicforum.meetings.services.clocks import sweep_clocks


@task("meetings.sweep", cron=EVERY_MINUTE)
def sweep_meetings() -> None:
    """Flag what is late after meetings of all communities."""
    sweep_clocks(now=datetime.now(UTC))
