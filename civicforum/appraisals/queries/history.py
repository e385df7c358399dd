"""When people were appraised."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.appraisals.models import AppraisalSubject, Cycle
from civicforum.appraisals.rules import CycleState

# A draft binds nobody, and what is void does not count.
COUNTED_AS_HELD = (CycleState.POSTED, CycleState.RATING, CycleState.COUNTED, CycleState.CERTIFIED)


def list_last_days(
    session: Session, *, people: Collection[uuid.UUID], apart_from: uuid.UUID
) -> dict[uuid.UUID, list[date]]:
    """Return the days of the other cycles in which these people are graded, by person, the latest first."""
    rows = session.execute(
        select(AppraisalSubject.person_id, Cycle.held_on)
        .join(Cycle, Cycle.id == AppraisalSubject.cycle_id)
        .where(
            AppraisalSubject.person_id.in_(people),
            Cycle.id != apart_from,
            Cycle.state.in_(COUNTED_AS_HELD),
        )
        .order_by(Cycle.held_on.desc(), Cycle.id)
    )
    found: dict[uuid.UUID, list[date]] = defaultdict(list)
    for person_id, held_on in rows:
        if person_id is not None:
            found[person_id].append(held_on)
    return dict(found)
