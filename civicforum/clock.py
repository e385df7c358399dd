"""The hour of a vote by two clocks: this machine's and the database's.

One of several machines may have a wrong clock, or one that jumps. A vote is open only while it is by both
clocks, and what the clock ends for good is ended only when the hour has come by both.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

# Asked again after this long: a clock is not known to run evenly for ever.
ASK_AGAIN_SECONDS = 10.0
ASK = text("SELECT clock_timestamp()")


@dataclass(frozen=True)
class _Known:
    """What the database's clock said at an instant of time.monotonic(), which never jumps."""

    said: datetime
    at: float


# Of this process's database; two threads that ask at once both get a right answer.
_known: dict[str, _Known] = {}


def latest_now(session: Session) -> datetime:
    """Return the later of both clocks, aware UTC: for whether something is still open."""
    return max(datetime.now(UTC), database_now(session))


def earliest_now(session: Session) -> datetime:
    """Return the earlier of both clocks, aware UTC: for what the clock ends and nobody can undo."""
    return min(datetime.now(UTC), database_now(session))


def database_now(session: Session) -> datetime:
    """Return what the database's clock says, asked every ten seconds and reckoned in between."""
    key, now = str(session.get_bind().engine.url), time.monotonic()
    known = _known.get(key)
    if known is None or now - known.at > ASK_AGAIN_SECONDS:
        said = session.scalars(ASK).one()
        now = time.monotonic()
        known = _known[key] = _Known(said, now)
    return (known.said + timedelta(seconds=now - known.at)).astimezone(UTC)
