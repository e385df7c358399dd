"""The way of a corrective action (整改): open, planned, reported done, rechecked by residents, closed (销号).

    move(ActionState.REPORTED, ActionState.CLOSED)
    judge_rechecks({Recheck.NOT_MENDED: 3, Recheck.MENDED: 2})      # Outcome.NOT_MENDED: it is open again

Source of the way: DOMAIN.md D10; of hiding small counts: D8.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum

from civicforum.accounts.rules import Actor
from civicforum.appraisals.rules import ActionState, Recheck
from civicforum.bodies.rules import Role
from civicforum.errors import TransitionNotAllowed

LONGEST_TITLE, LONGEST_TEXT, LONGEST_COMMENT = 200, 2000, 500
# A day for mending that lies further off is no promise.
MOST_MONTHS = 12

_S = ActionState
NEXT_STATES: dict[ActionState, set[ActionState]] = {
    _S.OPEN: {_S.PLANNED},
    # Planned again: another measure, or another day; what was promised before stays in the record.
    _S.PLANNED: {_S.PLANNED, _S.REPORTED},
    # Open again where residents find it not mended.
    _S.REPORTED: {_S.OPEN, _S.CLOSED},
}
WORKED_ON = (_S.OPEN, _S.PLANNED)


class Outcome(StrEnum):
    """What the residents' rechecks of one round say."""

    NOBODY = "nobody"
    MENDED = "mended"
    NOT_MENDED = "not_mended"


class Show(StrEnum):
    """Which actions a list shows."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"


def move(state: ActionState, to: ActionState) -> ActionState:
    """Return `to`, or raise TransitionNotAllowed when an action has no such step."""
    if to not in NEXT_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


def judge_rechecks(counts: Mapping[Recheck, int]) -> Outcome:
    """Return what a round says: not mended only where more say so than say mended; partly is neither."""
    if not sum(counts.values()):
        return Outcome.NOBODY
    not_mended, mended = counts.get(Recheck.NOT_MENDED, 0), counts.get(Recheck.MENDED, 0)
    return Outcome.NOT_MENDED if not_mended > mended else Outcome.MENDED


def is_late(state: ActionState, due_on: date, today: date) -> bool:
    """Tell whether the owner is late: with the plan, or with the report that it is done."""
    return state in WORKED_ON and due_on < today


def takes_rechecks(state: ActionState, until: datetime | None, now: datetime) -> bool:
    """Tell whether residents can say now whether it is mended."""
    return state is _S.REPORTED and until is not None and now <= until


def is_owner(
    person_id: uuid.UUID,
    *,
    owner_id: uuid.UUID,
    owner_person_id: uuid.UUID | None,
    held: Collection[uuid.UUID],
) -> bool:
    """Tell whether somebody answers for the action: is named in it, or holds a post in its body today."""
    return person_id == owner_person_id or owner_id in held


def may_close(actor: Actor, *, owns: bool, is_graded: bool) -> bool:
    """Tell whether the actor may close it: the supervision committee, and nobody whose work it is."""
    return actor.holds(Role.SUPERVISOR) and not owns and not is_graded
