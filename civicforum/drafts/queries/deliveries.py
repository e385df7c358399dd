"""The delivery list of a draft: households by grid, and how far each grid is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.drafts.models import Delivery
from civicforum.paging import Page
from civicforum.people.models import Grid, Household

PER_PAGE = 100
# A grid has 300 to 400 households (DOMAIN.md, part A); a printed list of one has no pages.
MOST_PRINTED = 1000


@dataclass(frozen=True)
class HouseholdLine:
    household: Household
    delivery: Delivery | None


@dataclass(frozen=True)
class GridProgress:
    """How many households of a grid have the draft."""

    grid: Grid
    households: int
    delivered: int

    @property
    def percent(self) -> int:
        return 100 * self.delivered // self.households if self.households else 0


def list_progress(session: Session, *, draft_id: uuid.UUID, community_id: uuid.UUID) -> list[GridProgress]:
    """Return every grid that has households, by code. One statement."""
    rows = session.execute(
        select(Grid, func.count(Household.id), func.count(Delivery.id))
        .join(Household, Household.grid_id == Grid.id)
        .outerjoin(Delivery, _of_draft(draft_id))
        .where(Grid.community_id == community_id)
        .options(joinedload(Grid.worker))
        .group_by(Grid.id)
        .order_by(Grid.code)
    )
    return [GridProgress(grid, households, delivered) for grid, households, delivered in rows]


def list_households(
    session: Session,
    *,
    draft_id: uuid.UUID,
    community_id: uuid.UUID,
    grid_id: uuid.UUID | None = None,
    group_id: uuid.UUID | None = None,
    only_waiting: bool = False,
    number: int = 1,
    per_page: int = PER_PAGE,
) -> Page[HouseholdLine]:
    """Return a page of households by address, each with its delivery. Two statements."""
    statement: Select[Household, Delivery] = (
        select(Household, Delivery)
        .outerjoin(Delivery, _of_draft(draft_id))
        .options(joinedload(Household.grid), joinedload(Household.group), joinedload(Delivery.delivered_by))
        .where(Household.community_id == community_id)
    )
    if grid_id is not None:
        statement = statement.where(Household.grid_id == grid_id)
    if group_id is not None:
        statement = statement.where(Household.group_id == group_id)
    if only_waiting:
        statement = statement.where(Delivery.id.is_(None))
    total = (
        session.scalar(select(func.count()).select_from(statement.with_only_columns(Household.id).subquery()))
        or 0
    )
    last = max(1, -(-total // per_page))
    number = min(max(number, 1), last)
    rows = session.execute(
        statement.order_by(Household.address, Household.number)
        .limit(per_page)
        .offset((number - 1) * per_page)
    ).all()
    return Page([HouseholdLine(*row) for row in rows], number, total, per_page)


def _of_draft(draft_id: uuid.UUID) -> ColumnElement[bool]:
    return and_(Delivery.household_id == Household.id, Delivery.draft_id == draft_id)
