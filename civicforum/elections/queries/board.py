"""The subdistrict's board: where the elections of all its communities stand (DOMAIN.md row 0-20)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from civicforum.elections.models import Election, Step, Winner
from civicforum.elections.rules import Stage, WinnerState
from civicforum.people.models import Community

OVER = (Stage.CLOSED, Stage.VOID)


@dataclass(frozen=True)
class BoardLine:
    """A community with one of its elections; of a kind that none is running of, the last one.

    `due` is the first date that has not come yet; `certified` is how many of those elected have a
    certificate.
    """

    community_id: uuid.UUID
    community: str
    election: Election | None
    due: date | None
    elected: int
    certified: int

    def is_late(self, today: date) -> bool:
        """Tell whether a date went by without its step."""
        return self.due is not None and self.due < today

    @property
    def polling_at(self) -> datetime | None:
        return self.election.opens_at if self.election else None


def list_board(session: Session, *, subdistrict_id: uuid.UUID) -> list[BoardLine]:
    """Return the communities of a subdistrict: what is running there, and the last of each other kind."""
    is_running = Election.stage.not_in(OVER)
    ranked = select(
        Election.id,
        is_running.label("is_running"),
        func.row_number()
        .over(
            partition_by=(Election.community_id, Election.kind),
            order_by=(is_running.desc(), Election.opens_at.desc()),
        )
        .label("rank"),
    ).subquery()
    shown = aliased(Election)
    due = (
        select(func.min(Step.planned_on))
        .where(Step.election_id == shown.id, Step.done_at.is_(None), shown.stage.not_in(OVER))
        .scalar_subquery()
    )
    winners = select(func.count()).where(Winner.election_id == shown.id, Winner.state == WinnerState.ELECTED)
    rows = session.execute(
        select(
            Community.id,
            Community.name,
            shown,
            due,
            winners.scalar_subquery(),
            winners.where(Winner.certificate != "").scalar_subquery(),
        )
        .outerjoin(
            shown,
            and_(
                shown.community_id == Community.id,
                shown.id.in_(select(ranked.c.id).where(or_(ranked.c.is_running, ranked.c.rank == 1))),
            ),
        )
        .where(Community.subdistrict_id == subdistrict_id)
        .order_by(Community.name, Community.id, shown.opens_at)
    ).all()
    return [BoardLine(*row) for row in rows]
