"""What the standing of a credential on the board says to whoever holds it."""

from __future__ import annotations

from civicforum.polls.rules import MOST_BALLOTS, PollFault
from civicforum.sealed import Standing, Why

FAULT_OF_VOID = {
    Why.PAPER: PollFault.PAPER_ISSUED,
    Why.REISSUED: PollFault.REISSUED,
    Why.STRUCK_OFF: PollFault.STRUCK_OFF,
}


def fault_of_standing(standing: Standing, *, revote: bool) -> PollFault | None:
    """Return why a credential that stands like this casts no ballot now, or None."""
    if standing.void is not None:
        return FAULT_OF_VOID[standing.void]
    if standing.sequence >= 0 and not revote:
        return PollFault.NO_REVOTE
    return PollFault.TOO_MANY if standing.sequence + 1 >= MOST_BALLOTS else None
