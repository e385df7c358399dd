"""A secret vote in one sitting: opened for those in the room, stopped, and counted while everybody waits.

The platform keeps its key, so that the box opens at once. Meetings and appraisals use it; each writes its
own journal entry about the opening.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.config import Settings
from civicforum.polls.models import PaperIssue, Poll, ResultSheet, RollEntry, Station
from civicforum.polls.rules import PollState, StationKind, move
from civicforum.polls.services import boards
from civicforum.polls.services.counting import count_locked
from civicforum.polls.services.founding import found_platform_poll
from civicforum.polls.services.sealing import (
    may_count_paper_alone,
    open_box_locked,
    seal_locked,
    seal_paper_alone,
)
from civicforum.polls.services.states import stop_locked
from civicforum.sealed import Phase

# The box states beforehand when it closes at the latest: no sitting lasts longer.
LONGEST = timedelta(days=1)
KEEP_DAYS = 30
STATION = "会场票箱"
ALL_ON_PAPER = "在场人员全部使用纸质选票"


@dataclass(frozen=True)
class Voter:
    """A member who is present, as the roll names them."""

    person_id: uuid.UUID
    name: str
    ground: str


def open_here(
    session: Session, poll: Poll, voters: Sequence[Voter], *, place: str, settings: Settings, now: datetime
) -> None:
    """Open a draft for these people now, on screen and, if it takes paper, at one box in the room.

    Args:
        place: where the box stands.
    """
    poll.opens_at, poll.closes_at = now, now + LONGEST
    poll.roll_posted_at = poll.roll_frozen_at = now
    session.flush()
    session.execute(insert(RollEntry), [_row(poll, one, at) for at, one in enumerate(voters, 1)])
    if poll.by_paper:
        add_box(session, poll, place=place)
    session.flush()
    found_platform_poll(session, poll=poll, settings=settings, now=now)
    poll.state = move(move(poll.state, PollState.READY), PollState.OPEN)
    poll.opened_at = now
    session.flush()


def add_box(session: Session, poll: Poll, *, place: str, name: str = STATION) -> None:
    """Put up the one box for paper."""
    session.add(
        Station(
            community_id=poll.community_id,
            poll_id=poll.id,
            name=name,
            kind=StationKind.HALL,
            place=place[:120],
        )
    )


def end_voting(session: Session, poll: Poll, *, actor: Actor, now: datetime) -> bool:
    """Take no more ballots. Returns whether papers are to be counted before the box is opened.

    Raises StepBlocked where an appraisal would tell few people apart by the way they took.
    """
    if poll.state is PollState.OPEN:
        stop_locked(session, poll, actor=actor, now=now)
    if poll.by_paper and not _count_issued(session, poll):
        # Nobody took a paper: the box stays where it is.
        poll.by_paper = False
        session.flush()
    return poll.by_paper and any(
        signed is None
        for signed in session.scalars(select(Station.signed_at).where(Station.poll_id == poll.id))
    )


def count_here(
    session: Session, poll: Poll, *, actor: Actor, settings: Settings, now: datetime
) -> ResultSheet:
    """Seal the count, open the box, count and let the result stand: in one step, while everybody waits.

    Raises BelowLeast (too few ballots to be opened), StepBlocked (papers are not counted), KeysMissing.
    """
    if poll.sealed_at is None:
        _seal(session, poll, actor=actor, now=now)
    if boards.phase_of(session, poll.id) is Phase.CLOSED:
        open_box_locked(session, poll, actor=actor, settings=settings, now=now)
    sheet = count_locked(session, poll, actor=actor, now=now)
    poll.state, poll.certified_at = move(poll.state, PollState.CERTIFIED), now
    session.flush()
    return sheet


def _seal(session: Session, poll: Poll, *, actor: Actor, now: datetime) -> None:
    if may_count_paper_alone(session, poll) and _count_issued(session, poll) >= poll.least:
        seal_paper_alone(session, poll, reason=ALL_ON_PAPER, actor=actor, now=now)
    else:
        seal_locked(session, poll, actor=actor, now=now)


def _count_issued(session: Session, poll: Poll) -> int:
    issued = select(func.count()).select_from(PaperIssue).where(PaperIssue.poll_id == poll.id)
    return session.scalar(issued) or 0


def _row(poll: Poll, voter: Voter, position: int) -> dict[str, object]:
    return {
        "community_id": poll.community_id,
        "poll_id": poll.id,
        "person_id": voter.person_id,
        "position": position,
        "ground": voter.ground,
        "name": voter.name,
    }
