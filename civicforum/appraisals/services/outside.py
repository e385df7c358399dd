"""The sheet of an organ outside: two people enter it apart, and it counts once both agree."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import Cycle, OutsideCount, RaterGroup
from civicforum.appraisals.outside_sheets import (
    OutsideSheet,
    SheetRow,
    check_outside,
    counts_as_json,
    sheet_from_json,
    without_grades,
)
from civicforum.appraisals.rules import CycleState, RaterBasis
from civicforum.appraisals.services.hearing import may_note
from civicforum.appraisals.services.steps import lock_cycle, record_cycle, require_state
from civicforum.database import transaction
from civicforum.errors import NotEligible, NotFound, TransitionNotAllowed

HANDS = (1, 2)


def enter_outside(*, group_id: uuid.UUID, sheet: OutsideSheet, actor: Actor, now: datetime) -> int:
    """Enter, or correct, what the actor read off the organ's sheet; returns the hand, 1 or 2.

    Of fewer forms than the group's least no grade is kept, as a box with so few is never opened.

    Raises NotFound, NotEligible (neither of the supervision committee nor a clerk, or graded),
    TransitionNotAllowed (the cycle does not grade, entered by two others, or both agree: then it is fixed),
    Invalid as `check_outside`.
    """
    with transaction() as session:
        cycle, group = _lock(session, group_id, actor)
        check_outside(sheet, rows_of(cycle))
        counts = _counts_of(session, group)
        if agreed(counts):
            raise TransitionNotAllowed("agreed", "enter_outside")
        own = next((one for one in counts if one.entered_by_id == actor.person_id), None)
        if own is None:
            own = _new(group, counts, actor)
            session.add(own)
        kept = sheet if sheet.forms >= group.least else without_grades(sheet)
        own.forms, own.counts, own.entered_at = sheet.forms, counts_as_json(kept.counts), now
        session.flush()
        are_agreed = agreed(_counts_of(session, group)) is not None
        # What was read is not told before both agree: the second is not to be led by the first.
        payload = {"group": group.name, "hand": own.hand, "agreed": are_agreed}
        record_cycle(session, cycle, action="enter_outside", actor=actor, payload=payload, now=now)
        return own.hand


def rows_of(cycle: Cycle) -> list[SheetRow]:
    """Return the rows of the sheet, in the order of the form."""
    return [SheetRow(one.id, one.name, tuple(one.scale.levels)) for one in cycle.subjects]


def sheet_of(count: OutsideCount) -> OutsideSheet:
    """Return what one person read."""
    return sheet_from_json(count.forms, count.counts)


def agreed(counts: Sequence[OutsideCount]) -> OutsideSheet | None:
    """Return the sheet once two people read every number alike."""
    if len(counts) < len(HANDS):
        return None
    first, second = map(sheet_of, counts)
    return first if first == second else None


def _lock(session: Session, group_id: uuid.UUID, actor: Actor) -> tuple[Cycle, RaterGroup]:
    cycle_id = session.scalar(select(RaterGroup.cycle_id).where(RaterGroup.id == group_id))
    if cycle_id is None:
        raise NotFound(group_id)
    cycle = lock_cycle(session, cycle_id=cycle_id, community_id=actor.community_id)
    if not may_note(actor, cycle):
        raise NotEligible(actor.person_id)
    group = session.get_one(RaterGroup, group_id)
    if group.basis is not RaterBasis.OUTSIDE:
        raise NotFound(group_id)
    require_state(cycle, CycleState.RATING)
    return cycle, group


def _counts_of(session: Session, group: RaterGroup) -> Sequence[OutsideCount]:
    return session.scalars(
        select(OutsideCount)
        .where(OutsideCount.group_id == group.id)
        .order_by(OutsideCount.hand)
        .execution_options(populate_existing=True)
    ).all()


def _new(group: RaterGroup, counts: Sequence[OutsideCount], actor: Actor) -> OutsideCount:
    free = [hand for hand in HANDS if hand not in {one.hand for one in counts}]
    if not free:
        raise TransitionNotAllowed("entered by two", "enter_outside")
    return OutsideCount(
        community_id=group.community_id, group_id=group.id, hand=free[0], entered_by_id=actor.person_id
    )
