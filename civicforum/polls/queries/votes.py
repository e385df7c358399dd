"""Reads of a named vote that stands alone, once it is over."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.queries.named import SHOWS_NAMES
from civicforum.polls.queries.polls import WITH_QUESTIONS, get_alone
from civicforum.polls.questions import answer_from_json
from civicforum.polls.rules import PollState, Preset
from civicforum.sealed import Answer


@dataclass(frozen=True)
class NamedVote:
    """A place on the roll with its answers, one for each question; None where none of it was counted."""

    entry: RollEntry
    answers: Sequence[Answer] | None


def shows_votes(poll: Poll) -> bool:
    """Tell whether everybody may see who voted how: in a named vote, and never before the stop."""
    was_stopped = poll.state is PollState.VOID and poll.closed_at is not None
    return poll.preset is Preset.OPEN and (poll.state in SHOWS_NAMES or was_stopped)


def get_named(session: Session, *, poll_id: uuid.UUID, community_id: uuid.UUID) -> Poll:
    """Return a named vote that is over, with its questions. Raises NotFound."""
    poll = get_alone(session, poll_id=poll_id, community_id=community_id, options=WITH_QUESTIONS)
    if not shows_votes(poll):
        raise NotFound(poll_id)
    return poll


def list_votes(session: Session, *, poll_id: uuid.UUID, number: int) -> Page[NamedVote]:
    """Return who voted how, in the order of the roll."""
    entries = (
        select(RollEntry)
        .options(joinedload(RollEntry.ballot))
        .where(RollEntry.poll_id == poll_id)
        .order_by(RollEntry.position)
    )
    return paginate(session, entries, number=number).map(_named)


def _named(entry: RollEntry) -> NamedVote:
    if entry.ballot is None or entry.struck_off_at is not None:
        return NamedVote(entry, None)
    return NamedVote(entry, [answer_from_json(written) for written in entry.ballot.answers])
