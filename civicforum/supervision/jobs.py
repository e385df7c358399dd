"""What the desk does by the clock, and the copies of the archive that are made meanwhile."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from civicforum.jobs import EVERY_MINUTE, task
from civicforum.supervision.services.archiving import MAKE_TASK, make_copy
from civicforum.supervision.services.clocks import sweep_clocks


@task("supervision.sweep", cron=EVERY_MINUTE)
def sweep_supervision() -> None:
    """Open reports that fall due in all communities, and flag what is late."""
    sweep_clocks(now=datetime.now(UTC))


@task(MAKE_TASK)
def make_archive_copy(*, copy_id: str) -> None:
    """Make a copy of an archive that a member of the supervision committee asked for."""
    make_copy(copy_id=uuid.UUID(copy_id), now=datetime.now(UTC))
