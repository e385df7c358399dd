"""The clocks of polls that stand alone: they open and stop at their hour, and nobody presses a button."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from civicforum.config import Settings
from civicforum.database import transaction
from civicforum.polls.errors import StepBlocked
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState
from civicforum.polls.services.states import open_locked, stop_locked
from civicforum.polls.services.steps import lock_if_free
from civicforum.sweeps import Tally, iterate_due

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SweepResult(Tally):
    """What a sweep did. `blocked` polls wait for somebody, `failed` ones, which are logged, for the next."""

    opened: int = 0
    stopped: int = 0
    blocked: int = 0
    failed: int = 0


def sweep(*, now: datetime, settings: Settings) -> SweepResult:
    """Open the polls of all communities that are due and unblocked, and stop those whose hour has come.

    Each poll has its own transaction, and one on which somebody else works is left for the next sweep, so
    several workers may sweep at once.
    """
    result = SweepResult()
    for poll_id in iterate_due(_select_due(now)):
        try:
            with transaction() as session:
                swept = _sweep_poll(session, poll_id=poll_id, settings=settings, now=now)
        except StepBlocked:
            swept = SweepResult(blocked=1)
        except Exception:
            # One poll that cannot be swept must not stop the clocks of all others.
            logger.exception("the clock of poll %s could not be swept", poll_id)
            swept = SweepResult(failed=1)
        result += swept
    return result


def _select_due(now: datetime) -> Select[uuid.UUID]:
    is_due: ColumnElement[bool] = or_(
        and_(Poll.state == PollState.READY, Poll.opens_at <= now),
        and_(Poll.state == PollState.OPEN, Poll.closes_at <= now),
    )
    return select(Poll.id).where(Poll.stands_alone, is_due)


def _sweep_poll(session: Session, *, poll_id: uuid.UUID, settings: Settings, now: datetime) -> SweepResult:
    """Do what is due at one poll, unless somebody else holds its lock or was quicker."""
    poll = lock_if_free(session, poll_id)
    if poll is None:
        return SweepResult()
    if poll.state is PollState.READY and poll.opens_at is not None and poll.opens_at <= now:
        open_locked(session, poll, actor=None, settings=settings, now=now)
        return SweepResult(opened=1)
    if poll.state is PollState.OPEN and poll.closes_at is not None and poll.closes_at <= now:
        stop_locked(session, poll, actor=None, now=now)
        return SweepResult(stopped=1)
    return SweepResult()
