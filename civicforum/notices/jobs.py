"""What the notice board does by the clock."""

from __future__ import annotations

from datetime import UTC, datetime

from civicforum.jobs import EVERY_MINUTE, task
from civicforum.notices.services.clocks import sweep_clocks


@task("notices.sweep", cron=EVERY_MINUTE)
def sweep_notices() -> None:
    """Enter what falls due, flag what is missing, clear and expire, on the boards of all communities."""
    sweep_clocks(now=datetime.now(UTC))
