"""Whose turn it is to speak, by rules of procedure (DOMAIN.md C9), on plain values."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from civicforum.meetings.floor import FloorFault, FloorRefused, FloorRules, Stance
from civicforum.meetings.rules import Seat

SIDES = frozenset({Stance.FOR, Stance.AGAINST})


@dataclass(frozen=True)
class Request:
    """Somebody asks to speak. By `number`, the person's, two who asked at the same instant are told."""

    id: uuid.UUID
    speaker_id: uuid.UUID
    stance: Stance
    asked_at: datetime
    number: str = ""


@dataclass(frozen=True)
class Turn:
    """A turn that was taken, or is being taken, on the motion at hand."""

    speaker_id: uuid.UUID
    stance: Stance


def queue(waiting: Sequence[Request], turns: Sequence[Turn], rules: FloorRules) -> list[Request]:
    """Return the requests in the order in which they get the floor, if nobody else asks.

    Who has not spoken on this motion goes first; then whoever is not of the side that spoke last; then who
    asked first. Of two who asked at the same instant the lower number goes first, which decides nothing but
    a place in the line. `turns`: those already taken on this motion, in their order.
    """
    left, taken, ordered = list(waiting), list(turns), []
    while left:
        following = min(left, key=lambda one: _rank(one, taken, rules))
        left.remove(following)
        ordered.append(following)
        taken.append(Turn(following.speaker_id, following.stance))
    return ordered


def _rank(one: Request, taken: Sequence[Turn], rules: FloorRules) -> tuple[bool, bool, datetime, str, str]:
    has_spoken = any(turn.speaker_id == one.speaker_id for turn in taken)
    return (
        rules.first_speakers_first and has_spoken,
        rules.sides_alternate and one.stance in SIDES and one.stance is _last_side(taken),
        one.asked_at,
        one.number,
        str(one.id),
    )


def _last_side(taken: Sequence[Turn]) -> Stance | None:
    return next((turn.stance for turn in reversed(taken) if turn.stance in SIDES), None)


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What is known of somebody who asks to speak on the motion at hand."""

    stance: Stance
    seat: Seat
    is_presiding: bool
    is_waiting: bool
    turns: int
    has_text: bool
    is_debate_over: bool = False


def check_ask(asking: Asking, rules: FloorRules) -> None:
    """Refuse a request that the rules of procedure do not allow. Raises FloorRefused."""
    if rules.motion_first and not asking.has_text:
        raise FloorRefused(FloorFault.NO_MOTION)
    if asking.is_debate_over:
        raise FloorRefused(FloorFault.DEBATE_ENDED)
    if asking.seat is Seat.OBSERVER and not rules.observers_speak:
        raise FloorRefused(FloorFault.OBSERVERS_SILENT)
    # A neutral chair leaves the chair to take a side; a question of the chair's is no side.
    if asking.is_presiding and asking.stance in SIDES:
        raise FloorRefused(FloorFault.PRESIDING)
    if asking.is_waiting:
        raise FloorRefused(FloorFault.ASKED_ALREADY)
    if asking.turns >= rules.speeches_each:
        raise FloorRefused(FloorFault.TOO_OFTEN, most=rules.speeches_each)


def check_give(ordered: Sequence[uuid.UUID], given: uuid.UUID, *, reason: str) -> None:
    """Refuse giving the floor out of turn without a reason. `ordered`: requests. Raises FloorRefused."""
    if ordered and ordered[0] != given and not reason.strip():
        raise FloorRefused(FloorFault.OUT_OF_TURN)


def seconds_left(*, allowed: int, started_at: datetime, now: datetime) -> int:
    """Return the seconds that are left of a turn; negative once its time is over: nobody is cut off."""
    return allowed - int((now - started_at).total_seconds())
