"""What the clock and the queue do for the inbox."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from civicforum.database import transaction
from civicforum.inbox.services.writing import write
from civicforum.inbox.telling import unpacked
from civicforum.jobs import task


@task("inbox.tell")
def tell_batch(*, community_id: str, person_ids: Sequence[str], telling: Mapping[str, Any]) -> None:
    """Tell one batch of many people; run twice, it tells nobody twice."""
    with transaction() as session:
        write(
            session,
            community_id=uuid.UUID(community_id),
            person_ids=[uuid.UUID(person_id) for person_id in person_ids],
            telling=unpacked(telling),
            now=datetime.now(UTC),
        )
