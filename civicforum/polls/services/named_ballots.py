"""Named votes that stand alone: several questions, and perhaps a change of mind."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import NotFound
from civicforum.polls.errors import BallotRefused
from civicforum.polls.models import OpenBallot, Poll, RollEntry
from civicforum.polls.questions import answer_as_json
from civicforum.polls.rules import PollFault, PollState, Preset, VoteChannel
from civicforum.polls.services.steps import record_poll
from civicforum.sealed import Answer


def cast_named_ballot(*, poll_id: uuid.UUID, answers: Sequence[Answer], actor: Actor, now: datetime) -> None:
    """Vote under one's own name on one's own device; the same answers sent again change nothing.

    The answers were read by polls.answers. Raises NotFound, BallotRefused.
    """
    with transaction() as session:
        poll = _open_poll(session, poll_id=poll_id, actor=actor, now=now)
        entry = _lock_own_entry(session, poll, actor)
        written = [answer_as_json(answer) for answer in answers]
        if entry.ballot is None:
            entry.ballot = OpenBallot(
                community_id=poll.community_id, poll_id=poll.id, channel=VoteChannel.SCREEN
            )
        elif entry.ballot.answers == written:
            return
        elif not poll.revote:
            raise BallotRefused(PollFault.NO_REVOTE)
        entry.ballot.answers, entry.ballot.cast_at = written, now
        record_poll(
            session,
            poll,
            actor=actor,
            action="cast",
            payload={"channel": VoteChannel.SCREEN.value, "ballots": 1},
            now=now,
            # The page shows names after the close; the register must not show them before.
            is_public=False,
        )


def _open_poll(session: Session, *, poll_id: uuid.UUID, actor: Actor, now: datetime) -> Poll:
    # A shared lock: people vote side by side, and closing waits for those who are in the middle of it.
    poll = session.get(Poll, poll_id, with_for_update={"read": True}, populate_existing=True)
    if poll is None or poll.community_id != actor.community_id:
        raise NotFound(poll_id)
    if poll.preset is not Preset.OPEN or not poll.stands_alone:
        raise NotFound(poll_id)
    if poll.state is not PollState.OPEN or (poll.closes_at and now >= poll.closes_at):
        raise BallotRefused(PollFault.NOT_OPEN)
    return poll


def _lock_own_entry(session: Session, poll: Poll, actor: Actor) -> RollEntry:
    # Locked: of two taps at once the second waits here and then finds the first one's ballot.
    entry = session.scalars(
        select(RollEntry)
        .where(RollEntry.poll_id == poll.id, RollEntry.person_id == actor.person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    # At the help desk somebody else presses the button.
    if entry is None or actor.assisted_by is not None:
        raise BallotRefused(PollFault.NOT_ON_ROLL)
    if entry.struck_off_at is not None:
        raise BallotRefused(PollFault.STRUCK_OFF)
    return entry
