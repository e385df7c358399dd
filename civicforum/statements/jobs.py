"""What conversations do by the clock, and the computing of their groups: too long for a page."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from civicforum.jobs import EVERY_MINUTE, task
from civicforum.statements import services
from civicforum.statements.services.sweeping import TASK


@task("statements.sweep", cron=EVERY_MINUTE)
def sweep_conversations() -> None:
    services.sweep(now=datetime.now(UTC))


@task(TASK)
def group_conversation(*, conversation_id: str) -> None:
    services.compute_due(conversation_id=uuid.UUID(conversation_id), now=datetime.now(UTC))
