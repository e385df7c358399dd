"""The clocks of moderation: a text nobody looked at is posted, an appeal nobody ruled on is flagged."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.moderation.models import HeldText, HideAppeal
from civicforum.moderation.rules import HeldState
from civicforum.moderation.services.releasing import post_held, record_held
from civicforum.moderation.services.steps import DECISION, record_moderation
from civicforum.sweeps import Tally, sweep_each


@dataclass(frozen=True)
class SweepResult(Tally):
    """What a sweep did."""

    posted: int = 0
    overdue: int = 0


def sweep_clocks(*, now: datetime) -> SweepResult:
    """Post what was held too long, and flag appeals without a ruling in time, each in its own transaction."""
    held = select(HeldText.id).where(HeldText.state == HeldState.HELD, HeldText.due_at < now)
    appeals = select(HideAppeal.id).where(
        HideAppeal.outcome.is_(None), HideAppeal.overdue_at.is_(None), HideAppeal.due_at < now
    )
    return sweep_each(
        held, lambda session, row: _post(session, row, now), nothing=SweepResult()
    ) + sweep_each(appeals, lambda session, row: _flag(session, row, now), nothing=SweepResult())


def _post(session: Session, held_id: uuid.UUID, now: datetime) -> SweepResult:
    held = session.scalars(
        select(HeldText)
        .where(HeldText.id == held_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    # Settled since it was found, or just being settled.
    if held is None or held.state is not HeldState.HELD:
        return SweepResult()
    post_held(session, held, now=now, by_id=None, by_clock=True)
    record_held(session, held, actor=None, now=now)
    return SweepResult(posted=1)


def _flag(session: Session, appeal_id: uuid.UUID, now: datetime) -> SweepResult:
    appeal = session.scalars(
        select(HideAppeal)
        .where(HideAppeal.id == appeal_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if appeal is None or appeal.outcome is not None or appeal.overdue_at is not None:
        return SweepResult()
    appeal.overdue_at = now
    record_moderation(
        session,
        community_id=appeal.community_id,
        kind=DECISION,
        subject_id=appeal.decision_id,
        action="ruling_overdue",
        actor=None,
        payload={"due_at": appeal.due_at.isoformat()},
        now=now,
    )
    return SweepResult(overdue=1)
