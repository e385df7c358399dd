"""Sessions that have to be held: by their interval, by the year, or because they were demanded."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind
from civicforum.meetings.models import ChairTurn, Meeting
from civicforum.meetings.preparation import Due, due_by_interval, due_by_year
from civicforum.meetings.queries.listing import LIVE
from civicforum.meetings.rules import ASSEMBLIES, BODY_OF_ASSEMBLY, MeetingForm, MeetingState
from civicforum.meetings.turns import chair_on
from civicforum.people.models import Community
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class DueLine:
    """A session that is due, of which body; `planned` is the one that is called already, if any.

    `unit`: who has the chair of it by the table of turns, "" without one.
    """

    due: Due
    body: Body
    planned: Meeting | None
    unit: str = ""


def list_due(session: Session, *, community_id: uuid.UUID, now: datetime) -> list[DueLine]:
    """Return by when assemblies and joint meetings are next held, the earliest first. Four statements."""
    community = session.get_one(Community, community_id)
    book = rulebook.load(community.profile)
    meetings = session.scalars(
        select(Meeting)
        .where(
            Meeting.community_id == community_id,
            Meeting.form.in_((*ASSEMBLIES, MeetingForm.JOINT)),
            Meeting.state != MeetingState.CANCELLED,
        )
        .order_by(Meeting.starts_at)
    ).all()
    turns = _turns(session, community_id)
    bodies = session.scalars(
        select(Body)
        .where(
            Body.community_id == community_id,
            Body.dissolved_on.is_(None),
            Body.kind.in_(BODY_OF_ASSEMBLY.values()) | Body.id.in_(turns.keys()),
        )
        .order_by(Body.founded_on, Body.name)
    ).all()
    lines = [
        _line(book, body, meetings, turns[body.id], known_since=day_of(community.created_at), now=now)
        for body in bodies
    ]
    return sorted((line for line in lines if line), key=lambda line: line.due.due_at)


def _turns(session: Session, community_id: uuid.UUID) -> defaultdict[uuid.UUID, list[ChairTurn]]:
    turns: defaultdict[uuid.UUID, list[ChairTurn]] = defaultdict(list)
    for turn in session.scalars(select(ChairTurn).where(ChairTurn.community_id == community_id)):
        turns[turn.body_id].append(turn)
    return turns


def _line(
    book: rulebook.Rulebook,
    body: Body,
    meetings: Sequence[Meeting],
    turns: Sequence[ChairTurn],
    *,
    known_since: date,
    now: datetime,
) -> DueLine | None:
    """`known_since`: nobody here knows what was held before that day."""
    form = _FORM_OF_BODY.get(body.kind, MeetingForm.JOINT)
    own = [
        one
        for one in meetings
        if one.form is form and (form is not MeetingForm.JOINT or one.body_id == body.id)
    ]
    held = [day_of(one.opened_at) for one in own if one.opened_at is not None]
    since = max(known_since, body.founded_on, min((turn.from_on for turn in turns), default=body.founded_on))
    due = _due(book, form, held, since=since, now=now)
    if due is None:
        return None
    planned = next((one for one in own if one.state in LIVE), None)
    turn = chair_on(turns, day_of(planned.starts_at if planned else now))
    return DueLine(due, body, planned, turn.unit if turn else "")


_FORM_OF_BODY: dict[BodyKind, MeetingForm] = {kind: form for form, kind in BODY_OF_ASSEMBLY.items()}


def _due(
    book: rulebook.Rulebook, form: MeetingForm, held: Sequence[date], *, since: date, now: datetime
) -> Due | None:
    if form is MeetingForm.RESIDENTS_ASSEMBLY:
        return due_by_year(book, held=held, now=now)
    last = max(held, default=None)
    return due_by_interval(book, form, last_on=last, since=since, now=now)
