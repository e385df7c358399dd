"""The turns in the chair of a joint meeting: the table is laid, and a turn passed over with its reason."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.database import transaction
from civicforum.errors import Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.meetings.models import ChairTurn
from civicforum.meetings.rules import PLANNERS
from civicforum.meetings.turns import spans
from civicforum.records.services import Subject, record_about
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class Table:
    """The units in their order, each with as many months; `start` is the first day of the first."""

    units: Sequence[str]
    start: date
    months: int


def add_turns(*, body_id: uuid.UUID, table: Table, actor: Actor, now: datetime) -> int:
    """Add turns behind those that are there, one after another. Returns how many.

    Raises NotFound, NotEligible, Invalid (no unit, or a start before the last turn ends).
    """
    with transaction() as session:
        body = _lock_body(session, body_id, actor=actor)
        if not table.units:
            raise Invalid("no_units", "units")
        turns = list_turns(session, body_id=body.id)
        if turns and table.start <= turns[-1].until_on:
            raise Invalid("overlap", "start_on")
        last = turns[-1].position if turns else 0
        for index, (unit, span) in enumerate(
            zip(table.units, spans(table.start, months=table.months, number=len(table.units)), strict=True),
            start=1,
        ):
            session.add(
                ChairTurn(
                    community_id=body.community_id,
                    body_id=body.id,
                    position=last + index,
                    unit=unit,
                    from_on=span.from_on,
                    until_on=span.until_on,
                )
            )
        _record(session, body, "turn.add", {"units": list(table.units)}, actor=actor, now=now)
        return len(table.units)


def skip_turn(*, turn_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Pass over a turn that is not over, so that the next unit has the chair. Returns the body.

    Raises NotFound, NotEligible, TransitionNotAllowed (over, or passed over before), Invalid (no reason).
    """
    with transaction() as session:
        turn = session.get(ChairTurn, turn_id, with_for_update=True, populate_existing=True)
        if turn is None:
            raise NotFound(turn_id)
        body = _lock_body(session, turn.body_id, actor=actor)
        if turn.skipped_because or turn.until_on < day_of(now):
            raise TransitionNotAllowed(turn.unit, "skip")
        if not reason:
            raise Invalid("reason", "reason")
        turn.skipped_because = reason
        payload = {"unit": turn.unit, "position": turn.position}
        _record(session, body, "turn.skip", payload, actor=actor, now=now, reason=reason)
        return body.id


def list_turns(session: Session, *, body_id: uuid.UUID) -> Sequence[ChairTurn]:
    """Return the turns of a body in their order."""
    return session.scalars(
        select(ChairTurn).where(ChairTurn.body_id == body_id).order_by(ChairTurn.position)
    ).all()


def _lock_body(session: Session, body_id: uuid.UUID, *, actor: Actor) -> Body:
    if not actor.has(*PLANNERS):
        raise NotEligible(actor.person_id)
    body = session.get(Body, body_id, with_for_update=True)
    if body is None or body.community_id != actor.community_id or body.dissolved_on is not None:
        raise NotFound(body_id)
    return body


def _record(
    session: Session,
    body: Body,
    action: str,
    payload: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    subject = Subject(body.community_id, "body", body.id, body.name)
    record_about(session, subject, action=action, actor=actor, reason=reason, payload=payload, now=now)
