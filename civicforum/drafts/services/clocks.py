"""The clock of a draft: comments that are not answered in time are flagged once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.drafts.models import Draft
from civicforum.drafts.rules import ANSWERS_RULE, DraftState
from civicforum.drafts.services.putting_out import count_handled
from civicforum.drafts.services.steps import record_draft, rules_of
from civicforum.sweeps import Tally, sweep_each


@dataclass(frozen=True)
class SweepResult(Tally):
    """What a sweep did."""

    overdue: int = 0


def sweep_clocks(*, now: datetime) -> SweepResult:
    """Flag drafts that are not closed in time, each in a transaction of its own."""
    due = select(Draft.id).where(Draft.state == DraftState.OUT, Draft.until < now, Draft.overdue_at.is_(None))
    return sweep_each(
        due,
        lambda session, draft_id: _sweep_draft(session, draft_id=draft_id, now=now),
        nothing=SweepResult(),
    )


def _sweep_draft(session: Session, *, draft_id: uuid.UUID, now: datetime) -> SweepResult:
    draft = session.scalars(
        select(Draft)
        .where(Draft.id == draft_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if draft is None or draft.state is not DraftState.OUT or draft.overdue_at is not None:
        return SweepResult()
    if now <= rules_of(draft).clock(ANSWERS_RULE).deadline(draft.until):
        return SweepResult()
    draft.overdue_at = now
    payload = {"waiting": count_handled(session, draft.id).waiting}
    record_draft(session, draft, actor=None, action="overdue", payload=payload, now=now)
    return SweepResult(overdue=1)
