"""Demands for a further item of disclosure, each with its count of today."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from civicforum import rulebook
from civicforum.matters.queries.demands import DemandFigures, judge_signers
from civicforum.notices.models import DisclosureDue, ItemDemand, ItemDemandSignature
from civicforum.notices.rules_asking import (
    REPRESENTATIVES_RULE,
    RESIDENTS_RULE,
    DemandState,
    demand_state,
)
from civicforum.paging import Page, paginate
from civicforum.rows import get_row
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class DemandLine:
    """A demand in the list, with how many signed it."""

    demand: ItemDemand
    state: DemandState
    signatures: int


@dataclass(frozen=True)
class ItemDemandPage:
    """A demand with its count of the day, or of the day on which it was reached.

    `first_due`: what fell due first because of it; None before it is reached, or before a period has ended.
    """

    demand: ItemDemand
    state: DemandState
    figures: DemandFigures
    signatures: int
    on_paper: int
    has_signed: bool
    is_own: bool
    first_due: DisclosureDue | None


def count_item_signers(session: Session, *, demand: ItemDemand, now: datetime) -> DemandFigures:
    """Judge a demand by who signed it until `now`, against who lived here and held the post then."""
    book = rulebook.load(demand.profile)
    signed = (ItemDemandSignature.demand_id == demand.id, ItemDemandSignature.at <= now)
    return judge_signers(
        session,
        community_id=demand.community_id,
        signers=set(session.scalars(select(ItemDemandSignature.person_id).where(*signed))),
        of_residents=book.threshold(RESIDENTS_RULE),
        of_representatives=book.threshold(REPRESENTATIVES_RULE),
        day=day_of(now),
    )


def list_item_demands(session: Session, *, community_id: uuid.UUID, number: int) -> Page[DemandLine]:
    """Return a page of the demands, the newest first; those taken back come last. Three statements."""
    statement = (
        select(ItemDemand)
        .where(ItemDemand.community_id == community_id)
        .order_by(ItemDemand.withdrawn_at.is_not(None), ItemDemand.made_at.desc(), ItemDemand.id)
    )
    page = paginate(session, statement, number=number)
    rows = session.execute(
        select(ItemDemandSignature.demand_id, func.count().label("signatures"))
        .where(ItemDemandSignature.demand_id.in_([demand.id for demand in page.items]))
        .group_by(ItemDemandSignature.demand_id)
    )
    signatures = {row.demand_id: row.signatures for row in rows}
    return page.map(lambda demand: DemandLine(demand, state_of(demand), signatures.get(demand.id, 0)))


def get_item_demand(
    session: Session,
    *,
    demand_id: uuid.UUID,
    community_id: uuid.UUID,
    person_id: uuid.UUID | None,
    now: datetime,
) -> ItemDemandPage:
    """Return a demand as this visitor sees it. Raises NotFound, also for another community's."""
    demand = get_row(
        session, ItemDemand, demand_id, community_id=community_id, options=[joinedload(ItemDemand.item)]
    )
    rows = session.execute(
        select(ItemDemandSignature.person_id, ItemDemandSignature.channel).where(
            ItemDemandSignature.demand_id == demand.id
        )
    ).all()
    return ItemDemandPage(
        demand=demand,
        state=state_of(demand),
        # What was reached stays reached, whoever moves away afterwards.
        figures=count_item_signers(session, demand=demand, now=demand.reached_at or now),
        signatures=len(rows),
        on_paper=sum(row.channel == "paper" for row in rows),
        has_signed=any(row.person_id == person_id for row in rows),
        is_own=demand.made_by_id == person_id,
        first_due=_first_due(session, demand.item_id),
    )


def state_of(demand: ItemDemand) -> DemandState:
    """Return where a demand is."""
    return demand_state(reached_at=demand.reached_at, withdrawn_at=demand.withdrawn_at)


def _first_due(session: Session, item_id: uuid.UUID | None) -> DisclosureDue | None:
    if item_id is None:
        return None
    return session.scalars(
        select(DisclosureDue)
        .where(DisclosureDue.item_id == item_id)
        .order_by(DisclosureDue.period_from)
        .limit(1)
    ).first()
