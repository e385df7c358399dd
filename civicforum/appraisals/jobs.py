"""What appraisals do by the clock."""

from __future__ import annotations

from datetime import UTC, datetime

from civicforum.appraisals.services.action_clocks import sweep_actions
from civicforum.appraisals.services.clocks import sweep_clocks
from civicforum.jobs import EVERY_MINUTE, task


@task("appraisals.sweep", cron=EVERY_MINUTE)
def sweep_appraisals() -> None:
    """Flag what is late in appraisals of all communities."""
    sweep_clocks(now=datetime.now(UTC))


@task("appraisals.sweep_actions", cron=EVERY_MINUTE)
def sweep_corrective_actions() -> None:
    """Flag late owners, count the rounds of rechecks that are over, end plans of those who left."""
    sweep_actions(now=datetime.now(UTC))
