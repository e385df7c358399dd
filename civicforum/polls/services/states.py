"""Opening, stopping, extending and voiding a poll that stands alone."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.config import Settings
from civicforum.database import transaction
from civicforum.errors import Invalid, TransitionNotAllowed
from civicforum.polls.blockers import Blocker, BlockerKind, Who
from civicforum.polls.errors import OpeningBlocked, StepBlocked
from civicforum.polls.models import Board, Poll
from civicforum.polls.queries.blockers import count_on_roll, list_blockers
from civicforum.polls.queries.destruction import destruction_due
from civicforum.polls.queries.grading import count_returned, list_small_ways
from civicforum.polls.rules import PollState, move
from civicforum.polls.services import boards
from civicforum.polls.services.notes import append_note
from civicforum.polls.services.steps import lock_alone, record_poll
from civicforum.rulebook import SHANGHAI
from civicforum.sealed import Phase, stop_line

BEFORE_OPENING = frozenset({PollState.DRAFT, PollState.ROLL_POSTED, PollState.READY})


def open_poll(*, poll_id: uuid.UUID, actor: Actor, settings: Settings, now: datetime) -> None:
    """Let those on the roll vote from `now` on: where the clock could not, because something was in the way.

    Raises NotFound, NotEligible, OpeningBlocked, TransitionNotAllowed.
    """
    with transaction() as session:
        poll = lock_alone(session, poll_id=poll_id, actor=actor)
        open_locked(session, poll, actor=actor, settings=settings, now=now)


def stop_poll(*, poll_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """End the voting after its hour, where the clock has not. No ballot comes after the line `stop`.

    Raises NotFound, NotEligible, StepBlocked (before its hour), TransitionNotAllowed.
    """
    with transaction() as session:
        stop_locked(session, lock_alone(session, poll_id=poll_id, actor=actor), actor=actor, now=now)


def extend_poll(*, poll_id: uuid.UUID, closes_at: datetime, reason: str, actor: Actor, now: datetime) -> None:
    """Let the voting of an open poll last longer. The board keeps what was announced, and a note.

    Raises NotFound, NotEligible, TransitionNotAllowed (not open, or its hour has come), Invalid ("reason",
    "not_later", "past_destruction").
    """
    with transaction() as session:
        poll = lock_alone(session, poll_id=poll_id, actor=actor)
        before = poll.closes_at
        # Who grades in few by one way, keeps the poll from ending until more have come.
        is_over = before is None or (now >= before and not poll.is_appraisal)
        if poll.state is not PollState.OPEN or before is None or is_over:
            raise TransitionNotAllowed(poll.state, "extend")
        if not reason.strip():
            raise Invalid("reason", "reason")
        if closes_at <= max(before, now):
            raise Invalid("not_later", "closes_at")
        destroyed_at = destruction_due(session, poll)
        if destroyed_at is not None and closes_at >= destroyed_at:
            raise Invalid("past_destruction", "closes_at")
        poll.closes_at = closes_at
        append_note(
            session,
            poll,
            f"投票截止时间由{_day_and_hour(before)}延至{_day_and_hour(closes_at)}。理由：{reason}",
        )
        record_poll(
            session,
            poll,
            actor=actor,
            action="extend",
            payload={"from": before.isoformat(), "to": closes_at.isoformat()},
            reason=reason,
            now=now,
        )


def void_poll(*, poll_id: uuid.UUID, ground: str, actor: Actor, now: datetime) -> None:
    """Declare that the poll does not count. What exists stays visible, and no ballot comes any more.

    A certified result falls too, where it comes out afterwards that the vote was not lawful.

    Raises NotFound, NotEligible, TransitionNotAllowed (void before), Invalid ("ground").
    """
    with transaction() as session:
        poll = lock_alone(session, poll_id=poll_id, actor=actor)
        void_locked(session, poll, ground=ground, actor=actor, now=now)


def void_locked(session: Session, poll: Poll, *, ground: str, actor: Actor, now: datetime) -> None:
    """Declare that a poll that is locked does not count. Raises TransitionNotAllowed, Invalid ("ground")."""
    before = poll.state
    make_void(session, poll, ground=ground)
    payload = {"from": before.value}
    record_poll(session, poll, actor=actor, action="void", payload=payload, reason=ground, now=now)


def make_void(session: Session, poll: Poll, *, ground: str) -> None:
    """Let a poll that is locked not count; whoever asks writes the journal. Raises as `void_locked`."""
    state = move(poll.state, PollState.VOID)
    if not ground.strip():
        raise Invalid("ground", "ground")
    poll.state, poll.void_ground = state, ground
    if boards.phase_of(session, poll.id) is Phase.CASTING:
        boards.append(session, poll=poll, line=stop_line())
    append_note(session, poll, f"本次表决宣布无效。理由：{ground}")


def open_locked(
    session: Session, poll: Poll, *, actor: Actor | None, settings: Settings, now: datetime
) -> None:
    """Open a poll that is locked; `actor` None is its clock. Raises OpeningBlocked, TransitionNotAllowed."""
    if poll.state in BEFORE_OPENING:
        _refuse_while_blocked(session, poll, settings=settings, now=now)
    poll.state = move(poll.state, PollState.OPEN)
    poll.opened_at = now
    payload = {"on_roll": count_on_roll(session, poll.id), **_head(session, poll)}
    record_poll(session, poll, actor=actor, action="open", payload=payload, now=now)


def _refuse_while_blocked(session: Session, poll: Poll, *, settings: Settings, now: datetime) -> None:
    found = list_blockers(session, poll, settings=settings, now=now)
    if poll.opens_at is not None and now < poll.opens_at:
        at = {"at": poll.opens_at}
        found.append(Blocker(BlockerKind.TOO_EARLY, "polls.manage", Who.CLOCK, at))
    if found:
        raise OpeningBlocked(found)


def stop_locked(session: Session, poll: Poll, *, actor: Actor | None, now: datetime) -> None:
    """Stop a poll that is locked; `actor` None is its clock. Raises StepBlocked, TransitionNotAllowed."""
    state = move(poll.state, PollState.CLOSED)
    # The vote of a meeting ends when the chair ends it; its planned end is only the latest.
    if poll.stands_alone and poll.closes_at is not None and now < poll.closes_at:
        at = {"at": poll.closes_at}
        raise StepBlocked([Blocker(BlockerKind.STILL_OPEN, "polls.extend", Who.CLOCK, at)])
    poll.state, poll.closed_at = state, now
    if poll.has_board:
        boards.append(session, poll=poll, line=stop_line())
    if poll.is_appraisal:
        # After the line `stop`, whose lock lets no ballot in between the sum and the stop.
        _settle_ways(session, poll)
    record_poll(session, poll, actor=actor, action="stop", payload=_head(session, poll), now=now)


def _settle_ways(session: Session, poll: Poll) -> None:
    """Refuse to stop while few would be told apart; a box that nobody put a paper in is not counted."""
    small = list_small_ways(session, poll)
    if small:
        raise StepBlocked(small)
    if not count_returned(session, poll).paper:
        poll.by_paper = False


def _head(session: Session, poll: Poll) -> dict[str, Any]:
    """Return the head of the board, for the journal: kept outside, it shows whether a line was changed."""
    row = session.execute(select(Board.lines, Board.head).where(Board.poll_id == poll.id)).one_or_none()
    return {"lines": row.lines, "head": row.head.hex()} if row else {}


def _day_and_hour(at: datetime) -> str:
    return at.astimezone(UTC).astimezone(SHANGHAI).strftime("%Y年%m月%d日%H时%M分")
