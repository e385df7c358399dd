"""What appraisals do by the clock."""

from __future__ import annotations

from datetime import UTC, datetime

from civicforum.appraisals.services.clocks import sweep_clocks
from civicforum.jobs import EVERY_MINUTE, task


@task("appraisals.sweep", cron=EVERY_MINUTE)
def sweep_appraisals() -> None:
    """Flag what is late in appraisals of all communities."""
    sweep_clocks(now=datetime.now(UTC))
