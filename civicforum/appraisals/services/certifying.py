"""Certifying a counted result: a second person of the supervision committee, and a sheet that stays."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.errors import ObjectionsOpen, SecondNeeded
from civicforum.appraisals.models import AppraisalObjection, Cycle
from civicforum.appraisals.result_sheets import VERSION, sheet_hash
from civicforum.appraisals.rules import CycleState, move
from civicforum.appraisals.services.consequences import propose
from civicforum.appraisals.services.steps import lock_to_lead, record_cycle
from civicforum.bodies.queries import list_members
from civicforum.bodies.rules import BodyKind
from civicforum.database import transaction
from civicforum.people.models import Community
from civicforum.polls.services.for_appraisals import settle
from civicforum.rulebook.days import day_of


def certify(*, cycle_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Let the result stand: the sheet gets its hash and never changes again, and what follows is proposed.

    Raises NotFound, NotEligible, TransitionNotAllowed (not counted), SecondNeeded (who chaired, where the
    supervision committee has somebody else), ObjectionsOpen (one is not answered).
    """
    with transaction() as session:
        cycle = lock_to_lead(session, cycle_id=cycle_id, actor=actor)
        state = move(cycle.state, CycleState.CERTIFIED)
        check_second(session, cycle, actor, day_of(now))
        if open_objections := count_open(session, cycle.id):
            raise ObjectionsOpen(open_objections)
        sheet = sheet_of(session, cycle, now)
        cycle.state, cycle.certified_at, cycle.certified_by_id = state, now, actor.person_id
        cycle.result, cycle.result_hash = sheet, sheet_hash(sheet)
        settle(session, cycle.id, actor=actor, now=now)
        session.flush()
        propose(session, cycle, now=now)
        payload = {"sha256": cycle.result_hash}
        record_cycle(session, cycle, action="certify", actor=actor, payload=payload, now=now)


def check_second(session: Session, cycle: Cycle, actor: Actor, day: date) -> None:
    """Raise SecondNeeded where the actor had it counted and somebody else could certify it."""
    if actor.person_id == cycle.chaired_by_id and others_who_may(session, cycle, day):
        raise SecondNeeded(actor.person_id)


def others_who_may(session: Session, cycle: Cycle, day: date) -> Collection[uuid.UUID]:
    """Return who else of the supervision committee may certify: nobody who is graded."""
    kinds = (BodyKind.SUPERVISION_COMMITTEE,)
    members = list_members(session, community_id=cycle.community_id, kinds=kinds, day=day)
    return {one.id for one in members} - {cycle.chaired_by_id, *cycle.people}


def count_open(session: Session, cycle_id: uuid.UUID) -> int:
    """Return how many objections are not answered."""
    return (
        session.scalar(
            select(func.count()).where(
                AppraisalObjection.cycle_id == cycle_id, AppraisalObjection.answered_at.is_(None)
            )
        )
        or 0
    )


def sheet_of(session: Session, cycle: Cycle, now: datetime) -> dict[str, Any]:
    """Return the sheet: the cycle as it was published, and every subject's figures in the form's order."""
    assert cycle.counted_at is not None  # noqa: S101 - a counted cycle has it
    return {
        "format": "civicforum-appraisal",
        "version": VERSION,
        "community": session.get_one(Community, cycle.community_id).name,
        "cycle": str(cycle.id),
        "kind": cycle.kind.value,
        "title": cycle.title,
        "period": [cycle.period_from.isoformat(), cycle.period_until.isoformat()],
        "held_on": cycle.held_on.isoformat(),
        "profile": cycle.profile,
        "profile_version": cycle.profile_version,
        "counts_for_37": cycle.counts_for_37,
        "quorum": cycle.quorum,
        "counted_at": cycle.counted_at.astimezone(UTC).isoformat(),
        "certified_at": now.astimezone(UTC).isoformat(),
        "subjects": [
            {"id": str(one.id), "kind": one.kind.value, **one.result.figures}
            for one in cycle.subjects
            if one.result is not None
        ],
    }
