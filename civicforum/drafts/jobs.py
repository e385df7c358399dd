"""What drafts do by the clock."""

from __future__ import annotations

from datetime import UTC, datetime

from civicforum.drafts.services.clocks import sweep_clocks
from civicforum.jobs import EVERY_MINUTE, task


@task("drafts.sweep", cron=EVERY_MINUTE)
def sweep_drafts() -> None:
    """Flag drafts of all communities whose comments are not answered in time."""
    sweep_clocks(now=datetime.now(UTC))
