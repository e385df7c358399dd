"""What a meeting does with its sealed votes: put one to those present, and count it in the same sitting.

They take the session and a locked meeting. The meeting writes that the vote was opened and what it came to;
every line of the ballot box is in the journal as at any other sealed poll.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.config import Settings
from civicforum.polls.models import PaperIssue, Poll, Question, ResultSheet, RollEntry, Station
from civicforum.polls.questions import QuestionKind
from civicforum.polls.rules import PollState, Preset, StationKind, move
from civicforum.polls.services import boards
from civicforum.polls.services.counting import count_locked
from civicforum.polls.services.founding import found_platform_poll
from civicforum.polls.services.sealing import open_box_locked, seal_locked
from civicforum.polls.services.states import stop_locked
from civicforum.rulebook import Rulebook
from civicforum.sealed import Phase

# The box states beforehand when it closes at the latest: no sitting lasts longer.
LONGEST = timedelta(days=1)
KEEP_DAYS = 30
STATION = "会场票箱"


@dataclass(frozen=True)
class Voter:
    """A member who is present, as the roll names them."""

    person_id: uuid.UUID
    name: str
    ground: str


@dataclass(frozen=True, kw_only=True)
class SealedVote:
    """What is put to a sealed vote. `members`: how many belong to the meeting; `place`: of the paper box."""

    title: str
    question: str
    subject_kind: str
    subject_id: uuid.UUID
    quorum_rule: str
    majority_rule: str
    members: int
    by_paper: bool
    place: str


def open_sealed(
    session: Session,
    *,
    vote: SealedVote,
    voters: Sequence[Voter],
    book: Rulebook,
    actor: Actor,
    settings: Settings,
    now: datetime,
) -> Poll:
    """Open a secret vote of those present; the platform keeps the key, so that the box opens at once.

    Fewer ballots than would carry the motion are never opened where that is fewer than the rulebook's
    smallest group: they cannot carry it, and could tell who wrote what.
    """
    poll = _poll(vote, len(voters), book, actor=actor, now=now)
    session.add(poll)
    session.flush()
    session.add_all(
        RollEntry(
            community_id=poll.community_id,
            poll_id=poll.id,
            person_id=one.person_id,
            position=at,
            ground=one.ground,
            name=one.name,
        )
        for at, one in enumerate(voters, 1)
    )
    if vote.by_paper:
        session.add(
            Station(
                community_id=poll.community_id,
                poll_id=poll.id,
                name=STATION,
                kind=StationKind.HALL,
                place=vote.place[:120],
            )
        )
    session.flush()
    found_platform_poll(session, poll=poll, settings=settings, now=now)
    poll.state = move(move(poll.state, PollState.READY), PollState.OPEN)
    poll.opened_at = now
    session.flush()
    return poll


def end_voting(session: Session, poll: Poll, *, actor: Actor, now: datetime) -> bool:
    """Take no more ballots. Returns whether papers are to be counted before the box is opened."""
    if poll.state is PollState.OPEN:
        stop_locked(session, poll, actor=actor, now=now)
    issued = select(func.count()).select_from(PaperIssue).where(PaperIssue.poll_id == poll.id)
    if poll.by_paper and not session.scalar(issued):
        # Nobody took a paper: the box stays where it is.
        poll.by_paper = False
        session.flush()
    return poll.by_paper and any(
        signed is None
        for signed in session.scalars(select(Station.signed_at).where(Station.poll_id == poll.id))
    )


def count_sealed(
    session: Session, poll: Poll, *, actor: Actor, settings: Settings, now: datetime
) -> ResultSheet:
    """Seal the count, open the box, count and let the result stand: in one step, while everybody waits.

    Raises BelowLeast (too few ballots to be opened), StepBlocked (papers are not counted), KeysMissing.
    """
    if poll.sealed_at is None:
        seal_locked(session, poll, actor=actor, now=now)
    if boards.phase_of(session, poll.id) is Phase.CLOSED:
        open_box_locked(session, poll, actor=actor, settings=settings, now=now)
    sheet = count_locked(session, poll, actor=actor, now=now)
    sheet.counts = sheet.counts | _as_named(sheet)
    poll.state, poll.certified_at = move(poll.state, PollState.CERTIFIED), now
    session.flush()
    return sheet


def _as_named(sheet: ResultSheet) -> dict[str, int]:
    """Return the figures of a motion under the names that a vote by name has."""
    figures = sheet.questions[0]["lines"][0]["figures"]["together"]
    told = dict(zip(("for", "against", "abstain"), figures, strict=True))
    invalid = sheet.counts["paper_invalid"]
    return {
        **told,
        "invalid": invalid,
        "did_not_vote": sheet.counts["roll"] - sum(told.values()) - invalid,
    }


def _poll(vote: SealedVote, present: int, book: Rulebook, *, actor: Actor, now: datetime) -> Poll:
    majority = book.threshold(vote.majority_rule)
    poll = Poll(
        id=uuid.uuid4(),
        community_id=actor.community_id,
        title=vote.title,
        question=vote.question,
        subject_kind=vote.subject_kind,
        subject_id=vote.subject_id,
        preset=Preset.POLL,
        state=PollState.DRAFT,
        profile=book.name,
        profile_version=book.version,
        quorum_rule=vote.quorum_rule,
        majority_rule=vote.majority_rule,
        members=vote.members,
        by_paper=vote.by_paper,
        least=min(book.count("privacy.least").least or 1, majority.least(present)),
        keep_days=KEEP_DAYS,
        opens_at=now,
        closes_at=now + LONGEST,
        created_at=now,
        created_by_id=actor.person_id,
        roll_posted_at=now,
        roll_frozen_at=now,
    )
    poll.questions = [
        Question(
            community_id=actor.community_id,
            position=1,
            kind=QuestionKind.MOTION,
            title=vote.title,
            text=vote.question,
            majority_rule=vote.majority_rule,
        )
    ]
    return poll
