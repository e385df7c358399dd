"""A ballot that is refused: its HTTP status, and what the voter is told."""

from __future__ import annotations

from civicforum.polls.rules import PollFault
from civicforum.polls.texts import FAULT_STEPS, FAULTS

STATUS: dict[PollFault, int] = {
    PollFault.NOT_ON_ROLL: 403,
    PollFault.WRONG_CREDENTIAL: 403,
    PollFault.STRUCK_OFF: 403,
    PollFault.BAD_BALLOT: 422,
    PollFault.KEY_MISSING: 503,
}


def status_of(fault: PollFault) -> int:
    """Return the status: 409 where the ballot comes too late, too early or out of step."""
    return STATUS.get(fault, 409)


def words_of(fault: PollFault) -> str:
    """Return what is the matter, and what to do about it."""
    return f"{FAULTS[fault]} {FAULT_STEPS[fault]}"
