"""After a meeting: who signs its minutes until when, and what an item asks for next. On plain values."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible
from civicforum.meetings.rules import (
    RUNNERS,
    MeetingForm,
    MeetingState,
    Outcome,
    ParticipantClass,
    Seat,
    Signer,
)
from civicforum.rulebook import Rulebook

MINUTES_RULE = "council.minutes"
# What people agreed on has to lead somewhere: a task, a place on an agenda, or a reason why not.
NEEDS_FOLLOW_UP = frozenset({Outcome.AGREED, Outcome.AGREED_WITH_DISSENT})
# What an assembly did not come to, though it was on its agenda: it waits for the next one.
NOT_SETTLED = frozenset({Outcome.CONTINUED, Outcome.NO_QUORUM})


def minutes_due_at(book: Rulebook, closed_at: datetime) -> datetime:
    """Return the last instant at which the minutes of a meeting are signed in time."""
    return book.clock(MINUTES_RULE).deadline(closed_at)


def signs_as(actor: Actor, *, chair_id: uuid.UUID | None, clerk_id: uuid.UUID | None) -> frozenset[Signer]:
    """Return as what somebody signs: the chair, the clerk, or whoever stands in where none is named.

    The committee stands in for a chair, and a clerk of the station for the clerk.
    """
    if actor.assisted_by is not None:
        return frozenset()
    found = set()
    if actor.person_id == chair_id or (chair_id is None and actor.has(Role.COMMITTEE)):
        found.add(Signer.CHAIR)
    if actor.person_id == clerk_id or (clerk_id is None and actor.has(*RUNNERS)):
        found.add(Signer.CLERK)
    # Two people answer for the minutes.
    return frozenset(found - {Signer.CLERK} if Signer.CHAIR in found else found)


def may_correct(
    actor: Actor, state: MeetingState, *, chair_id: uuid.UUID | None, clerk_id: uuid.UUID | None
) -> bool:
    """Tell whether somebody writes the minutes: who runs it while it runs, then who signs, and clerks."""
    if actor.assisted_by is not None:
        return False
    if state is MeetingState.OPEN:
        return actor.has(*RUNNERS) or actor.person_id in (chair_id, clerk_id)
    signs = signs_as(actor, chair_id=chair_id, clerk_id=clerk_id)
    return state is MeetingState.CLOSED and (bool(signs) or actor.has(Role.CLERK))


def may_enter_paper(actor: Actor, *, clerk_id: uuid.UUID | None) -> bool:
    """Tell whether somebody enters a signature made on paper: the clerk of the meeting, or of the station."""
    return actor.assisted_by is None and (actor.person_id == clerk_id or actor.has(Role.CLERK))


def check_run_after(actor: Actor, *, chair_id: uuid.UUID | None, clerk_id: uuid.UUID | None) -> None:
    """Refuse whoever neither ran the meeting nor answers for what follows it. Raises NotEligible."""
    if actor.assisted_by is not None or not (actor.has(*RUNNERS) or actor.person_id in (chair_id, clerk_id)):
        raise NotEligible(actor.person_id)


def is_named(form: MeetingForm, seat: Seat, kind: ParticipantClass) -> bool:
    """Tell whether the minutes, which are posted, give somebody's name.

    Who holds a post or speaks for a unit is named. A resident who came as a resident is not, for no law asks
    for it (个人信息保护法 arts 6 and 25).
    """
    if kind is not ParticipantClass.RESIDENT:
        return True
    return seat is Seat.MEMBER and form is not MeetingForm.RESIDENTS_ASSEMBLY


def check_follow_up(text: str, *, due_on: date | None, today: date, has_matter: bool) -> str:
    """Return the words of a follow-up.

    Raises Invalid: without words, due on a day that is over, or on an item whose matter has tasks of its own.
    """
    if has_matter:
        raise Invalid("has_matter")
    if not text.strip():
        raise Invalid("text", "text")
    if due_on is not None and due_on < today:
        raise Invalid("due_past", "due_on")
    return text.strip()


def is_left_open(outcome: Outcome | None, *, has_matter: bool, follow_ups: int, nothing_because: str) -> bool:
    """Tell whether an item was agreed on and nothing says what comes of it."""
    return outcome in NEEDS_FOLLOW_UP and not (has_matter or follow_ups or nothing_because)


@dataclass(frozen=True)
class Turn:
    """A moment at which a quorum was lost or regained, and how many members were there then."""

    at: datetime
    present: int
    is_reached: bool


def presence_turns(
    stays: Iterable[tuple[datetime, datetime | None]], *, least: int, opened_at: datetime, until: datetime
) -> list[Turn]:
    """Return when a quorum was lost or regained while a meeting ran.

    `stays`: from when until when each member was there, None: still. Source: arts 27 and 29, which ask for a
    number present and not for a number that came.
    """
    steps: dict[datetime, int] = {}
    present = 0
    for came, left in stays:
        if came <= opened_at and (left is None or left > opened_at):
            present += 1
        elif opened_at < came <= until:
            steps[came] = steps.get(came, 0) + 1
        if left is not None and opened_at < left <= until:
            steps[left] = steps.get(left, 0) - 1
    turns = []
    for at in sorted(steps):
        before, present = present, present + steps[at]
        if (before >= least) is not (present >= least):
            turns.append(Turn(at, present, is_reached=present >= least))
    return turns
