"""Reads of the uses that were made of certified results."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import AppraisalSubject, Cycle, ResultUse
from civicforum.appraisals.result_sheets import sheet_of_use
from civicforum.appraisals.services.using import GIVERS, use_of
from civicforum.errors import NotEligible, NotFound
from civicforum.paging import Page, paginate


def list_uses(session: Session, *, cycle_id: uuid.UUID, number: int) -> Page[ResultUse]:
    """Return a page of the uses of a cycle's results, the latest first."""
    return paginate(
        session,
        select(ResultUse)
        .join(ResultUse.subject)
        .where(AppraisalSubject.cycle_id == cycle_id)
        .options(contains_eager(ResultUse.subject))
        .order_by(ResultUse.made_at.desc(), ResultUse.id),
        number=number,
    )


def get_use(session: Session, *, cycle: Cycle, use_id: uuid.UUID, actor: Actor) -> ResultUse:
    """Return a use for those who hand out results, and for whose result it is.

    Raises NotFound, NotEligible.
    """
    use = session.get(
        ResultUse, use_id, options=[joinedload(ResultUse.subject), joinedload(ResultUse.made_by)]
    )
    if use is None or use.subject.cycle_id != cycle.id:
        raise NotFound(use_id)
    if not may_read(use, actor):
        raise NotEligible(actor.person_id)
    return use


def may_read(use: ResultUse, actor: Actor | None) -> bool:
    """Tell whether somebody reads what was handed out; that it was, everybody may know."""
    return actor is not None and (actor.has(*GIVERS) or use.subject.person_id == actor.person_id)


def get_sheet(cycle: Cycle, use: ResultUse) -> dict[str, Any]:
    """Return the sheet that was handed out, as it was."""
    return sheet_of_use(cycle.result or {}, use.subject_id, sheet_sha256=cycle.result_hash, use=use_of(use))
