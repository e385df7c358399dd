"""What keeps a community from leaving: votes whose keys are on this server."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.polls import keyring
from civicforum.polls.errors import KeysMissing
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState

OVER = (PollState.CERTIFIED, PollState.VOID)


def polls_in_the_way(session: Session, *, community_id: uuid.UUID, instance: Path) -> Sequence[Poll]:
    """Return the votes that are not over and whose keys this server holds.

    Keys never travel: a file with them beside the links between voters and ballots would open every ballot.
    """
    waiting = session.scalars(
        select(Poll)
        .where(Poll.community_id == community_id, Poll.state.not_in(OVER))
        .order_by(Poll.title, Poll.id)
    ).all()
    return [poll for poll in waiting if _has_keys(instance, poll.id)]


def _has_keys(instance: Path, poll_id: uuid.UUID) -> bool:
    try:
        keyring.read_keys(instance, poll_id)
    except KeysMissing:
        return False
    return True
