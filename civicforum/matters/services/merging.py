"""Merging duplicates: linked, never dropped (DOMAIN.md row 1-01)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import Invalid
from civicforum.matters.models import Second
from civicforum.matters.rules import LIVE, Act, check
from civicforum.matters.services.seconding import count_on_after_merge
from civicforum.matters.services.steps import advance, lock_matter
from civicforum.records.services import record


def merge_matters(
    *, matter_id: uuid.UUID, into_id: uuid.UUID, actor: Actor, reason: str, now: datetime
) -> None:
    """Merge a matter into another that says the same; its author and seconders then second the other.

    Raises NotEligible, TransitionNotAllowed, Invalid (the same matter, or the other is over).
    """
    if matter_id == into_id:
        raise Invalid("the same matter", "into")
    with transaction() as session:
        # Locked in one order whichever is merged into which: two merges at once never wait on each other.
        locked = {
            key: lock_matter(session, matter_id=key, community_id=actor.community_id)
            for key in sorted((matter_id, into_id))
        }
        matter, into = locked[matter_id], locked[into_id]
        check(Act.MERGE, matter.stage, actor.roles)
        if into.stage not in LIVE:
            raise Invalid("the other matter is over", "into")
        supporters = session.scalars(
            select(Second.person_id).where(Second.matter_id == matter.id).order_by(Second.at, Second.id)
        ).all()
        matter.merged_into_id = into.id
        step = advance(session, matter=matter, act=Act.MERGE, now=now)
        matter.closed_at = now
        carried = count_on_after_merge(
            session, matter=into, person_ids=[matter.author_id, *supporters], now=now
        )
        for row, payload in (
            (matter, {**step, "into": into.number, "into_id": str(into.id)}),
            (into, {"act": "take_in", "taken_in": matter.number, "taken_in_id": str(matter.id), **carried}),
        ):
            record(
                session,
                community_id=row.community_id,
                actor=actor,
                action="matter.merge" if row is matter else "matter.take_in",
                subject_kind="matter",
                subject_id=row.id,
                subject_title=row.title,
                reason=reason.strip(),
                payload=payload,
                now=now,
            )
