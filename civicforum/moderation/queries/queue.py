"""What waits for those who moderate: held texts, reports, and hidings that need a second person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.accounts.rules import Actor
from civicforum.errors import NotFound
from civicforum.moderation.models import HeldText, HideAppeal, HideDecision, ReportCase
from civicforum.moderation.rules import RULED_BY, CaseState, DecisionState, HeldState, may_moderate
from civicforum.paging import Page, paginate
from civicforum.rows import get_row

SHOWN = 50


@dataclass(frozen=True)
class Queue:
    """What waits, the most urgent first; of reports a page, of the others the first fifty."""

    held: Sequence[HeldText]
    cases: Page[ReportCase]
    proposals: Sequence[HideDecision]
    appeals: Sequence[HideAppeal]


def get_queue(session: Session, *, community_id: uuid.UUID, number: int) -> Queue:
    """Return what waits in a community, in five statements."""
    held = (
        select(HeldText)
        .where(HeldText.community_id == community_id, HeldText.state == HeldState.HELD)
        .order_by(HeldText.due_at, HeldText.id)
    )
    cases = (
        select(ReportCase)
        .where(ReportCase.community_id == community_id, ReportCase.state == CaseState.OPEN)
        .order_by(ReportCase.opened_at, ReportCase.id)
    )
    proposals = (
        select(HideDecision)
        .options(joinedload(HideDecision.by))
        .where(HideDecision.community_id == community_id, HideDecision.state == DecisionState.PROPOSED)
        .order_by(HideDecision.at, HideDecision.id)
    )
    appeals = (
        select(HideAppeal)
        .options(joinedload(HideAppeal.decision))
        .where(HideAppeal.community_id == community_id, HideAppeal.outcome.is_(None))
        .order_by(HideAppeal.due_at, HideAppeal.id)
    )
    return Queue(
        held=session.scalars(held.limit(SHOWN)).all(),
        cases=paginate(session, cases, number=number),
        proposals=session.scalars(proposals.limit(SHOWN)).all(),
        appeals=session.scalars(appeals.limit(SHOWN)).all(),
    )


def get_case(session: Session, *, case_id: uuid.UUID, community_id: uuid.UUID) -> ReportCase:
    """Return the reports of one thing; who made them is for nobody. Raises NotFound."""
    case = session.scalar(
        select(ReportCase)
        .options(selectinload(ReportCase.reports))
        .where(ReportCase.id == case_id, ReportCase.community_id == community_id)
    )
    if case is None:
        raise NotFound(case_id)
    return case


def get_held(session: Session, *, held_id: uuid.UUID, actor: Actor) -> HeldText:
    """Return a held text for its author, for those who moderate, and for the supervision committee.

    Raises NotFound for anybody else.
    """
    held = get_row(session, HeldText, held_id, community_id=actor.community_id)
    if held.author_id == actor.person_id or may_moderate(actor):
        return held
    if actor.holds(*RULED_BY):
        return held
    raise NotFound(held_id)
