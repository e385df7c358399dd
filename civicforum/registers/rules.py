"""Who keeps the registers, and what they ask for."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from civicforum.bodies.rules import Role
from civicforum.errors import Invalid

LONGEST_DECISION = 5000
LONGEST_REMARK = 2000
REMARKS = (Role.COMMITTEE,)
CONFIRMS = (Role.PARTY,)


class RemarkState(StrEnum):
    """What the residents' committee said of an owners' decision; it has no power to change it."""

    WAITING = "waiting"
    NONE = "none"
    REMARKED = "remarked"


def remark_state(*, is_seen: bool, remark: str) -> RemarkState:
    """Return what became of a notification."""
    if not is_seen:
        return RemarkState.WAITING
    return RemarkState.REMARKED if remark else RemarkState.NONE


def check_decided(decided_on: date, today: date) -> None:
    """Raise Invalid for a decision of tomorrow."""
    if decided_on > today:
        raise Invalid("future", "decided_on")
