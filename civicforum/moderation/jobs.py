"""What moderation does by the clock."""

from __future__ import annotations

from datetime import UTC, datetime

import civicforum.moderation.adapters  # noqa: F401 - fills the table of kinds
from civicforum.jobs import EVERY_MINUTE, task
from civicforum.moderation.services.clocks import sweep_clocks


@task("moderation.sweep", cron=EVERY_MINUTE)
def sweep_moderation() -> None:
    """Post what was held too long in any community, and flag appeals without a ruling in time."""
    sweep_clocks(now=datetime.now(UTC))
