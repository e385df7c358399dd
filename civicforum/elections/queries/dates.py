"""The calendar of an election as it stands: what is planned, and when things were done in fact."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.elections.calendar import Milestone
from civicforum.elections.models import Election, ElectionNotice, Round, Step
from civicforum.elections.rules import NoticeKind
from civicforum.polls.models import Poll
from civicforum.rulebook.days import day_of

# The notices that are themselves what the calendar asks for.
POSTED_BY: dict[NoticeKind, Milestone] = {
    NoticeKind.RULINGS: Milestone.RULINGS_PUBLISHED,
    NoticeKind.PRELIMINARY_LIST: Milestone.PRELIMINARY_LIST,
    NoticeKind.STAFF: Milestone.STAFF_POSTED,
    NoticeKind.PROXIES: Milestone.PROXY_LIST,
}


@dataclass(frozen=True)
class Dates:
    """`days` is the day of each milestone: when it was in fact, or when it is planned.

    `elsewhere` is when something was done that no step says yet: the roll is posted on its poll's own page,
    and lists with their notices.
    """

    steps: Sequence[Step]
    days: dict[Milestone, date]
    done: frozenset[Milestone]
    elsewhere: dict[Milestone, datetime]


def get_dates(session: Session, election: Election) -> Dates:
    """Return the dates of an election in the order of its calendar, in three statements."""
    steps = list_steps(session, election.id)
    days = {step.milestone: day_of(step.done_at) if step.done_at else step.planned_on for step in steps}
    done = {step.milestone for step in steps if step.done_at is not None}
    known = _posted(session, election.id)
    elsewhere = {one: at for one, at in known.items() if one in days and one not in done}
    days |= {one: day_of(at) for one, at in elsewhere.items()}
    return Dates(steps, days, frozenset({*done, *elsewhere}), elsewhere)


def list_steps(session: Session, election_id: uuid.UUID) -> Sequence[Step]:
    """Return the dates of an election in the order of its calendar."""
    order = list(Milestone)
    rows = session.scalars(select(Step).where(Step.election_id == election_id)).all()
    return sorted(rows, key=lambda step: order.index(step.milestone))


def _posted(session: Session, election_id: uuid.UUID) -> dict[Milestone, datetime]:
    """Return when the roll of the first round was posted, and each list with its first notice."""
    roll_at = session.scalar(
        select(Poll.roll_posted_at)
        .join(Round, Round.poll_id == Poll.id)
        .where(Round.election_id == election_id, Round.number == 1)
    )
    notices = session.execute(
        select(ElectionNotice.kind, func.min(ElectionNotice.issued_at))
        .where(ElectionNotice.election_id == election_id, ElectionNotice.kind.in_(POSTED_BY))
        .group_by(ElectionNotice.kind)
    )
    posted = {POSTED_BY[kind]: issued_at for kind, issued_at in notices}
    return posted if roll_at is None else posted | {Milestone.ROLL_POSTED: roll_at}
