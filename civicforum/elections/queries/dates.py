"""The calendar of an election as it stands: what is planned, and when things were done in fact."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.elections.calendar import Milestone
from civicforum.elections.models import Election, Round, Step
from civicforum.polls.models import Poll
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class Dates:
    """`days` is the day of each milestone: when it was in fact, or when it is planned."""

    steps: Sequence[Step]
    days: dict[Milestone, date]
    done: frozenset[Milestone]


def get_dates(session: Session, election: Election) -> Dates:
    """Return the dates of an election in the order of its calendar, in two statements."""
    steps = list_steps(session, election.id)
    days = {step.milestone: day_of(step.done_at) if step.done_at else step.planned_on for step in steps}
    done = {step.milestone for step in steps if step.done_at is not None}
    # The roll is posted on its poll's own page, which knows nothing of elections.
    if Milestone.ROLL_POSTED not in done and (posted_at := get_posting(session, election.id)) is not None:
        days[Milestone.ROLL_POSTED] = day_of(posted_at)
        done.add(Milestone.ROLL_POSTED)
    return Dates(steps, days, frozenset(done))


def list_steps(session: Session, election_id: uuid.UUID) -> Sequence[Step]:
    """Return the dates of an election in the order of its calendar."""
    order = list(Milestone)
    rows = session.scalars(select(Step).where(Step.election_id == election_id)).all()
    return sorted(rows, key=lambda step: order.index(step.milestone))


def get_posting(session: Session, election_id: uuid.UUID) -> datetime | None:
    """Return when the roll of the first round was posted, if it was."""
    return session.scalar(
        select(Poll.roll_posted_at)
        .join(Round, Round.poll_id == Poll.id)
        .where(Round.election_id == election_id, Round.number == 1)
    )
