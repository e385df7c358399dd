"""What service ratings do by the clock."""

from __future__ import annotations

from datetime import UTC, datetime

from civicforum.jobs import EVERY_MINUTE, task
from civicforum.ratings.services.clocks import sweep_clocks
from civicforum.ratings.services.publications import sweep_night

# 00:20 in Shanghai; a night that was missed is caught up in the next.
AFTER_MIDNIGHT = "20 16 * * *"


@task("ratings.sweep", cron=EVERY_MINUTE)
def sweep_ratings() -> None:
    """Flag bad grades of all communities that wait too long."""
    sweep_clocks(now=datetime.now(UTC))


@task("ratings.night", cron=AFTER_MIDNIGHT)
def publish_ratings() -> None:
    """Count, publish and write anew the ratings of all communities."""
    sweep_night(now=datetime.now(UTC))
