"""Ballots of many voters reach the board together: who comes while others wait takes theirs along.

A board grows by one line after another, so its row is locked for each. A process that has several ballots in
hand appends all of them under one lock and one commit; each is acknowledged after that commit. Alone, a
ballot is a batch of one.
"""

from __future__ import annotations

import threading
import uuid
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ARRAY, LargeBinary, any_, bindparam, select
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.database import transaction
from civicforum.polls.errors import BallotRefused
from civicforum.polls.models import TestedBallot
from civicforum.polls.rules import PollFault
from civicforum.polls.services import boards
from civicforum.polls.services.boards import Appended, End, Taken
from civicforum.polls.standings import fault_of_standing
from civicforum.sealed import Check, Refused

MOST_TOGETHER = 50


@dataclass(frozen=True)
class Way:
    """A poll, as far as its board is concerned, and the credential that an actor votes with."""

    id: uuid.UUID
    community_id: uuid.UUID
    public: bytes


@dataclass
class Waiting:
    """A ballot whose proofs were checked, and what becomes of it."""

    way: Way
    ballot: bytes
    tracker: bytes
    outcome: Appended | Exception | None = None


@dataclass
class _Queue:
    """The ballots of one poll in this process; who holds `turn` appends for all of them."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    waiting: deque[Waiting] = field(default_factory=deque)

    def take(self) -> list[Waiting]:
        """Return who waits, the first to come first."""
        return [self.waiting.popleft() for _ in range(min(MOST_TOGETHER, len(self.waiting)))]


_queues: dict[uuid.UUID, _Queue] = {}


def append_ballot(waiting: Waiting) -> Appended:
    """Put a checked ballot on the board, and return once it is committed. Outside of any transaction.

    Raises BallotRefused.
    """
    queue = _queues.setdefault(waiting.way.id, _Queue())
    queue.waiting.append(waiting)
    with queue.turn:
        # The own one stands in the queue until somebody has taken it along: here, or before this turn came.
        while waiting.outcome is None:
            _append_together(queue, waiting.way.id)
    if isinstance(waiting.outcome, Exception):
        raise waiting.outcome
    return waiting.outcome


def _append_together(queue: _Queue, poll_id: uuid.UUID) -> None:
    batch: list[Waiting] = []
    try:
        with transaction() as session:
            end = boards.lock_end(session, poll_id)
            # Taken only now: more came while other processes had the lock.
            batch = queue.take()
            outcomes = _outcomes(session, batch, end)
    except Exception as failed:
        batch = batch or queue.take()
        outcomes = [failed] * len(batch)
    for waiting, outcome in zip(batch, outcomes, strict=True):
        waiting.outcome = outcome


def _outcomes(session: Session, batch: Sequence[Waiting], end: End) -> list[Appended | Exception]:
    """Write what the board accepts; return where each stands or why it does not."""
    way = batch[0].way
    try:
        board = boards.resume_at(session, way.id, end, [waiting.way.public for waiting in batch])
    except ValueError:
        return [BallotRefused(PollFault.NOT_OPEN) for _ in batch]
    # Under the lock, as a test is kept under it: no ballot is both cast and tested.
    trackers = {"poll_id": way.id, "trackers": [waiting.tracker for waiting in batch]}
    tested = set(session.connection().scalars(_TESTED, trackers))
    outcomes = [_take(board, waiting, is_tested=waiting.tracker in tested) for waiting in batch]
    taken = [outcome for outcome in outcomes if isinstance(outcome, Taken)]
    if taken:
        known = {
            waiting.way.public
            for waiting, outcome in zip(batch, outcomes, strict=True)
            if isinstance(outcome, Taken)
        }
        boards.keep(session, board, poll=way, taken=taken, known=known)
    return [outcome.at if isinstance(outcome, Taken) else outcome for outcome in outcomes]


_TESTED = select(TestedBallot.tracker).where(
    TestedBallot.poll_id == bindparam("poll_id"),
    TestedBallot.tracker == any_(bindparam("trackers", type_=ARRAY(LargeBinary))),
)


def _take(board: sealed.Board, waiting: Waiting, *, is_tested: bool) -> Taken | BallotRefused:
    if is_tested:
        return BallotRefused(PollFault.TESTED)
    standing = board.electorate.standings[waiting.way.public]
    # Whether voting again is provided for, the board says; the limit and the words for a void are ours.
    if fault := fault_of_standing(standing, revote=True):
        return BallotRefused(fault)
    line = sealed.ballot_line(waiting.ballot)
    try:
        head = board.take(line, proofs=False)
    except Refused as refusal:
        if refusal.check is Check.LINE_ORDER:
            return BallotRefused(PollFault.NOT_OPEN)
        is_second = not board.manifest.revote and standing.sequence >= 0
        return BallotRefused(PollFault.NO_REVOTE if is_second else PollFault.OUT_OF_STEP)
    return Taken(line, Appended(board.lines, head), boards.BALLOT, waiting.tracker)
