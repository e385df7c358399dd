"""What a meeting does with its sealed votes: put one to those present, and count it in the same sitting.

They take the session and a locked meeting. The meeting writes that the vote was opened and what it came to;
every line of the ballot box is in the journal as at any other sealed poll.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.config import Settings
from civicforum.polls.models import Poll, Question, ResultSheet
from civicforum.polls.questions import QuestionKind
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.services.halls import KEEP_DAYS, Voter, count_here, open_here
from civicforum.rulebook import Rulebook


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
    open_here(session, poll, voters, place=vote.place, settings=settings, now=now)
    return poll


def count_sealed(
    session: Session, poll: Poll, *, actor: Actor, settings: Settings, now: datetime
) -> ResultSheet:
    """Count a motion in the same sitting, and let the result stand. Raises as `halls.count_here`."""
    sheet = count_here(session, poll, actor=actor, settings=settings, now=now)
    sheet.counts = sheet.counts | _as_named(sheet)
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
        created_at=now,
        created_by_id=actor.person_id,
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
