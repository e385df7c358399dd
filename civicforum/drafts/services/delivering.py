"""Which households got a draft on paper, from whom and when."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.drafts.models import Delivery, Draft
from civicforum.drafts.rules import check_deliver
from civicforum.drafts.services.steps import lock_draft, record_draft, require_out
from civicforum.errors import Invalid, NotFound
from civicforum.people.models import Grid, Household, Person
from civicforum.rulebook.days import day_of

MOST_AT_ONCE = 500


def record_deliveries(
    *,
    draft_id: uuid.UUID,
    household_ids: Sequence[uuid.UUID],
    delivered_on: date,
    actor: Actor,
    now: datetime,
    delivered_by_id: uuid.UUID | None = None,
) -> int:
    """Enter households as served; who has the draft already keeps the first entry. Returns how many are new.

    `delivered_by_id` None: the actor went. Raises NotFound, NotEligible (of other grids than one's own),
    TransitionNotAllowed, Invalid (a day before the draft went out or after today, nobody chosen).
    """
    wanted = list(dict.fromkeys(household_ids))
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise Invalid("none", "households")
    with transaction() as session:
        draft = lock_draft(session, draft_id=draft_id, actor=actor)
        require_out(draft)
        if not day_of(draft.put_out_at) <= delivered_on <= day_of(now):
            raise Invalid("day", "delivered_on")
        _check_grids(session, wanted, actor=actor)
        person = session.get(Person, delivered_by_id or actor.person_id)
        if person is None or person.community_id != actor.community_id:
            raise NotFound(delivered_by_id)
        rows = [
            {
                "id": uuid.uuid4(),
                "community_id": draft.community_id,
                "draft_id": draft.id,
                "household_id": household_id,
                "delivered_by_id": person.id,
                "delivered_on": delivered_on,
                "entered_by_id": actor.person_id,
                "entered_at": now,
            }
            for household_id in wanted
        ]
        statement = insert(Delivery).values(rows).on_conflict_do_nothing().returning(Delivery.id)
        entered = len(session.scalars(statement).all())
        if entered:
            _record(session, draft, "deliver", {"households": entered}, actor, now)
        return entered


def take_back_delivery(*, draft_id: uuid.UUID, household_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Take back a household entered by mistake. Raises NotFound, NotEligible, TransitionNotAllowed."""
    with transaction() as session:
        draft = lock_draft(session, draft_id=draft_id, actor=actor)
        require_out(draft)
        _check_grids(session, [household_id], actor=actor)
        found = session.scalar(
            delete(Delivery)
            .where(Delivery.draft_id == draft.id, Delivery.household_id == household_id)
            .returning(Delivery.id)
        )
        if found is None:
            raise NotFound(household_id)
        _record(session, draft, "take_back_delivery", {"household_id": str(household_id)}, actor, now)


def _check_grids(session: Session, household_ids: Sequence[uuid.UUID], *, actor: Actor) -> None:
    """Refuse households of elsewhere, and those that the actor does not answer for."""
    rows = session.execute(
        select(Household.id, Grid.worker_id)
        .join(Grid, Household.grid_id == Grid.id)
        .where(Household.id.in_(household_ids), Household.community_id == actor.community_id)
    ).all()
    if len(rows) != len(household_ids):
        raise NotFound(household_ids)
    check_deliver(actor, is_grid_worker={worker_id for _, worker_id in rows} == {actor.person_id})


def _record(
    session: Session, draft: Draft, action: str, payload: dict[str, object], actor: Actor, now: datetime
) -> None:
    # Which household was met when is nobody else's affair; the numbers are on the draft's page.
    record_draft(session, draft, actor=actor, action=action, payload=payload, now=now, is_public=False)
