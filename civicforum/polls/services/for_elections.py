"""What an election does with its polls: made without a paper, given one later, a roll carried over.

They take the session and a locked election, and commit nothing; the election writes the journal.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Uuid, delete, func, insert, literal, select
from sqlalchemy.orm import Session

from civicforum.errors import TransitionNotAllowed
from civicforum.polls.models import Poll, Question, RollEntry
from civicforum.polls.questions import QuestionSpec, check_paper, check_spec, normal
from civicforum.polls.rules import ELECTION, PollState, move
from civicforum.polls.services import boards
from civicforum.polls.terms import LONGEST_TITLE, Subject, Terms
from civicforum.rulebook import Rulebook

# Until the first voter may vote; the box is made for the questions, so that with it the paper is final.
BEFORE_OPENING = frozenset({PollState.DRAFT, PollState.ROLL_POSTED, PollState.READY})


def make_poll(
    session: Session,
    *,
    community_id: uuid.UUID,
    election_id: uuid.UUID,
    subject: Subject,
    terms: Terms,
    book: Rulebook,
    created_by_id: uuid.UUID,
    now: datetime,
    kind: str = ELECTION,
) -> Poll:
    """Add a draft that an election puts to the vote, still without roll and paper.

    With another `kind` it is a recall or an appraisal that puts it, and `election_id` is that one's.
    """
    title = unicodedata.normalize("NFC", subject.title)[:LONGEST_TITLE]
    poll = Poll(
        id=uuid.uuid4(),
        community_id=community_id,
        subject_kind=kind,
        subject_id=election_id,
        state=PollState.DRAFT,
        profile=book.name,
        profile_version=book.version,
        created_at=now,
        created_by_id=created_by_id,
        **{**asdict(subject), "title": title},
        **asdict(terms),
    )
    session.add(poll)
    session.flush()
    return poll


def set_paper(session: Session, poll: Poll, specs: Sequence[QuestionSpec]) -> None:
    """Put these questions on the paper, in place of any before.

    Raises TransitionNotAllowed (opened, or the box is made), Invalid (a SpecFault).
    """
    if poll.state not in BEFORE_OPENING or boards.phase_of(session, poll.id) is not None:
        raise TransitionNotAllowed(poll.state, "set_paper")
    specs = [normal(spec) for spec in specs]
    for spec in specs:
        check_spec(spec)
    check_paper(specs)
    session.execute(delete(Question).where(Question.poll_id == poll.id))
    session.add_all(
        Question(community_id=poll.community_id, poll_id=poll.id, position=position, spec=spec)
        for position, spec in enumerate(specs, 1)
    )
    session.flush()
    session.expire(poll, ["questions"])


def clear_paper(session: Session, poll: Poll) -> None:
    """Take every question off the paper. Raises TransitionNotAllowed (opened, or the box is made)."""
    if poll.state not in BEFORE_OPENING or boards.phase_of(session, poll.id) is not None:
        raise TransitionNotAllowed(poll.state, "clear_paper")
    session.execute(delete(Question).where(Question.poll_id == poll.id))
    session.expire(poll, ["questions"])


def carry_roll(session: Session, poll: Poll, before: Poll) -> None:
    """Let a poll have the posted roll of another: the same entries in one statement, and no new twenty days.

    Who was struck off stays so, and objections were decided on when it was first posted.
    """
    carried = (
        RollEntry.person_id,
        RollEntry.position,
        RollEntry.ground,
        RollEntry.name,
        RollEntry.group_name,
        RollEntry.struck_off_at,
    )
    rows = select(
        _new_id(),
        literal(poll.community_id),
        literal(poll.id),
        *carried,
    ).where(RollEntry.poll_id == before.id)
    names = ["id", "community_id", "poll_id", *(column.key for column in carried)]
    session.execute(insert(RollEntry).from_select(names, rows, include_defaults=False))
    poll.draw, poll.roll_posted_at = before.draw, before.roll_posted_at
    poll.state = move(poll.state, PollState.ROLL_POSTED)
    session.flush()


def _new_id() -> ColumnElement[uuid.UUID]:
    """Return an id that PostgreSQL makes, another one for each row."""
    return func.gen_random_uuid(type_=Uuid())
